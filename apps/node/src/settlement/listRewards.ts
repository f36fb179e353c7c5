// What contributors earned, what of it can still be challenged, and what they claimed. Reads only.

import { readClaimed, readCollected } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { asc, count, eq, isNull, ne } from "drizzle-orm";
import { type EpochStatus, epochs, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { earningsOf } from "./claimRewards.js";
import { namesOfEarners } from "./pool.js";

export type Reward = {
	readonly contributor: string;
	readonly account: Address;
	/** By roots that pay. */
	readonly earnedWei: bigint;
	readonly claimedWei: bigint;
	/** What is left to claim. */
	readonly claimableWei: bigint;
	/** More, by roots that can still be challenged. */
	readonly challengedWei: bigint;
};

/** An epoch on its way: not yet proposed, or its root can still be challenged, or it fell. */
export type OpenEpoch = {
	readonly epoch: number;
	readonly status: EpochStatus;
	readonly receipts: number;
	/** Unix seconds; null before it is proposed. */
	readonly challengeEnds: bigint | null;
};

/** Every account that settled epochs gave something, largest first; or so many of them. */
export async function listRewards(parts: NodeParts, limit?: number): Promise<Reward[]> {
	const names = await namesOfEarners(parts);
	const paid = new Map((await earningsOf(parts, "active")).map((it) => [it.account, it.cumulativeWei]));
	const proposed = new Map((await earningsOf(parts, "proposed")).map((it) => [it.account, it.cumulativeWei]));
	const of = (account: Address) => proposed.get(account) ?? paid.get(account) ?? 0n;
	const accounts = [...new Set([...paid.keys(), ...proposed.keys()])]
		.sort((a, b) => (of(a) === of(b) ? 0 : of(a) > of(b) ? -1 : 1))
		.slice(0, limit);
	return await Promise.all(
		accounts.map(async (account) => {
			const earnedWei = paid.get(account) ?? 0n;
			const claimedWei = await readClaimed(parts.ledger, account);
			return {
				contributor: names.get(account) ?? account,
				...{ account, earnedWei, claimedWei },
				claimableWei: earnedWei > claimedWei ? earnedWei - claimedWei : 0n,
				challengedWei: (proposed.get(account) ?? earnedWei) - earnedWei,
			};
		}),
	);
}

/** What all accounts together have: by roots that pay, by those that can still be challenged, and how many they are. */
export async function sumRewards(parts: NodeParts) {
	const sum = (all: readonly { readonly cumulativeWei: bigint }[]) =>
		all.reduce((wei, { cumulativeWei }) => wei + cumulativeWei, 0n);
	const paid = await earningsOf(parts, "active");
	const proposed = await earningsOf(parts, "proposed");
	const earnedWei = sum(paid);
	const { claimedWei } = await readCollected(parts.ledger);
	return {
		accounts: Math.max(paid.length, proposed.length),
		...{ earnedWei, claimedWei, claimableWei: earnedWei > claimedWei ? earnedWei - claimedWei : 0n },
		challengedWei: proposed.length === 0 ? 0n : sum(proposed) - earnedWei,
	};
}

/** Epochs whose root does not pay yet, the oldest first. */
export async function listOpenEpochs({ db }: NodeParts): Promise<OpenEpoch[]> {
	const open = await db.select().from(epochs).where(ne(epochs.status, "active")).orderBy(asc(epochs.epoch));
	return await Promise.all(
		open.map(async ({ epoch, status, challengeEnds }) => {
			const [inside] = await db.select({ n: count() }).from(receipts).where(eq(receipts.epoch, epoch));
			return { epoch, status, challengeEnds, receipts: inside!.n };
		}),
	);
}

/** How many answers wait for the next settlement. */
export async function countUnsettled({ db }: NodeParts): Promise<number> {
	const [found] = await db.select({ waiting: count() }).from(receipts).where(isNull(receipts.epoch));
	return found?.waiting ?? 0;
}
