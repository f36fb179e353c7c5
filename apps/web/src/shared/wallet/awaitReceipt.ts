// Waits until a transaction is in a block, through a node that goes away and comes back, and through a wallet that replaces it.

import {
	BaseError,
	type Client,
	type Hex,
	HttpRequestError,
	type TransactionReceipt,
	WaitForTransactionReceiptTimeoutError,
} from "viem";
import { waitForTransactionReceipt } from "viem/actions";

/** One look, with all that viem does to find out what replaced it. */
const LOOK_MS = 5000;
const PAUSE_MS = 1000;
const LONGEST_MS = 180_000;

export type Awaited =
	| { readonly receipt: TransactionReceipt }
	/** Not in a block, and why nobody can say more. */
	| { readonly unknown: "late" | "other-chain" };

type AwaitOptions = {
	/** Which chain it is now, as far as is known: another one than at first never has the transaction. */
	readonly chain: () => string | undefined;
};

export async function awaitReceipt(client: Client, hash: Hex, { chain }: AwaitOptions): Promise<Awaited> {
	const [begun, first] = [performance.now(), chain()];
	while (performance.now() - begun < LONGEST_MS) {
		try {
			return { receipt: await waitForTransactionReceipt(client, { hash, timeout: LOOK_MS, pollingInterval: 500 }) };
		} catch (error) {
			const silent = error instanceof BaseError && error.walk((e) => e instanceof HttpRequestError) !== null;
			if (!silent && !(error instanceof WaitForTransactionReceiptTimeoutError)) throw error;
		}
		if (first !== undefined && chain() !== undefined && chain() !== first) return { unknown: "other-chain" };
		await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
	}
	return { unknown: "late" };
}
