// Binary search in a suffix array. It must not know words or rows.
// Manber and Myers, "Suffix Arrays: A New Method for On-Line String Searches", SIAM J. Comput. 22(5), 1993: what both ends of the interval
// share with the pattern need not be read again.

import type { Segment } from "./segment.js";

/** Every so many suffixes their first 8 bytes stand in a table: an eighth of a byte for each byte of text, and most steps touch nothing else. */
const STRIDE = 64;
const KEY_BYTES = 8;

interface Keys {
	/** Two numbers for each suffix sampled: its first four bytes and its next four. */
	readonly pairs: Uint32Array;
	/** For each two bytes, how many suffixes sampled begin with smaller ones. */
	readonly starts: Uint32Array;
}

/** Made at a segment's first search. */
const keysOf = new WeakMap<Segment, Keys>();

function makeKeys({ text, suffixes }: Segment): Keys {
	const count = Math.ceil(suffixes.length / STRIDE);
	const pairs = new Uint32Array(2 * count);
	const starts = new Uint32Array(2 ** 16 + 1);
	for (let k = 0; k < count; k++) {
		const position = suffixes[k * STRIDE]!;
		const first = keyOf(text, position, text.length);
		pairs[2 * k] = first;
		pairs[2 * k + 1] = keyOf(text, position + 4, text.length);
		starts[(first >>> 16) + 1]!++;
	}
	for (let k = 0; k < 2 ** 16; k++) starts[k + 1]! += starts[k]!;
	return { pairs, starts };
}

function keysFor(segment: Segment): Keys {
	let keys = keysOf.get(segment);
	if (keys === undefined) {
		keys = makeKeys(segment);
		keysOf.set(segment, keys);
	}
	return keys;
}

/** Four bytes as a number, with `fill` after the end. */
function keyOf(bytes: Uint8Array, at: number, end: number, fill = 0): number {
	let key = 0;
	for (let k = 0; k < 4; k++) key = (key << 8) | (at + k < end ? bytes[at + k]! : fill);
	return key >>> 0;
}

/** How many suffixes sampled have keys below this one, or with `orEqual` none above it; `least` of them are known. */
function countKeys({ pairs, starts }: Keys, first: number, second: number, orEqual: boolean, least = 0): number {
	let low = Math.max(least, starts[first >>> 16]!);
	let high = starts[(first >>> 16) + 1]!;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const here = pairs[2 * middle]!;
		const next = pairs[2 * middle + 1]!;
		if (here < first || (here === first && (next < second || (orEqual && next === second)))) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Bytes that two keys share. */
function keyShares({ pairs }: Keys, k: number, first: number, second: number): number {
	const apart = pairs[2 * k]! ^ first;
	if (apart !== 0) return Math.clz32(apart) >>> 3;
	return 4 + (Math.clz32(pairs[2 * k + 1]! ^ second) >>> 3);
}

/** How far the suffix at a position goes with pattern[from..to), of which `known` bytes need not be read. */
function sharedBytes(
	text: Uint8Array,
	position: number,
	pattern: Uint8Array,
	from: number,
	to: number,
	known: number,
): number {
	const most = Math.min(to - from, text.length - position);
	let k = known;
	while (k < most && text[position + k] === pattern[from + k]) k++;
	return k;
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
	const keys = keysFor(segment);
	// A key below the pattern's is a smaller suffix, one above it a larger one: the zeros that fill up either only make keys equal.
	const [first, second] = [keyOf(pattern, from, to), keyOf(pattern, from + 4, to)];
	const below = countKeys(keys, first, second, false);
	const equal = countKeys(keys, first, second, true, below);
	let low = below === 0 ? 0 : (below - 1) * STRIDE + 1;
	let high = Math.min(equal * STRIDE, n);
	// Keys that differ say how far both go together without a look at the text; where fillings are equal it is looked at.
	const known = (k: number): number => {
		const position = suffixes[k * STRIDE]!;
		const bytes = keyShares(keys, k, first, second);
		if (bytes < length && position + bytes < n && bytes < KEY_BYTES) return bytes;
		return sharedBytes(text, position, pattern, from, to, Math.max(0, Math.min(bytes, length, n - position)));
	};
	let before = low > 0 ? known(below - 1) : 0;
	let at = high < n ? known(equal) : 0;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const position = suffixes[middle]!;
		const k = sharedBytes(text, position, pattern, from, to, Math.min(before, at));
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
	const length = to - from;
	if (at < length) return [rank, rank];
	const { text, suffixes } = segment;
	const keys = keysFor(segment);
	const begins = (r: number): boolean => sharedBytes(text, suffixes[r]!, pattern, from, to, 0) === length;
	// No suffix sampled from here on begins with the pattern: its key is above all that do.
	const above = countKeys(keys, keyOf(pattern, from, to, 255), keyOf(pattern, from + 4, to, 255), true);
	const end = Math.min(above * STRIDE, suffixes.length);
	let low = rank;
	let high = end;
	if (length <= KEY_BYTES) {
		// What was sampled before that, and is no smaller than the pattern, does begin with it.
		low = Math.max(rank, (above - 1) * STRIDE);
	} else {
		// Most spans are rare: steps that double, then halve.
		let step = 1;
		while (low + step < end && begins(low + step)) {
			low += step;
			step *= 2;
		}
		high = Math.min(low + step, end);
	}
	while (low + 1 < high) {
		const middle = (low + high) >>> 1;
		if (begins(middle)) low = middle;
		else high = middle;
	}
	return [rank, low + 1];
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
