// What the chain's clock says now: the time that the next block would have, in Unix seconds. Where blocks come only with transactions, the
// latest one's is long past.
import type { Ledger } from "../client/ledger.js";

export async function readChainTime({ client: { publicClient } }: Pick<Ledger, "client">): Promise<number> {
	// Not every node knows a pending block.
	const block = await publicClient.getBlock({ blockTag: "pending" }).catch(() => publicClient.getBlock());
	return Number(block.timestamp);
}
