// What members found, put together. Whole numbers throughout, so that it does not matter who scanned what.

import type { RowScore, ScoreSummary } from "./scoreFeatureRows.js";

/** Σ s, Σ a², Σ a·b, Σ b² of scores s with |s| = a·2²¹ + b. */
export type PartSums = readonly [bigint, bigint, bigint, bigint];

export interface Found {
	readonly sums: PartSums;
	/** Pairs: score, row. */
	readonly best: Float64Array;
}

export function combineFound(found: readonly Found[], rows: number, k: number): ScoreSummary {
	const best: RowScore[] = [];
	let sum = 0n;
	let sumOfSquares = 0n;
	for (const { sums, best: own } of found) {
		sum += sums[0];
		sumOfSquares += (sums[1] << 42n) + (sums[2] << 22n) + sums[3];
		for (let i = 0; i < own.length; i += 2) best.push({ score: own[i]!, row: own[i + 1]! });
	}
	const top = best
		.sort((a, b) => b.score - a.score || a.row - b.row)
		.slice(0, k)
		.map(({ row, score }) => ({ row, score }));
	return { rows, top, sum, sumOfSquares };
}
