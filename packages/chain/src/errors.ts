// The errors of this room and their stable codes. It must not know which contract or verb raises them.
import { CallerError, TransientError } from "@openledger/protocol";
import {
	BaseError,
	BlockNotFoundError,
	ContractFunctionRevertedError,
	HttpRequestError,
	isHex,
	RpcRequestError,
	TimeoutError,
} from "viem";

/** A contract refused the call: `errorName` and `args` are the custom error's own, the message says what would be right. */
export class ContractError extends CallerError {
	readonly errorName: string;
	readonly args: readonly unknown[];

	constructor(message: string, options: { errorName: string; args: readonly unknown[]; cause?: unknown }) {
		super(message, {
			code: `contract/${options.errorName}`,
			cause: options.cause,
			details: { errorName: options.errorName, args: options.args.map(String) },
		});
		this.errorName = options.errorName;
		this.args = options.args;
	}
}

/** The endpoint serves another chain than the one asked for. */
export function wrongChain(url: string, expected: number, actual: number): CallerError {
	return new CallerError(
		`${url} serves chain ${actual}, but chain ${expected} was asked for; use the URL of chain ${expected} or configure chain id ${actual}`,
		{ code: "chain/wrong-chain", details: { expected, actual } },
	);
}

/** The effect exists on chain already, but with other values than asked for. */
export function differs(what: string, field: string, onChain: unknown, asked: unknown): CallerError {
	return new CallerError(
		`${what} is on chain already with ${field} ${String(onChain)}, not ${String(asked)}; ask for what is there, or name another`,
		{ code: "chain/differs", details: { what, field, onChain: String(onChain), asked: String(asked) } },
	);
}

/** No answer from the endpoint. */
export function unreachable(url: string, cause: unknown): TransientError {
	return new TransientError(`no answer from the chain at ${url}; start it, then try again`, {
		code: "chain/unreachable",
		cause,
	});
}

/** Whether nobody answered, rather than that the chain said no. */
export function isSilent(error: unknown): boolean {
	if (isUnreachable(error)) return true;
	const isOne = (e: unknown) => e instanceof HttpRequestError || e instanceof TimeoutError || isUnreachable(e);
	return error instanceof BaseError && error.walk(isOne) !== null;
}

const isUnreachable = (error: unknown) => error instanceof TransientError && SILENT.includes(error.code);
const SILENT: readonly string[] = ["chain/unreachable", "chain/restarting", "chain/ended"];

/**
 * Whether an error came of asking a chain rather than of what it says: nobody answered, or what stands before it refused, was busy or broke. A
 * contract's refusal is an answer.
 */
export function isChainTrouble(error: unknown): boolean {
	for (let one = error; one instanceof Error; one = one.cause) {
		if (one instanceof CallerError) return false;
		if (one instanceof TransientError) return one.code.startsWith("chain/");
		// Any internal error of a server is called a revert; a contract that refuses says so, or why.
		if (one instanceof ContractFunctionRevertedError)
			return one.data === undefined && (one.raw ?? "0x") === "0x" && !/revert/i.test(one.reason ?? "");
		if (one instanceof RpcRequestError) return !isHex(one.data);
		if (one instanceof HttpRequestError || one instanceof TimeoutError || one instanceof BlockNotFoundError)
			return true;
	}
	return false;
}

/** The sender cannot pay gas and value. */
export function tooFewCoins(account: string, balance: bigint, needed: bigint): CallerError {
	return new CallerError(
		`${account} has ${balance} wei of native coin, and this needs up to ${needed} for gas and value; fund it first`,
		{ code: "chain/insufficient-funds", details: { account, balance: String(balance), needed: String(needed) } },
	);
}

/** Broadcast, but not seen in a block within the time allowed: look the hash up later, never pay again. */
export function unconfirmed(hash: string, waitedMs: number): TransientError {
	return new TransientError(
		`transaction ${hash} was broadcast but is in no block after ${waitedMs} ms; look it up by its hash before sending anything again`,
		{ code: "chain/unconfirmed", details: { hash, waitedMs } },
	);
}

/** The chain fell silent when it was given a transaction, or asked for its receipt: it may have it, or get it when it is back. */
export function unheard(hash: string, cause: unknown): TransientError {
	return new TransientError(
		`the chain fell silent over transaction ${hash}, which may be mined or may yet be; look it up by its hash before sending anything again`,
		{ code: "chain/unconfirmed", details: { hash }, cause },
	);
}

/** A failed claim of this room's own: the journal and the chain tell different stories. */
export function diverged(message: string, details: Record<string, unknown>): CallerError {
	return new CallerError(
		`${message}; the chain folder belongs to another history: use the journal that was written beside it`,
		{
			code: "chain/diverged",
			details,
		},
	);
}
