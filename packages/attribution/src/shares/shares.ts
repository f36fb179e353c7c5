// From integer scores to parts per million. Integers only: what pays must be the same everywhere.

import { type Address, type ShareLeaf, toPpm } from "@openledger/protocol";

export interface AttributedRow {
	readonly contributor: Address;
	/** Rows with one cluster number say the same thing; the cluster is paid once. */
	readonly cluster: number;
}

export interface Shares {
	/** By row, ascending; parts per million that sum to one million. */
	readonly leaves: readonly ShareLeaf[];
	/** The part of the million that no row earned and that all rows share. */
	readonly unattributedPpm: number;
}

/** A row counts when its score stands this many standard deviations above the mean of all rows. */
const SIGNIFICANT = 3n;

function squareRoot(x: bigint): bigint {
	if (x < 2n) return x;
	let r = 1n << BigInt(Math.ceil(x.toString(2).length / 2));
	for (;;) {
		const next = (r + x / r) >> 1n;
		if (next >= r) return r;
		r = next;
	}
}

/** How far each score stands above mean + 3σ, times the number of rows; 0 where it does not. */
export function excess(scores: readonly number[]): bigint[] {
	const n = BigInt(scores.length);
	const exact = scores.map(BigInt);
	const sum = exact.reduce((a, b) => a + b, 0n);
	const deviations = exact.map((s) => n * s - sum);
	const variance = deviations.reduce((a, d) => a + d * d, 0n) / n;
	const bar = squareRoot(SIGNIFICANT * SIGNIFICANT * variance);
	return deviations.map((d) => (d > bar ? d - bar : 0n));
}

/**
 * Shares of an answer. A cluster earns its best row's excess, once, and the row first seen among its earning rows gets it
 * (so a copy or near-copy earns nothing; quotient semivalue, arXiv 2605.07663). Where no row stands out, all rows share alike.
 */
export function sharesOf(scores: readonly number[], rows: readonly AttributedRow[]): Shares {
	const weights = excess(scores);
	const best = new Map<number, { row: number; weight: bigint }>();
	weights.forEach((weight, row) => {
		if (weight === 0n) return;
		const { cluster } = rows[row]!;
		const known = best.get(cluster);
		if (known === undefined) best.set(cluster, { row, weight });
		else if (weight > known.weight) best.set(cluster, { row: known.row, weight });
	});
	const earning = [...best.values()].sort((a, b) => a.row - b.row);
	const found = earning.length > 0;
	const paid = found ? earning : rows.map((_, row) => ({ row, weight: 1n }));
	const ppm = toPpm(paid.map((p) => p.weight));
	const leaves = paid
		.map(({ row }, i) => ({ row, contributor: rows[row]!.contributor, sharePpm: ppm[i]! }))
		.filter((l) => l.sharePpm > 0);
	return { leaves, unattributedPpm: found ? 0 : 1_000_000 };
}

/** Shares by contributor, largest first; ties by address. */
export function contributorShares(leaves: readonly ShareLeaf[]): { contributor: Address; ppm: number }[] {
	const sums = new Map<Address, number>();
	for (const l of leaves) sums.set(l.contributor, (sums.get(l.contributor) ?? 0) + l.sharePpm);
	return [...sums]
		.map(([contributor, ppm]) => ({ contributor, ppm }))
		.sort((a, b) => b.ppm - a.ppm || (a.contributor < b.contributor ? -1 : 1));
}
