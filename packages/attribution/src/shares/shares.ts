// From integer scores to parts per million. Integers only: what pays must be the same everywhere. It must not know accounts beyond their names.

import { type Address, allocate, CallerError, type CountedScore, PPM, type ShareLeaf } from "@openledger/protocol";
import type { Explains } from "./explains.js";
import { type ClusteredRow, heads } from "./heads.js";
import {
	finely,
	finelyTotals,
	MAX_PAID,
	othersOf,
	type ShareTotals,
	shareFloor,
	shareTotals,
	shareWeight,
} from "./shareTotals.js";

export interface AttributedRow extends ClusteredRow {
	readonly contributor: Address;
}

/** A head with its score, as a verifier has it opened. */
export interface ScoredRow {
	readonly row: number;
	readonly score: number | bigint;
	readonly contributor: Address;
}

export interface Shares {
	/** By row, ascending, each above 0; they sum to one million less `unattributedPpm`. */
	readonly leaves: readonly ShareLeaf[];
	/** The part of the million that no row earned. It goes to the pool that the model's terms name. */
	readonly unattributedPpm: number;
	/** The rows above the bar with their scores, by row, ascending; those that earlier rows explain wholly have a share of 0. */
	readonly counted: readonly CountedScore[];
}

/**
 * Shares of an answer. Of every cluster the row first seen counts, and no other; above the bar it earns, by how far its score is above
 * an eighth of the largest and above the largest that earns nothing, less what the rows that earn and were there before it explain of that score. Beside them
 * stands the pool with the weight of the larger of those two: what is close to chance is paid little, and rows that score less change
 * nothing. Throws `attribution/bad-scores`.
 */
export function sharesOf(
	scores: readonly (number | bigint)[],
	rows: readonly AttributedRow[],
	explains?: Explains,
): Shares {
	checkScores(scores, rows.length);
	const isHead = heads(rows);
	const totals = shareTotals(scores, isHead);
	const scored: ScoredRow[] = [];
	rows.forEach(({ contributor }, row) => {
		if (isHead[row]) scored.push({ row, score: scores[row]!, contributor });
	});
	return sharesFromTotals(totals, scored, explains);
}

/**
 * The same from the totals, the heads that stand above the bar, the highest MAX_PAID of them at least, and the largest score of a head that is
 * not among these, if there is one; more heads may be among them and change nothing. In any order.
 */
export function sharesFromTotals(
	totals: ShareTotals,
	scored: readonly ScoredRow[],
	explains: Explains = () => ({ of: 0n, by: 1n }),
	largestBeside?: number | bigint,
): Shares {
	const falling = scored
		.map((one) => ({ ...one, above: shareWeight(totals, one.score) > 0n, score: finely(one.score) }))
		.sort((a, b) => (a.score === b.score ? a.row - b.row : a.score > b.score ? -1 : 1));
	// Above the bar are the first of them.
	const many = Math.min(MAX_PAID, falling.filter(({ above }) => above).length);
	const earning = falling.slice(0, many).sort((a, b) => a.row - b.row);
	if (earning.length === 0) return { leaves: [], unattributedPpm: PPM, counted: [] };
	const unpaid = [0n, falling[many]?.score ?? 0n, finely(largestBeside ?? 0n)].reduce((a, b) => (a > b ? a : b));
	const fine = finelyTotals(totals);
	const others = othersOf(fine);
	const floor = shareFloor(fine);
	const from = floor > others * unpaid ? floor : others * unpaid;
	const weights = earning.map((later, place) => {
		let rest = others * later.score;
		for (const earlier of earning.slice(0, place)) {
			const { of, by } = explains(earlier.row, later.row);
			if (of <= 0n) continue;
			const left = (others * (by * later.score - of * earlier.score)) / by;
			if (left < rest) rest = left;
		}
		return rest > from ? rest - from : 0n;
	});
	const parts = allocate(BigInt(PPM), [...weights, from]).map(Number);
	const exact = new Map(scored.map(({ row, score }) => [row, BigInt(score)]));
	const counted = earning.map(({ row, contributor }, i) => ({
		...{ row, contributor },
		...{ score: exact.get(row)!, sharePpm: parts[i]! },
	}));
	const leaves = counted
		.filter(({ sharePpm }) => sharePpm > 0)
		.map(({ row, contributor, sharePpm }) => ({ row, contributor, sharePpm }));
	return { leaves, unattributedPpm: parts.at(-1)!, counted };
}

function checkScores(scores: readonly (number | bigint)[], rows: number): void {
	const wrong =
		scores.length !== rows
			? `there are ${scores.length} scores for ${rows} rows; there must be one for each`
			: scores.some((score) => typeof score === "number" && !Number.isSafeInteger(score))
				? "a score is no whole number below 2^53 in size; take scores as the index gives them"
				: undefined;
	if (wrong !== undefined) throw new CallerError(wrong, { code: "attribution/bad-scores" });
}

/** Shares by contributor, largest first; ties by address. */
export function contributorShares(leaves: readonly ShareLeaf[]): { contributor: Address; ppm: number }[] {
	const sums = new Map<Address, number>();
	for (const l of leaves) sums.set(l.contributor, (sums.get(l.contributor) ?? 0) + l.sharePpm);
	return [...sums]
		.map(([contributor, ppm]) => ({ contributor, ppm }))
		.sort((a, b) => b.ppm - a.ppm || (a.contributor < b.contributor ? -1 : 1));
}
