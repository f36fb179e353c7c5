// Who has stake behind it, the most first. Reads only.

import { type Ledger, readActiveStake, readEventsOf, stakePoolAbi } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { atHead } from "../network/atHead.js";

/** Operators whose stake is looked up: those to whom somebody delegated last. Anybody may delegate to any address. */
const MOST = 2_000;

export type RankedOperators = {
	/** The most staked first. */
	readonly operators: readonly Address[];
	/** All there ever were. */
	readonly total: number;
};

export async function rankOperators(ledger: Ledger): Promise<RankedOperators> {
	return await atHead(ledger, "operators", async (lists) => {
		const delegated = await readEventsOf(lists, { contract: "stakePool", abi: stakePoolAbi, name: "Delegated" });
		const latestFirst = delegated.map(({ args }) => args.operator).reverse();
		const all = [...new Set(latestFirst)];
		const ranked = await Promise.all(
			all.slice(0, MOST).map(async (operator) => ({ operator, wei: await readActiveStake(lists, operator) })),
		);
		ranked.sort((a, b) => (a.wei === b.wei ? (a.operator < b.operator ? -1 : 1) : a.wei > b.wei ? -1 : 1));
		return { operators: ranked.map(({ operator }) => operator), total: all.length };
	});
}
