// How rows of several sequences share one batch without padding: an i32 input [slots, 4] says for each slot where its rows begin, how many
// they are, how many positions it has taken before, and which entry of a stack of matrices is its own. A slot of no rows rests.

import { TensorError } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";

/** Numbers of one slot in the input: first row, count of rows, positions taken before, place in a stack (−1: none). */
export const SEGMENT = 4;

export interface Segment {
	readonly slot: number;
	readonly first: number;
	readonly count: number;
	readonly start: number;
	readonly place: number;
}

export function requireSegments(name: string, segments: Tensor): void {
	if (segments.dtype !== "i32" || segments.shape.length !== 2 || segments.shape[1] !== SEGMENT)
		throw new TensorError(
			"dtype",
			`${name}: segments must be i32 [slots, ${SEGMENT}], got ${segments.dtype} [${segments.shape}]`,
		);
}

/** The slots that have rows, as the program's memory says at byte `at`. */
export function readSegments(
	name: string,
	memory: WebAssembly.Memory,
	at: number,
	slots: number,
	rows: number,
): Segment[] {
	return segmentsOf(name, new Int32Array(memory.buffer, at, SEGMENT * slots), rows);
}

/** The slots that have rows. Throws where rows do not follow one another within `rows`. */
export function segmentsOf(name: string, numbers: ArrayLike<number>, rows: number): Segment[] {
	const out: Segment[] = [];
	let next = 0;
	for (let slot = 0; SEGMENT * slot < numbers.length; slot++) {
		const at = SEGMENT * slot;
		const [first, count, start, place] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!];
		if (count === 0) continue;
		if (first !== next || count < 0 || first + count > rows)
			throw new TensorError(
				"shape",
				`${name}: slot ${slot} has rows ${first} to ${first + count - 1}; want them from ${next}, below ${rows}`,
			);
		next = first + count;
		out.push({ slot, first, count, start, place });
	}
	return out;
}
