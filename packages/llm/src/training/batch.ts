// Rows of tokens into the rectangles that programs take: padded on the right, targets shifted by one, a weight for each target.

import type { BatchShape } from "./trainer.js";

/** A row as tokens; the loss counts targets from position `from` on (the first token of the response). */
export interface TokenRow {
	readonly tokens: readonly number[];
	readonly from: number;
	/** Ranges [first, end) before `from` that count too: the assistant's earlier turns. */
	readonly earlier?: readonly (readonly [first: number, end: number])[];
}

export interface Batch {
	readonly shape: BatchShape;
	/** i32 [rows·length] */
	readonly tokens: Int32Array;
	readonly targets: Int32Array;
	/** f32 [rows·length]: 1 where a target counts. */
	readonly counted: Float32Array;
	/** Targets that count, for each row. */
	readonly counts: readonly number[];
	/** i32 [length], where rows lie end to end: which row each position belongs to. */
	readonly rowOf?: Int32Array;
}

/** Whether the loss counts the token at a position as a target. */
export function isCounted({ from, earlier = [] }: TokenRow, position: number): boolean {
	return position >= from || earlier.some(([first, end]) => position >= first && position < end);
}

/** How many targets of a row count. */
export function countedTargets({ tokens, from, earlier = [] }: TokenRow): number {
	return earlier.reduce((sum, [first, end]) => sum + end - first, tokens.length - from);
}

const LENGTH_STEP = 8;

/** Length of a rectangle that holds `tokens` inputs: the next multiple of 8, so few shapes are ever compiled. */
export function paddedLength(tokens: number): number {
	return Math.max(LENGTH_STEP, Math.ceil(tokens / LENGTH_STEP) * LENGTH_STEP);
}

/** Lays rows out. The last token of a row is only ever a target. */
export function makeBatch(rows: readonly TokenRow[], padding: number): Batch {
	const length = paddedLength(Math.max(...rows.map((r) => r.tokens.length - 1)));
	const tokens = new Int32Array(rows.length * length).fill(padding);
	const targets = new Int32Array(rows.length * length).fill(padding);
	const counted = new Float32Array(rows.length * length);
	const counts = rows.map((row, b) => {
		for (let t = 0; t + 1 < row.tokens.length; t++) {
			tokens[b * length + t] = row.tokens[t]!;
			targets[b * length + t] = row.tokens[t + 1]!;
			if (isCounted(row, t + 1)) counted[b * length + t] = 1;
		}
		return countedTargets(row);
	});
	return { shape: { rows: rows.length, length }, tokens, targets, counted, counts };
}

/** Weights [rows·length] that make the weighted sum of losses the mean over all targets that count. */
export function meanWeights(batch: Batch): Float32Array {
	return stepWeights([batch])[0]!;
}

/** The same for a step of several batches: the mean is over the targets of all of them. */
export function stepWeights(batches: readonly Batch[]): Float32Array[] {
	const total = batches.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
	return batches.map(({ counted }) => counted.map((c) => c / total));
}
