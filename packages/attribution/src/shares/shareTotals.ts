// What of all scores decides who stands out: three sums and the largest, which a tree can commit. It must not know rows or contributors.

import { squareRoot } from "./squareRoot.js";

/** Sums over the heads of clusters, exact, and the largest of their scores; 0 where there is none. */
export interface ShareTotals {
	readonly heads: bigint;
	readonly sum: bigint;
	readonly squares: bigint;
	readonly max: bigint;
}

/** The sums over the scores whose row is a head; a score is a whole number below 2^53 in size. */
export function shareTotals(scores: readonly (number | bigint)[], isHead: readonly boolean[]): ShareTotals {
	let [heads, sum, squares, max] = [0n, 0n, 0n, 0n];
	scores.forEach((score, row) => {
		if (!isHead[row]) return;
		const exact = BigInt(score);
		if (heads === 0n || exact > max) max = exact;
		heads++;
		sum += exact;
		squares += exact * exact;
	});
	return { heads, sum, squares, max };
}

/** heads² · the variance of the heads' scores. */
function spread({ heads, sum, squares }: ShareTotals): bigint {
	return heads * squares - sum * sum;
}

/** Scores count in units of one over this where they become shares. */
const FINE = 1n << 32n;

/**
 * A score in fine units. Roots and quotients are rounded down to whole units, which is no part per million of a score of 1 in fine units, and
 * twenty of a score of ten thousand as it comes.
 */
export function finely(score: number | bigint): bigint {
	return BigInt(score) * FINE;
}

/** The sums of the same scores in fine units. */
export function finelyTotals({ heads, sum, squares, max }: ShareTotals): ShareTotals {
	return { heads, sum: sum * FINE, squares: squares * FINE * FINE, max: max * FINE };
}

/** How many heads a head is held against; weights count in units of one over this. */
export function othersOf({ heads }: ShareTotals): bigint {
	return heads > 1n ? heads - 1n : 1n;
}

/** Rows of one answer that may earn, so that a verifier opens no more of them whatever the number of rows. */
export const MAX_PAID = 64;

/** What did less than one over this of what the best row did earns nothing. */
const LEAST_PART = 8n;

/** Binary digits of MAX_PAID, without the first. */
const PAID_DIGITS = 6n;

/** others · an eighth of the largest score, never below 0: no row that explains nothing moves it. */
export function shareFloor(totals: ShareTotals): bigint {
	return totals.max > 0n ? (othersOf(totals) * totals.max) / LEAST_PART : 0n;
}

/**
 * others · the score that a head must be above to earn: mean + c·σ of all other heads, and an eighth of the largest score; never below 0. c² = 7(b − 6)/5, at least 0, where b is the
 * number of the heads' binary digits: about 2·ln(heads/64), where the largest of heads/64 scores of mere chance lies (the universal threshold of
 * Donoho and Johnstone, Biometrika 1994), so that of any number of rows no more get in by chance than MAX_PAID. 2σ for 500 rows, 4.4σ for a
 * million; at a fixed 2σ a million rows would have twenty thousand that stand out by chance. The row itself is left out so that it does not hide
 * behind its own size; so the bar falls as a score above the mean grows. σ falls by rows that explain nothing, the eighth does not: where an answer
 * has one clear source it is what decides, and nobody lets more rows in by adding empty ones.
 */
export function shareBar(totals: ShareTotals, score: number | bigint): bigint {
	const { heads, sum } = totals;
	const own = BigInt(score);
	if (heads < 2n) return 0n;
	const digits = BigInt(heads.toString(2).length) - PAID_DIGITS;
	const off = heads * own - sum;
	const variance = ((heads - 1n) * spread(totals) - off * off) / heads;
	const bar = sum - own + squareRoot(digits > 0n ? (7n * digits * variance) / 5n : 0n);
	const least = shareFloor(totals);
	return bar > least ? bar : least;
}

/** others · how far a head's score stands above its bar, 0 where it does not; grows with the score. */
export function shareWeight(totals: ShareTotals, score: number | bigint): bigint {
	const above = othersOf(totals) * BigInt(score) - shareBar(totals, score);
	return above > 0n ? above : 0n;
}
