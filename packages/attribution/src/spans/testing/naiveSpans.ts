// Slow twins of the span index, straight from the definitions: sorted suffixes, substrings found by looking everywhere.

import { type Row, utf8 } from "@openledger/protocol";
import type { FoundSpan } from "../findSpans.js";
import { fieldName, rowTexts } from "../rowText.js";
import type { SpanRules } from "../rules.js";

export function naiveSuffixes(text: Uint8Array): number[] {
	const bytes = Buffer.from(text);
	return Array.from(bytes, (_, i) => i).sort((a, b) => Buffer.compare(bytes.subarray(a), bytes.subarray(b)));
}

/** All places of a string in the rows' fields, overlapping ones too, in the order of rows and fields. */
export function naiveOccurrences(rows: readonly Row[], wanted: Uint8Array) {
	const found: { row: number; field: string; offset: number }[] = [];
	for (const [row, content] of rows.entries()) {
		for (const { field, bytes } of rowTexts(content, row)) {
			const text = Buffer.from(bytes);
			for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
				found.push({ row, field: fieldName(field), offset: at });
			}
		}
	}
	return found;
}

/** Every run of whole words that stands in a row, is long enough, and lies in no longer such run. Words by a regular expression: ASCII and Latin. */
export function naiveSpans(rows: readonly Row[], answer: string, rules: SpanRules): Omit<FoundSpan, "rarity">[] {
	const bytes = utf8(answer);
	const words = [...answer.matchAll(/[A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff]+/g)].map((match) => {
		const start = utf8(answer.slice(0, match.index)).length;
		return { start, end: start + utf8(match[0]).length };
	});
	const runs: { start: number; end: number; words: number }[] = [];
	for (let first = 0; first < words.length; first++) {
		for (let last = first; last < words.length; last++) {
			const { start } = words[first]!;
			const { end } = words[last]!;
			if (naiveOccurrences(rows, bytes.subarray(start, end)).length > 0)
				runs.push({ start, end, words: last - first + 1 });
		}
	}
	const maximal = runs.filter(
		(run) => !runs.some((other) => other !== run && other.start <= run.start && other.end >= run.end),
	);
	return maximal
		.filter((run) => run.words >= rules.minWords && run.end - run.start >= rules.minBytes)
		.map(({ start, end }) => {
			const all = naiveOccurrences(rows, bytes.subarray(start, end));
			const occurrences = all.length > rules.maxCount ? [] : all.slice(0, rules.maxOccurrences);
			return { start, end, text: Buffer.from(bytes.subarray(start, end)).toString(), count: all.length, occurrences };
		}) as Omit<FoundSpan, "rarity">[];
}
