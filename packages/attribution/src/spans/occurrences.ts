// Where a span stands: rows, fields and offsets, first rows first. It must not know who contributed a row.

import type { MatchedSpan } from "./matchSpans.js";
import { fieldName, type SpanField } from "./rowText.js";
import type { SpanRules } from "./rules.js";
import { fieldAt } from "./search.js";
import type { SpanIndex } from "./spanIndex.js";

export interface SpanOccurrence {
	readonly row: number;
	readonly field: SpanField;
	/** Bytes into the field's text in NFC. */
	readonly offset: number;
}

/** An occurrence, and where the index has it. */
export interface FoundOccurrence extends SpanOccurrence {
	readonly segment: number;
	readonly rank: number;
	readonly position: number;
	/** Its place in the segment's table of fields. */
	readonly entry: number;
}

/** The first `maxOccurrences` in the rows' order; none of a span that occurs more than `maxCount` times. */
export function findOccurrences(
	index: SpanIndex,
	{ count, ranges }: MatchedSpan,
	{ maxCount, maxOccurrences }: SpanRules,
): FoundOccurrence[] {
	if (count > maxCount) return [];
	const found: FoundOccurrence[] = [];
	for (const [place, [low, high]] of ranges.entries()) {
		const { suffixes, fields } = index.segments[place]!;
		const here = Array.from({ length: high - low }, (_, k) => [suffixes[low + k]!, low + k] as const).sort(
			([a], [b]) => a - b,
		);
		for (const [position, rank] of here.slice(0, maxOccurrences - found.length)) {
			const entry = fieldAt(fields, position);
			const code = fields[2 * entry + 1]!;
			const row = index.firstRows[place]! + (code & 0xffffff);
			found.push({
				row,
				field: fieldName(code >>> 24),
				offset: position - fields[2 * entry]!,
				segment: place,
				rank,
				position,
				entry,
			});
		}
	}
	return found;
}
