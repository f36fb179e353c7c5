// An epoch's money, paid by the estimates of its answers, held against what an audit says of the same answers. Integers only. It must not
// know how an audit is made.

import { type Address, allocate, CallerError, toPpm } from "@openledger/protocol";

/** What contributors' rows brought them by the answers' own shares, in any whole unit; one contributor may stand there often. */
export interface EpochPay {
	readonly contributor: Address;
	readonly amount: bigint;
}

/** What an audit says that a contributor's rows did for the epoch's answers together, in any whole unit; below 0 where they did harm. */
export interface EpochEffect {
	readonly contributor: Address;
	readonly effect: bigint;
}

export interface ReconciledPay {
	readonly contributor: Address;
	/** By the answers' shares. */
	readonly paid: bigint;
	/** By the audit; never below 0. All of them sum to what was paid. */
	readonly due: bigint;
	/** due − paid; all of them sum to 0. */
	readonly correction: bigint;
	/** `due` in parts per million of all that was paid. */
	readonly duePpm: number;
}

/** Influences come in doubles; they count in units of 2^−40, so that their sum has no order. */
const UNIT = 2 ** 40;
const MOST_EFFECT = 2 ** 12;

/**
 * Divides what an epoch paid to contributors by the audit's effects: in proportion to those above 0, by largest remainders, by address where
 * remainders are equal. Where the audit finds no effect above 0 everybody keeps what they have. One line for each contributor of either list,
 * by address, whatever the order of the lists. Throws `attribution/bad-epoch`.
 */
export function reconcileEpoch(paid: readonly EpochPay[], effects: readonly EpochEffect[]): ReconciledPay[] {
	const had = new Map<Address, bigint>();
	for (const { contributor, amount } of paid) {
		if (amount < 0n) throw badEpoch(`${contributor} was paid ${amount}; an amount is 0 or more`);
		had.set(contributor, (had.get(contributor) ?? 0n) + amount);
	}
	const did = new Map<Address, bigint>();
	for (const { contributor, effect } of effects) did.set(contributor, (did.get(contributor) ?? 0n) + effect);
	const all = [...new Set([...had.keys(), ...did.keys()])].sort((a, b) => (a < b ? -1 : 1));
	const before = all.map((contributor) => had.get(contributor) ?? 0n);
	const good = all.map((contributor) => {
		const effect = did.get(contributor) ?? 0n;
		return effect > 0n ? effect : 0n;
	});
	const total = before.reduce((sum, amount) => sum + amount, 0n);
	const due = good.some((effect) => effect > 0n) ? allocate(total, good) : before;
	const parts = toPpm(due);
	return all.map((contributor, i) => ({
		contributor,
		paid: before[i]!,
		due: due[i]!,
		correction: due[i]! - before[i]!,
		duePpm: parts[i]!,
	}));
}

/**
 * What an audit's influences of rows (of one query or of a sum of queries) come to by contributor. Each is rounded to 2^−40 before they are
 * added, so the rows' order changes nothing. Throws `attribution/bad-epoch` for lists of unequal length and influences of 4,096 or more.
 */
export function epochEffects(influences: ArrayLike<number>, contributors: readonly Address[]): EpochEffect[] {
	if (influences.length !== contributors.length)
		throw badEpoch(
			`there are ${influences.length} influences for ${contributors.length} rows; there must be one for each`,
		);
	const sums = new Map<Address, bigint>();
	contributors.forEach((contributor, row) => {
		const influence = influences[row]!;
		if (!(Math.abs(influence) < MOST_EFFECT))
			throw badEpoch(`the influence of row ${row} is ${influence}; it must be a number below ${MOST_EFFECT} in size`);
		const effect = BigInt(Math.floor(influence * UNIT + 0.5));
		sums.set(contributor, (sums.get(contributor) ?? 0n) + effect);
	});
	return [...sums].map(([contributor, effect]) => ({ contributor, effect }));
}

function badEpoch(message: string): CallerError {
	return new CallerError(message, { code: "attribution/bad-epoch" });
}
