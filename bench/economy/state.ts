// What the simulation remembers beside the chain: which rows were accepted when, what everybody earned so far, and what work cost.
// All of it is plain data, so that a run that was ended can go on.
import type { Address } from "viem";
import { accountOf } from "./world.js";

export type Accepted = { readonly who: string; readonly rows: number; readonly truth: number; readonly epoch: number };
export type Saved = {
	readonly accepted: readonly Accepted[];
	readonly earned: Readonly<Record<string, string>>;
	readonly spent: Readonly<Record<string, string>>;
};

export type Ledgers = {
	accept(who: string, rows: number, truth: number, epoch: number): void;
	/** Divides an epoch's income among accepted rows, by what each does for answers. */
	share(incomeWei: bigint, epoch: number): void;
	/** Cumulative, ascending by account, without those who never earned. */
	earnings(): { readonly account: Address; readonly cumulativeWei: bigint }[];
	/** Work that costs its doer something outside the chain. */
	spend(who: string, wei: bigint): void;
	spendBy(account: Address, wei: bigint): void;
	spentBy(account: Address): bigint;
	save(): Saved;
};

/** For so many epochs rows serve; then models have moved on. */
const LIFE = 12;
/** What a row is worth to answers, in thousandths: a copy shares its cluster with the first of it and counts nothing; junk is hardly ever near. */
const WORTH: Readonly<Record<number, bigint>> = { 1: 1000n, 2: 0n, 3: 30n };

export function openLedgers(saved?: Saved): Ledgers {
	const accepted: Accepted[] = [...(saved?.accepted ?? [])];
	const earned = read(saved?.earned);
	const spent = read(saved?.spent);
	const add = (sums: Map<string, bigint>, key: string, wei: bigint) => sums.set(key, (sums.get(key) ?? 0n) + wei);
	return {
		accept: (who, rows, truth, epoch) => void accepted.push({ who, rows, truth, epoch }),
		share(incomeWei, epoch) {
			const weights = new Map<string, bigint>();
			for (const one of accepted)
				if (epoch - one.epoch < LIFE) add(weights, one.who, BigInt(one.rows) * WORTH[one.truth]!);
			const sum = [...weights.values()].reduce((a, b) => a + b, 0n);
			if (sum === 0n) return;
			for (const [who, weight] of weights)
				if (weight > 0n) add(earned, accountOf(who).toLowerCase(), (incomeWei * weight) / sum);
		},
		earnings: () =>
			[...earned]
				.map(([account, cumulativeWei]) => ({ account: account as Address, cumulativeWei }))
				.sort((a, b) => (a.account < b.account ? -1 : 1)),
		spend: (who, wei) => void add(spent, accountOf(who).toLowerCase(), wei),
		spendBy: (account, wei) => void add(spent, account.toLowerCase(), wei),
		spentBy: (account) => spent.get(account.toLowerCase()) ?? 0n,
		save: () => ({ accepted: accepted.slice(-2000), earned: write(earned), spent: write(spent) }),
	};
}

const read = (sums: Readonly<Record<string, string>> = {}) =>
	new Map(Object.entries(sums).map(([key, wei]) => [key, BigInt(wei)]));
const write = (sums: Map<string, bigint>) => Object.fromEntries([...sums].map(([key, wei]) => [key, String(wei)]));
