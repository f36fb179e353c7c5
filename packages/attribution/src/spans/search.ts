// Binary search in a suffix array. It must not know words or rows.
// Manber and Myers, "Suffix Arrays: A New Method for On-Line String Searches", SIAM J. Comput. 22(5), 1993: what both ends of the interval
// share with the pattern need not be read again.

import type { Segment } from "./segment.js";

/** Every so many suffixes their first 8 bytes stand in a table that a processor's cache can hold, so that most steps touch nothing else. */
const STRIDE = 256;

interface Keys {
	readonly high: Uint32Array;
	readonly low: Uint32Array;
}

/** Made at a segment's first search: 8 bytes for 256 suffixes. */
const keysOf = new WeakMap<Segment, Keys>();

function makeKeys({ text, suffixes }: Segment): Keys {
	const count = Math.ceil(suffixes.length / STRIDE);
	const keys = { high: new Uint32Array(count), low: new Uint32Array(count) };
	for (let k = 0; k < count; k++) {
		const position = suffixes[k * STRIDE]!;
		keys.high[k] = keyOf(text, position, text.length);
		keys.low[k] = keyOf(text, position + 4, text.length);
	}
	return keys;
}

/** Four bytes as a number, with zeros after the end. */
function keyOf(bytes: Uint8Array, at: number, end: number): number {
	let key = 0;
	for (let k = 0; k < 4; k++) key = key * 256 + (at + k < end ? bytes[at + k]! : 0);
	return key;
}

export interface Place {
	/** The first suffix that is not smaller than the pattern. */
	readonly rank: number;
	/** Bytes of the pattern with which the suffix before that place begins, and the one at it; the longer is the longest match there is. */
	readonly before: number;
	readonly at: number;
}

/** Where pattern[from..to) stands among the suffixes. */
export function findPlace(segment: Segment, pattern: Uint8Array, from: number, to: number): Place {
	const { text, suffixes } = segment;
	const length = to - from;
	const n = text.length;
	let keys = keysOf.get(segment);
	if (keys === undefined) {
		keys = makeKeys(segment);
		keysOf.set(segment, keys);
	}
	// A key below the pattern's is a smaller suffix, one above it a larger one: the zeros that fill up either only make keys equal.
	const [first, second] = [keyOf(pattern, from, to), keyOf(pattern, from + 4, to)];
	const countKeys = (orEqual: boolean): number => {
		let [least, most] = [0, keys.high.length];
		while (least < most) {
			const middle = (least + most) >>> 1;
			const high = keys.high[middle]!;
			const low = keys.low[middle]!;
			if (high < first || (high === first && (low < second || (orEqual && low === second)))) least = middle + 1;
			else most = middle;
		}
		return least;
	};
	const below = countKeys(false);
	const equal = countKeys(true);
	let low = below === 0 ? 0 : (below - 1) * STRIDE + 1;
	let high = Math.min(equal * STRIDE, n);
	const shared = (rank: number, known: number): number => {
		const position = suffixes[rank]!;
		let k = known;
		while (k < length && position + k < n && text[position + k] === pattern[from + k]) k++;
		return k;
	};
	let before = low > 0 ? shared(low - 1, 0) : 0;
	let at = high < n ? shared(high, 0) : 0;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const position = suffixes[middle]!;
		const k = shared(middle, Math.min(before, at));
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
