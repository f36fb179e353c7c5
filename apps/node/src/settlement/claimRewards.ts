// Pays contributors out what the latest active epoch gives them. Anybody may send a claim; the money goes to the account.

import { claimRewards as claimOnChain } from "@openledger/chain";
import { type Address, cumulativeTree } from "@openledger/protocol";
import { asc, desc, eq } from "drizzle-orm";
import { type EpochStatus, earnings, epochs } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { awaitActivation } from "./activateEpochs.js";
import { namesOfEarners } from "./pool.js";
import { syncClaims } from "./syncClaims.js";

export type Claimed = {
	readonly contributor: string;
	readonly account: Address;
	/** What this call paid; 0 if all was claimed before. */
	readonly paidWei: bigint;
	readonly cumulativeWei: bigint;
};

/** A root whose challenge time ends within so long is waited for. */
const PATIENCE_MS = 15_000;

/** Claims for one contributor by name, or for all. Throws `contributor/not-found` for a name that earned nothing. */
export function claimRewards(parts: NodeParts, contributor?: string): Promise<Claimed[]> {
	return parts.turns("epoch", async () => {
		await awaitActivation(parts, PATIENCE_MS);
		const names = await namesOfEarners(parts);
		const settled = await earningsOf(parts, "active");
		const tree = cumulativeTree(settled);
		const claimed: Claimed[] = [];
		for (const { account, cumulativeWei } of tree.leaves) {
			const name = names.get(account) ?? account;
			if (contributor !== undefined && contributor !== name) continue;
			const sender = parts.keys.account("node");
			const { paidWei } = await claimOnChain(parts.ledger, sender, { proof: tree.proofFor(account) });
			claimed.push({ contributor: name, account, paidWei, cumulativeWei });
		}
		if (contributor !== undefined && claimed.length === 0) {
			const message = "nothing can be claimed for that name; close an epoch first, and wait for its challenge time";
			throw notFound("contributor", contributor, message);
		}
		if (claimed.some(({ paidWei }) => paidWei > 0n)) await syncClaims(parts);
		return claimed;
	});
}

/** The earnings of the latest epoch with this status, by account. */
export async function earningsOf(parts: NodeParts, status: EpochStatus) {
	const [latest] = await parts.db
		.select()
		.from(epochs)
		.where(eq(epochs.status, status))
		.orderBy(desc(epochs.epoch))
		.limit(1);
	if (latest === undefined) return [];
	return await parts.db.select().from(earnings).where(eq(earnings.epoch, latest.epoch)).orderBy(asc(earnings.account));
}
