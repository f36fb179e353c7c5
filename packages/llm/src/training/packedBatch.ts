// Rows of tokens end to end in one sequence, so that nothing is padded but its end. Each row sees itself alone and counts its positions from 0:
// numbers of a row are those it has in a batch of its own, and gradients are summed over the same tokens in the same order.

import { type Batch, countedTargets, isCounted, type TokenRow } from "./batch.js";

/** The sequence's length is a multiple of this, so that few shapes are ever compiled. */
const LENGTH_STEP = 32;

/** Lays rows out end to end. The last token of a row is only ever a target. */
export function packBatch(rows: readonly TokenRow[], padding: number): Batch {
	const used = rows.reduce((sum, row) => sum + row.tokens.length - 1, 0);
	const length = Math.max(1, Math.ceil(used / LENGTH_STEP)) * LENGTH_STEP;
	const tokens = new Int32Array(length).fill(padding);
	const targets = new Int32Array(length).fill(padding);
	const counted = new Float32Array(length);
	// What is left at the end is a row of its own, of which nothing counts.
	const rowOf = new Int32Array(length).fill(rows.length);
	let at = 0;
	rows.forEach((row, number) => {
		for (let t = 0; t + 1 < row.tokens.length; t++, at++) {
			tokens[at] = row.tokens[t]!;
			targets[at] = row.tokens[t + 1]!;
			rowOf[at] = number;
			if (isCounted(row, t + 1)) counted[at] = 1;
		}
	});
	const shape = { rows: 1, length, slots: rows.length + 1 };
	return { shape, tokens, targets, counted, counts: rows.map(countedTargets), rowOf };
}

/** The place of every position within its row. */
export function placesInRows(rowOf: Int32Array): Int32Array {
	const places = new Int32Array(rowOf.length);
	for (let i = 1; i < rowOf.length; i++) places[i] = rowOf[i] === rowOf[i - 1] ? places[i - 1]! + 1 : 0;
	return places;
}
