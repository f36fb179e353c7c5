// What contributors earned and claimed. Reads only.

import { readClaimed } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { count, isNull } from "drizzle-orm";
import { receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { latestEarnings } from "./claimRewards.js";
import { namesOfEarners } from "./pool.js";

export type Reward = {
	readonly contributor: string;
	readonly account: Address;
	readonly earnedWei: bigint;
	readonly claimedWei: bigint;
};

/** Every account that settled epochs gave something, largest first. */
export async function listRewards(parts: NodeParts): Promise<Reward[]> {
	const names = await namesOfEarners(parts);
	const settled = await latestEarnings(parts);
	const rewards = await Promise.all(
		settled.map(async ({ account, cumulativeWei }) => ({
			contributor: names.get(account) ?? account,
			account,
			earnedWei: cumulativeWei,
			claimedWei: await readClaimed(parts.ledger, account),
		})),
	);
	return rewards.sort((a, b) => (a.earnedWei === b.earnedWei ? 0 : a.earnedWei > b.earnedWei ? -1 : 1));
}

/** How many answers wait for the next settlement. */
export async function countUnsettled({ db }: NodeParts): Promise<number> {
	const [found] = await db.select({ waiting: count() }).from(receipts).where(isNull(receipts.epoch));
	return found?.waiting ?? 0;
}
