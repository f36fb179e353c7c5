// Scores every row for an answer, in integers.

import { type FeatureIndex, featureOf } from "./featureIndex.js";
import { integerDot } from "./quantise.js";

/** Σ over checkpoints of query · feature, for each row: the same integers wherever they are computed. */
export function scoreRows(index: FeatureIndex, query: readonly Int8Array[]): number[] {
	return Array.from({ length: index.rows }, (_, row) => {
		let score = 0;
		index.checkpoints.forEach((_features, c) => {
			score += integerDot(query[c]!, featureOf(index, c, row));
		});
		return score;
	});
}
