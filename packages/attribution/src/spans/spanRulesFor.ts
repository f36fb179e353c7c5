// From how many words on a repeated stretch counts. It must not know where stretches are looked for.

import { utf8 } from "@openledger/protocol";
import type { SpanRules } from "./rules.js";
import { findWords } from "./words.js";

const WORDS = 4;
const BYTES = 16;

/**
 * Four words and sixteen bytes, or all words of an answer that is shorter: a stretch of two words in a long answer says nothing,
 * an answer of two words that stands so in a row says something. It follows from the answer alone.
 */
export function spanRulesFor(answer: string): SpanRules {
	const { begins, ends } = findWords(utf8(answer));
	const bytes = (ends.at(-1) ?? 0) - (begins[0] ?? 0);
	const atLeastOne = (n: number) => Math.max(1, n);
	return {
		minWords: atLeastOne(Math.min(WORDS, begins.length)),
		minBytes: atLeastOne(Math.min(BYTES, bytes)),
		maxCount: 1000,
		maxOccurrences: 10,
		complete: true,
	};
}
