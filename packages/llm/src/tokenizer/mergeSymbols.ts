// Applies the learnt merges to the symbols of one word. Knows nothing of words' origin or of special tokens.

import { createHeap } from "./heap.js";
import type { MergeTable } from "./mergeTable.js";

/** Places in a word; a rank is below 2^20, so rank and place fit one exact number. */
const PLACES = 2 ** 32;

/**
 * Merges the lowest-ranked pair, leftmost first, until none is left: the order of Hugging Face's BPE. Takes time
 * proportional to n·log n, whatever the word. Returns new ids; the word is left as it was.
 */
export function mergeSymbols(word: readonly number[], table: MergeTable): number[] {
	const count = word.length;
	if (count < 2) return [...word];
	// Plain lists: most words are short, and typed arrays are slow to make.
	const ids = [...word];
	const next: number[] = [];
	const previous: number[] = [];
	const heap = createHeap<number>((a, b) => a < b);
	const offer = (left: number, right: number): void => {
		const rank = table.rankOf(ids[left]!, ids[right]!);
		if (rank >= 0) heap.push(rank * PLACES + left);
	};
	for (let i = 0; i < count; i++) {
		previous.push(i - 1);
		next.push(i + 1);
		if (i > 0) offer(i - 1, i);
	}
	while (heap.size() > 0) {
		const key = heap.pop();
		const rank = Math.floor(key / PLACES);
		const left = key - rank * PLACES;
		const right = next[left]!;
		// What the heap remembers may be gone: the pair of this place must still have this rank.
		if (ids[left]! < 0 || right === count || table.rankOf(ids[left]!, ids[right]!) !== rank) continue;
		ids[left] = table.resultOf(rank);
		ids[right] = -1;
		const after = next[right]!;
		next[left] = after;
		if (after < count) {
			previous[after] = left;
			offer(left, after);
		}
		if (left > 0) offer(previous[left]!, left);
	}
	const merged: number[] = [];
	for (let i = 0; i < count; i = next[i]!) merged.push(ids[i]!);
	return merged;
}
