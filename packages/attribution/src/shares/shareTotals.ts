// What of all scores decides who stands out: three sums that a tree can commit. It must not know rows or contributors.

import { squareRoot } from "./squareRoot.js";

/** Sums over the heads of clusters, exact. */
export interface ShareTotals {
	readonly heads: bigint;
	readonly sum: bigint;
	readonly squares: bigint;
}

/** The sums over the scores whose row is a head; a score is a whole number below 2^53 in size. */
export function shareTotals(scores: readonly (number | bigint)[], isHead: readonly boolean[]): ShareTotals {
	let [heads, sum, squares] = [0n, 0n, 0n];
	scores.forEach((score, row) => {
		if (!isHead[row]) return;
		const exact = BigInt(score);
		heads++;
		sum += exact;
		squares += exact * exact;
	});
	return { heads, sum, squares };
}

/** heads² · the variance of the heads' scores. */
function spread({ heads, sum, squares }: ShareTotals): bigint {
	return heads * squares - sum * sum;
}

/** others · σ, rounded down, where σ is the standard deviation of the heads' scores: the size of what chance does to a score. */
export function shareNoise(totals: ShareTotals): bigint {
	return (squareRoot(spread(totals)) * othersOf(totals)) / (totals.heads > 0n ? totals.heads : 1n);
}

/** How many heads a head is held against; weights count in units of one over this. */
export function othersOf({ heads }: ShareTotals): bigint {
	return heads > 1n ? heads - 1n : 1n;
}

/**
 * others · the score that a head must be above to earn: mean + σ·√(7b/5) of all other heads, never below 0, where b is the number of the heads'
 * binary digits. As 7b/5 ≥ 2·ln(heads), the largest of so many scores of mere chance stays below it about nine times in ten, however many rows there
 * are (the universal threshold of Donoho and Johnstone, Biometrika 1994); at 3σ, a million rows would have a thousand that stand out by chance.
 * The row itself is left out so that it does not hide behind its own size. Above the mean the bar falls as the score grows.
 */
export function shareBar(totals: ShareTotals, score: number | bigint): bigint {
	const { heads, sum } = totals;
	const own = BigInt(score);
	if (heads < 2n) return 0n;
	const digits = BigInt(heads.toString(2).length);
	const off = heads * own - sum;
	const variance = ((heads - 1n) * spread(totals) - off * off) / heads;
	const bar = sum - own + squareRoot((7n * digits * variance) / 5n);
	return bar > 0n ? bar : 0n;
}

/** others · how far a head's score stands above its bar, 0 where it does not; grows with the score. */
export function shareWeight(totals: ShareTotals, score: number | bigint): bigint {
	const above = othersOf(totals) * BigInt(score) - shareBar(totals, score);
	return above > 0n ? above : 0n;
}
