// The clock of receipts: the block that holds the payment, which reads the same at every repetition.

import type { Ledger } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";

/** Seconds since 1970. */
export async function paymentTime({ client }: Ledger, hash: Hex): Promise<bigint> {
	const { blockHash } = await client.publicClient.getTransactionReceipt({ hash });
	return (await client.publicClient.getBlock({ blockHash })).timestamp;
}
