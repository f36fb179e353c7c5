// What an answer repeats word for word, and where. Content, not influence: the two are never one number.
// It must not know receipts.

import { matchSpans } from "./matchSpans.js";
import { findOccurrences, type SpanOccurrence } from "./occurrences.js";
import { rarityOf } from "./rarity.js";
import { answerBytes, type SpanRules, spanRules } from "./rules.js";
import type { SpanIndex } from "./spanIndex.js";
import { findWords } from "./words.js";

export interface FoundSpan {
	/** Bytes of the answer's UTF-8, [start, end). */
	readonly start: number;
	readonly end: number;
	readonly text: string;
	/** How often the snapshot's rows say it. */
	readonly count: number;
	/** In 1/256 bits: larger is rarer. */
	readonly rarity: number;
	/** The first ones in the rows' order; none where `count` is above `maxCount`. */
	readonly occurrences: readonly SpanOccurrence[];
}

/**
 * The maximal spans of `answer` in the index, by start; none lies inside another. Throws `spans/bad-answer`, `spans/bad-rules`.
 *
 * @example findSpans(buildSpanIndex([{ prompt: "", response: "to be or not to be" }]), "He says: to be or not to go.")[0].text
 */
export function findSpans(index: SpanIndex, answer: string, rules: Partial<SpanRules> = {}): FoundSpan[] {
	const checked = spanRules(rules);
	const bytes = answerBytes(answer);
	const words = findWords(bytes);
	const rarity = rarityOf(index, bytes, words);
	const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
	return matchSpans(index, bytes, words, checked).map((span) => {
		const { start, end, count } = span;
		const occurrences = findOccurrences(index, span, checked).map(({ row, field, offset }) => ({ row, field, offset }));
		return {
			start,
			end,
			text: decoder.decode(bytes.subarray(start, end)),
			count,
			rarity: rarity(start, end),
			occurrences,
		};
	});
}

/** Rarest first; equally rare ones by length, then by start. */
export function byRarity<Span extends Pick<FoundSpan, "start" | "end" | "rarity">>(spans: readonly Span[]): Span[] {
	return [...spans].sort((a, b) => b.rarity - a.rarity || b.end - b.start - (a.end - a.start) || a.start - b.start);
}
