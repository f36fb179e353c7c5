// How rare a span is: the sum over its words of log2(bytes of the index / occurrences of the word), in 1/256 bits. Integers alone, so that
// every machine ranks alike. It must not know rows.

import { base64 } from "./base64.js";
import { findRange } from "./search.js";
import type { SpanIndex } from "./spanIndex.js";
import type { Words } from "./words.js";
import { countBelow } from "./words.js";

const FRACTION_BITS = 8;

/** ⌊256 · log2(total / count)⌋ for 1 ≤ count ≤ total, by squaring; the error of truncation is below 1/256 bit for totals below 2^40. */
export function log2Ratio(total: number, count: number): number {
	const numerator = BigInt(total);
	let denominator = BigInt(count);
	let whole = 0;
	while (numerator >= 2n * denominator) {
		denominator *= 2n;
		whole++;
	}
	// The quotient, in [1, 2), with 64 bits after the point.
	let mantissa = (numerator << 64n) / denominator;
	let fraction = 0;
	for (let bit = 0; bit < FRACTION_BITS; bit++) {
		mantissa = (mantissa * mantissa) >> 64n;
		fraction *= 2;
		if (mantissa < 1n << 65n) continue;
		fraction++;
		mantissa >>= 1n;
	}
	return whole * 2 ** FRACTION_BITS + fraction;
}

/** Rates spans of one answer; a word that comes again is counted in the index once. */
export function rarityOf(index: SpanIndex, bytes: Uint8Array, words: Words): (start: number, end: number) => number {
	const known = new Map<string, number>();
	const wordRarity = (begin: number, end: number): number => {
		const key = base64(bytes.subarray(begin, end));
		let rarity = known.get(key);
		if (rarity === undefined) {
			const count = index.segments.reduce((sum, segment) => {
				const [low, high] = findRange(segment, bytes, begin, end);
				return sum + high - low;
			}, 0);
			rarity = count === 0 ? 0 : log2Ratio(index.bytes, count);
			known.set(key, rarity);
		}
		return rarity;
	};
	return (start, end) => {
		let sum = 0;
		for (let word = countBelow(words.begins, start); word < words.begins.length && words.ends[word]! <= end; word++) {
			sum += wordRarity(words.begins[word]!, words.ends[word]!);
		}
		return sum;
	};
}
