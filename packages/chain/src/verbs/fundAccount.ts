// Gives an account native coins for gas. It must not know of OPEN.
import type { Address, LocalAccount } from "viem";
import type { ChainClient } from "../client/connect.js";
import { type Sent, sendTransaction } from "../client/sendTransaction.js";

/** Tops `to` up to `atLeastWei` of native coin; sends nothing if it has that much. */
export async function fundAccount(
	client: ChainClient,
	from: LocalAccount,
	{ to, atLeastWei }: { readonly to: Address; readonly atLeastWei: bigint },
): Promise<{ readonly sent?: Sent }> {
	const balance = await client.publicClient.getBalance({ address: to });
	if (balance >= atLeastWei) return {};
	return { sent: await sendTransaction(client, from, { to, value: atLeastWei - balance }) };
}
