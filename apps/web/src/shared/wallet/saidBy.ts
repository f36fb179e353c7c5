// What went wrong with a transaction, in words for whoever was to sign it: the contract's own refusal with what would be right, the node's, or
// the wallet's.

import { BaseError, ContractFunctionRevertedError, UserRejectedRequestError } from "viem";
import { ApiError } from "../api/client.js";

type Caused = { readonly code?: unknown; readonly cause?: unknown };
const REJECTED = new Set<unknown>([UserRejectedRequestError.code, "ACTION_REJECTED"]);

const ELSEWHERE = "Your wallet is on another network; switch it and try again. Nothing was sent.";
const BY_NAME: Readonly<Record<string, string>> = {
	ChainMismatchError: ELSEWHERE,
	ConnectorChainMismatchError: ELSEWHERE,
	ConnectorNotConnectedError: "No wallet is connected any more; connect it and try again.",
};

/** Whether its owner declined. */
export function isRejected(error: unknown): boolean {
	for (let one = error as Caused | undefined; one != null; one = one.cause as Caused | undefined)
		if (one instanceof UserRejectedRequestError || REJECTED.has(one.code)) return true;
	return false;
}

/** At once: a contract's refusal only by its name. */
export function saidBy(error: unknown): string {
	for (let one = error; one instanceof Error; one = one.cause) {
		// The node's own words; viem knows them as details alone.
		if (one instanceof ApiError) return one.message;
		const said = BY_NAME[one.name];
		if (said !== undefined) return said;
	}
	if (!(error instanceof BaseError)) return error instanceof Error ? error.message : String(error);
	const reverted = error.walk((e) => e instanceof ContractFunctionRevertedError);
	if (!(reverted instanceof ContractFunctionRevertedError)) return error.shortMessage;
	const { data, reason } = reverted;
	if (data === undefined) return reason ?? error.shortMessage;
	return `The contract refused: ${data.errorName}(${(data.args ?? []).map(String).join(", ")})`;
}

/** With what would be right, where a contract refused; that is loaded when it is needed. */
export async function explain(error: unknown): Promise<string> {
	if (!(error instanceof BaseError)) return saidBy(error);
	try {
		const { contractErrorFrom } = await import("./contractErrors.js");
		const refused = contractErrorFrom(error);
		if (refused !== undefined) return `The contract ${refused.message}`;
	} catch {
		// The node that would send that part is gone.
	}
	return saidBy(error);
}
