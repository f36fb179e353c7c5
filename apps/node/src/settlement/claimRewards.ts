// Pays contributors out what the latest settled epoch gives them. Anybody may send a claim; the money goes to the account.

import { claimRewards as claimOnChain } from "@openledger/chain";
import { type Address, earningsTree } from "@openledger/protocol";
import { asc, desc, eq } from "drizzle-orm";
import { earnings, epochs } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { namesOfEarners } from "./pool.js";

export type Claimed = {
	readonly contributor: string;
	readonly account: Address;
	/** What this call paid; 0 if all was claimed before. */
	readonly paidWei: bigint;
	readonly cumulativeWei: bigint;
};

/** Claims for one contributor by name, or for all. Throws `contributor/not-found` for a name that earned nothing. */
export function claimRewards(parts: NodeParts, contributor?: string): Promise<Claimed[]> {
	return parts.turns("epoch", async () => {
		const names = await namesOfEarners(parts);
		const settled = await latestEarnings(parts);
		const tree = earningsTree(settled);
		const claimed: Claimed[] = [];
		for (const { account, cumulativeWei } of settled) {
			const name = names.get(account) ?? account;
			if (contributor !== undefined && contributor !== name) continue;
			const proof = tree.proofFor(account);
			const sender = parts.keys.account("node");
			const { paidWei } = await claimOnChain(parts.ledger, sender, { account, cumulativeWei, proof });
			claimed.push({ contributor: name, account, paidWei, cumulativeWei });
		}
		if (contributor !== undefined && claimed.length === 0) {
			throw notFound("contributor", contributor, "nothing is settled for that name; close an epoch first");
		}
		return claimed;
	});
}

/** The earnings of the latest epoch whose root is on chain, by account. */
export async function latestEarnings(parts: NodeParts) {
	const [latest] = await parts.db
		.select()
		.from(epochs)
		.where(eq(epochs.status, "active"))
		.orderBy(desc(epochs.epoch))
		.limit(1);
	if (latest === undefined) return [];
	return await parts.db.select().from(earnings).where(eq(earnings.epoch, latest.epoch)).orderBy(asc(earnings.account));
}
