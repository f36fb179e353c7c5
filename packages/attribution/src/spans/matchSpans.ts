// The maximal matching spans of an answer, in every segment: at each word the longest match, cut back to the last word that ends in it; then
// from left to right only what reaches further than all before. As in infini-gram's `attribute` and OLMoTrace, but over bytes, and spans may
// cross sentences. It must not know rows or proofs.

import type { SpanRules } from "./rules.js";
import { findPlace, findRange } from "./search.js";
import type { SpanIndex } from "./spanIndex.js";
import { countBelow, type Words } from "./words.js";

export interface MatchedSpan {
	/** Bytes of the answer. */
	readonly start: number;
	readonly end: number;
	/** Occurrences in all segments. */
	readonly count: number;
	/** For each segment the ranks [low, high) of the suffixes that begin with the span. */
	readonly ranges: readonly (readonly [number, number])[];
}

/** For each word the end of the longest match that begins with it, in bytes, in any segment. It never falls. */
export function matchEnds({ segments }: SpanIndex, bytes: Uint8Array, { begins }: Words): Int32Array {
	const ends = new Int32Array(begins.length);
	for (let word = 0; word < begins.length; word++) {
		const begin = begins[word]!;
		let longest = 0;
		for (const segment of segments) {
			const { before, at } = findPlace(segment, bytes, begin, bytes.length);
			longest = Math.max(longest, before, at);
		}
		ends[word] = begin + longest;
		// Whatever begins later in the same match ends with the answer too.
		if (begin + longest === bytes.length) return ends.fill(bytes.length, word);
	}
	return ends;
}

/** Spans that are long enough, ascending in start and in end. */
export function matchSpans(
	index: SpanIndex,
	bytes: Uint8Array,
	words: Words,
	rules: SpanRules,
	ends = matchEnds(index, bytes, words),
): MatchedSpan[] {
	const spans: MatchedSpan[] = [];
	let reached = 0;
	for (let word = 0; word < words.begins.length; word++) {
		const start = words.begins[word]!;
		const last = countBelow(words.ends, ends[word]!, true);
		const end = last > word ? words.ends[last - 1]! : start;
		if (end <= reached) continue;
		reached = end;
		if (last - word < rules.minWords || end - start < rules.minBytes) continue;
		const ranges = index.segments.map((segment) => findRange(segment, bytes, start, end));
		spans.push({ start, end, count: ranges.reduce((sum, [low, high]) => sum + high - low, 0), ranges });
	}
	return spans;
}
