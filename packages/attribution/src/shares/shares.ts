// From integer scores to parts per million. Integers only: what pays must be the same everywhere. It must not know accounts beyond their names.

import { type Address, allocate, CallerError, PPM, type ShareLeaf } from "@openledger/protocol";
import type { Explains } from "./explains.js";
import { type ClusteredRow, heads } from "./heads.js";
import {
	finely,
	finelyTotals,
	MAX_PAID,
	othersOf,
	type ShareTotals,
	shareBar,
	shareNoise,
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
}

/**
 * Shares of an answer. Of every cluster the row first seen counts, and no other; it earns by how far its score stands above the bar, less what
 * the rows that earn and were there before it explain of that score. Beside them stands the pool, with the weight of one standard deviation of
 * the scores: what is close to chance is paid little. Throws `attribution/bad-scores`.
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
 * The same from the totals and the heads that stand above the bar, the highest MAX_PAID of them at least; others may be among them and change
 * nothing. In any order.
 */
export function sharesFromTotals(
	totals: ShareTotals,
	scored: readonly ScoredRow[],
	explains: Explains = () => ({ of: 0n, by: 1n }),
): Shares {
	const earning = scored
		.filter(({ score }) => shareWeight(totals, score) > 0n)
		.map((one) => ({ ...one, score: finely(one.score) }))
		.sort((a, b) => (a.score === b.score ? a.row - b.row : a.score > b.score ? -1 : 1))
		.slice(0, MAX_PAID)
		.sort((a, b) => a.row - b.row);
	if (earning.length === 0) return { leaves: [], unattributedPpm: PPM };
	const fine = finelyTotals(totals);
	const others = othersOf(fine);
	const weights = earning.map((later, place) => {
		let rest = others * later.score;
		for (const earlier of earning.slice(0, place)) {
			const { of, by } = explains(earlier.row, later.row);
			if (of <= 0n) continue;
			const left = (others * (by * later.score - of * earlier.score)) / by;
			if (left < rest) rest = left;
		}
		const bar = shareBar(fine, later.score);
		return rest > bar ? rest - bar : 0n;
	});
	const parts = allocate(BigInt(PPM), [...weights, shareNoise(fine)]).map(Number);
	const leaves = earning
		.map(({ row, contributor }, i) => ({ row, contributor, sharePpm: parts[i]! }))
		.filter(({ sharePpm }) => sharePpm > 0);
	return { leaves, unattributedPpm: parts.at(-1)! };
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
