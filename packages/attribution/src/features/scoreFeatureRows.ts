// The scan as it is defined: every row's score, its order, and sums over all of them, exact. The slow truth beside the scanner.

import { FeatureError } from "./errors.js";
import { checkFeatureQuery, checkFeatureRows, type FeatureRows } from "./featureRows.js";

/** A row and its score: a whole number, |score| < 2⁴². */
export interface RowScore {
	readonly row: number;
	readonly score: number;
}

/** What one pass over all rows says of them. */
export interface ScoreSummary {
	readonly rows: number;
	/** Greatest scores first; of equal ones the lower row. */
	readonly top: readonly RowScore[];
	/** Σ score, over all rows. */
	readonly sum: bigint;
	/** Σ score², over all rows. */
	readonly sumOfSquares: bigint;
}

/** scale · Σ query·number for each row, in order. Throws `features/bad-shape`, `features/bad-number`. */
export function scoreFeatureRows(features: FeatureRows, query: Int8Array): Float64Array {
	checkFeatureRows(features);
	const { rows, width, numbers, scales } = features;
	checkFeatureQuery(query, width);
	const out = new Float64Array(rows);
	for (let row = 0; row < rows; row++) {
		let dot = 0;
		for (let i = 0; i < width; i++) dot += query[i]! * numbers[row * width + i]!;
		// + 0, so that no score is −0.
		out[row] = scales[row]! * dot + 0;
	}
	return out;
}

/** Throws `features/bad-shape` unless k is a whole number from 0. */
export function checkTopCount(k: number): void {
	if (!Number.isInteger(k) || k < 0)
		throw new FeatureError("features/bad-shape", `the ${k} best rows were asked for; a whole number from 0 is right`);
}

/** The k best of the scores, and sums over all. Throws `features/bad-shape` for k. */
export function summariseScores(scores: Float64Array, k: number): ScoreSummary {
	checkTopCount(k);
	const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
	let sum = 0n;
	let sumOfSquares = 0n;
	for (const score of scores) {
		sum += BigInt(score);
		sumOfSquares += BigInt(score) ** 2n;
	}
	return {
		rows: scores.length,
		top: order.slice(0, k).map((row) => ({ row, score: scores[row]! })),
		sum,
		sumOfSquares,
	};
}
