// Binary search in a suffix array. It must not know words or rows.
// Manber and Myers, "Suffix Arrays: A New Method for On-Line String Searches", SIAM J. Comput. 22(5), 1993: what both ends of the interval
// share with the pattern need not be read again.

import type { Segment } from "./segment.js";

export interface Place {
	/** The first suffix that is not smaller than the pattern. */
	readonly rank: number;
	/** Bytes of the pattern with which the suffix before that place begins, and the one at it; the longer is the longest match there is. */
	readonly before: number;
	readonly at: number;
}

/** Where pattern[from..to) stands among the suffixes. */
export function findPlace({ text, suffixes }: Segment, pattern: Uint8Array, from: number, to: number): Place {
	const length = to - from;
	const n = text.length;
	let low = 0;
	let high = n;
	let before = 0;
	let at = 0;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const position = suffixes[middle]!;
		let k = Math.min(before, at);
		while (k < length && position + k < n && text[position + k] === pattern[from + k]) k++;
		if (k === length || (position + k < n && text[position + k]! > pattern[from + k]!)) {
			high = middle;
			at = k;
		} else {
			low = middle + 1;
			before = k;
		}
	}
	return { rank: low, before, at };
}

/** The ranks [low, high) of the suffixes that begin with pattern[from..to). */
export function findRange(segment: Segment, pattern: Uint8Array, from: number, to: number): readonly [number, number] {
	const { rank, at } = findPlace(segment, pattern, from, to);
	if (at < to - from) return [rank, rank];
	const { text, suffixes } = segment;
	const begins = (r: number): boolean => {
		const position = suffixes[r]!;
		if (position + to - from > text.length) return false;
		for (let k = 0; k < to - from; k++) if (text[position + k] !== pattern[from + k]) return false;
		return true;
	};
	// Most spans are rare: steps that double, then halve.
	let step = 1;
	let low = rank;
	while (low + step < suffixes.length && begins(low + step)) {
		low += step;
		step *= 2;
	}
	let high = Math.min(low + step, suffixes.length);
	while (low + 1 < high) {
		const middle = (low + high) >>> 1;
		if (begins(middle)) low = middle;
		else high = middle;
	}
	return [rank, high];
}

/** The field that holds a position: its place in the table. */
export function fieldAt(fields: Uint32Array, position: number): number {
	let low = 0;
	let high = fields.length / 2;
	while (low + 1 < high) {
		const middle = (low + high) >>> 1;
		if (fields[2 * middle]! <= position) low = middle;
		else high = middle;
	}
	return low;
}
