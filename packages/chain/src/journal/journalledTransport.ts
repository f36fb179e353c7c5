// A viem transport that writes every signed transaction down before it is broadcast, and what became of it after.
// It must not know what the transactions do.
import { BaseError, type EIP1193RequestFn, type Hex, RpcRequestError, type Transport } from "viem";
import type { Mined, TxJournal } from "./openTxJournal.js";

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
/** Longest single pause while waiting for a local chain to mine. */
const LOCAL_MINING_MS = 512;

type RpcReceipt = {
	readonly blockNumber: Hex;
	readonly blockHash: Hex;
	readonly transactionIndex: Hex;
	readonly blockTimestamp?: Hex | number;
};

/** Wraps a transport with a journal. */
export function journalledTransport(inner: Transport, journal: TxJournal): Transport {
	return ((options) => {
		const transport = inner(options);
		const request = journalled(transport.request as Request, journal);
		return { ...transport, request: request as EIP1193RequestFn };
	}) as Transport;
}

function journalled(request: Request, journal: TxJournal): Request {
	let local: Promise<boolean> | undefined;
	return async (args) => {
		const [first] = (args.params ?? []) as readonly Hex[];
		if (args.method === "eth_sendRawTransaction" && first !== undefined) {
			// No answer is none for the next one that asks.
			local ??= isLocal(request).catch((error) => {
				local = undefined;
				throw error;
			});
			return await broadcast(request, journal, first, await local);
		}
		const result = await request(args);
		if (args.method === "eth_getTransactionReceipt" && first !== undefined) await note(request, journal, first, result);
		return result;
	};
}

async function broadcast(request: Request, journal: TxJournal, rawTx: Hex, local: boolean): Promise<Hex> {
	const hash = journal.append(rawTx);
	try {
		await request({ method: "eth_sendRawTransaction", params: [rawTx] });
	} catch (error) {
		if (!isAnswer(error)) throw error;
		// A retry after a lost answer is told "already known" or "nonce too low": ask what the chain has before believing it.
		if ((await request({ method: "eth_getTransactionByHash", params: [hash] })) === null) {
			journal.markRefused(hash, error instanceof BaseError ? error.details : String(error));
			throw error;
		}
	}
	// Marked before anybody learns that it was sent, so whatever depends on it stands after it in a replay. Only a local
	// chain is ever replayed; it mines at once, but not before it answers.
	for (let pause = 1; local && pause <= LOCAL_MINING_MS && journal.get(hash)?.mined === undefined; pause *= 2) {
		await note(request, journal, hash, await request({ method: "eth_getTransactionReceipt", params: [hash] }));
		if (journal.get(hash)?.mined === undefined) await new Promise((resolve) => setTimeout(resolve, pause));
	}
	return hash;
}

/** Whether this is anvil, whose state file may forget what the journal remembers. */
export async function isLocal(request: Request): Promise<boolean> {
	return String(await request({ method: "web3_clientVersion" })).startsWith("anvil/");
}

async function note(request: Request, journal: TxJournal, hash: Hex, receipt: unknown): Promise<void> {
	const entry = journal.get(hash);
	if (receipt === null || receipt === undefined || entry === undefined || entry.mined !== undefined) return;
	journal.markMined(hash, await minedFrom(request, receipt as RpcReceipt));
}

/** Reads where a transaction was mined from its receipt, asking for the block if the receipt has no timestamp. */
export async function minedFrom(request: Request, receipt: RpcReceipt): Promise<Mined> {
	let time = receipt.blockTimestamp;
	if (time === undefined) {
		const block = await request({ method: "eth_getBlockByHash", params: [receipt.blockHash, false] });
		time = (block as { timestamp: Hex }).timestamp;
	}
	return {
		blockNumber: Number(receipt.blockNumber),
		transactionIndex: Number(receipt.transactionIndex),
		timestamp: Number(time),
	};
}

/** Whether the chain itself answered with an error, rather than nobody answering. */
export function isAnswer(error: unknown): boolean {
	if (error instanceof RpcRequestError) return true;
	return error instanceof Error && error.cause instanceof Error && isAnswer(error.cause);
}
