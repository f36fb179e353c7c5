// What everybody has, on chain: in the wallet, staked, leaving, owed by each contract, earned and not claimed; less what it began with and what
// its work cost. It must not know how it came about.
import type { Address } from "viem";
import { ROLES, type Role, START_WEI } from "./agents.js";
import type { Ledgers } from "./state.js";
import { accountOf, type NumberCall, OPEN, type World } from "./world.js";

/** OPEN for one member of a role, on average; `gain`: against what its members would have had by not attacking. */
export type Outcome = {
	readonly role: string;
	readonly kind: Role["kind"];
	readonly profit: number;
	readonly instead: string;
	readonly gain: number;
	readonly work: number;
};

/** People behind several names are one member. */
const ONE_PERSON: ReadonlySet<string> = new Set(["Sybil splitter"]);

export async function profitsOf(world: World, ledgers: Ledgers): Promise<Outcome[]> {
	const cumulative = new Map(
		ledgers.earnings().map(({ account, cumulativeWei }) => [account.toLowerCase(), cumulativeWei]),
	);
	const alone = new Map<string, { profit: number; work: number }>();
	for (const role of ROLES) {
		let [profitWei, workWei] = [0n, 0n];
		const accounts = role.members.map(accountOf);
		for (const [i, wealthWei] of (await wealthOf(world, accounts, cumulative)).entries()) {
			const spent = ledgers.spentBy(accounts[i]!);
			profitWei += wealthWei - START_WEI - spent;
			workWei += spent;
		}
		const people = ONE_PERSON.has(role.name) ? 1 : role.members.length;
		alone.set(role.name, { profit: toOpen(profitWei) / people, work: toOpen(workWei) / people });
	}
	return ROLES.map(({ name, kind, instead }) => {
		const { profit, work } = alone.get(name)!;
		const otherwise = instead === undefined ? 0 : alone.get(instead)!.profit;
		const rounded = (value: number) => Math.round(value * 100) / 100;
		return {
			...{ role: name, kind, profit: rounded(profit), work: rounded(work), gain: rounded(profit - otherwise) },
			instead: instead ?? "doing nothing",
		};
	});
}

const COURTS = ["jury", "datanetRegistry", "trainingJobs", "disputes"] as const;

/** What each account has; `cumulative` is what it ever earned by roots, claimed or not. */
async function wealthOf(world: World, accounts: readonly Address[], cumulative: ReadonlyMap<string, bigint>) {
	const calls = accounts.flatMap((account): NumberCall[] => [
		["attributionRewards", "claimed", [account]],
		["openToken", "balanceOf", [account]],
		["stakePool", "stakeOf", [account, account]],
		...COURTS.map((court): NumberCall => [court, "owed", [account]]),
	]);
	const values = await world.readMany(calls);
	const each = calls.length / accounts.length;
	return accounts.map((account, i) => {
		const [claimed, ...held] = values.slice(i * each, (i + 1) * each);
		return (cumulative.get(account.toLowerCase()) ?? 0n) - claimed! + held.reduce((sum, wei) => sum + wei, 0n);
	});
}

function toOpen(wei: bigint): number {
	return Number((wei * 1000n) / OPEN) / 1000;
}

export function targetsOf(outcome: readonly Outcome[]) {
	return outcome.map(({ role, kind, profit, gain, instead }) =>
		kind === "honest"
			? { what: role, value: profit, target: "≥ 0 OPEN", ok: profit >= 0 }
			: { what: role, value: gain, target: `≤ 0 OPEN against ${instead}`, ok: gain <= 0 },
	);
}
