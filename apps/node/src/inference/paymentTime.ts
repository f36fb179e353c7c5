// The clock of receipts: the block that holds the payment, which reads the same at every repetition.

import { type Ledger, mendReorg } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { BlockNotFoundError, TransactionReceiptNotFoundError } from "viem";

/** Times that a chain may take the payment's block back while it is looked for. */
const LOOKS = 4;

/** Seconds since 1970. Where the chain took the payment's block back, it is brought there again first. */
export async function paymentTime({ client }: Ledger, hash: Hex): Promise<bigint> {
	for (let left = LOOKS - 1; ; left--) {
		try {
			const { blockHash } = await client.publicClient.getTransactionReceipt({ hash });
			return (await client.publicClient.getBlock({ blockHash })).timestamp;
		} catch (cause) {
			const isGone = cause instanceof TransactionReceiptNotFoundError || cause instanceof BlockNotFoundError;
			if (left === 0 || !isGone) throw cause;
			await mendReorg(client, { isSure: true });
		}
	}
}
