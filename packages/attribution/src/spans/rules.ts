// What counts as a span worth naming, and the limits on what is searched. It must not know an index.

import { isWellFormed, utf8 } from "@openledger/protocol";
import { SpanError } from "./errors.js";

export interface SpanRules {
	/** Words of the shortest span; an integer from 1 to 1000. */
	readonly minWords: number;
	/** Bytes of the shortest span; an integer from 1 to 10,000. */
	readonly minBytes: number;
	/** A span that occurs more often names no row: it is a manner of speaking. From 1 to 1,000,000. */
	readonly maxCount: number;
	/** Occurrences that are named, first rows first; from 1 to 100. */
	readonly maxOccurrences: number;
	/** Whether a receipt also proves that no further span of the answer was left out. */
	readonly complete: boolean;
}

export const SPAN_RULES: SpanRules = { minWords: 4, minBytes: 16, maxCount: 1000, maxOccurrences: 10, complete: true };

/** Bytes of the longest answer: 64 KiB. */
export const MAX_ANSWER_BYTES = 65_536;

const LIMITS = { minWords: 1000, minBytes: 10_000, maxCount: 1_000_000, maxOccurrences: 100 } as const;

/** The rules with defaults; throws `spans/bad-rules`, naming the rule and its range. */
export function spanRules(rules: Partial<SpanRules> = {}): SpanRules {
	const { complete = SPAN_RULES.complete } = rules;
	if (typeof complete !== "boolean") throw new SpanError("spans/bad-rules", "rules.complete must be true or false");
	const number = (name: keyof typeof LIMITS): number => {
		const value = rules[name] ?? SPAN_RULES[name];
		if (Number.isInteger(value) && value >= 1 && value <= LIMITS[name]) return value;
		throw new SpanError(
			"spans/bad-rules",
			`rules.${name} is ${value}; it must be an integer from 1 to ${LIMITS[name]}`,
		);
	};
	return {
		minWords: number("minWords"),
		minBytes: number("minBytes"),
		maxCount: number("maxCount"),
		maxOccurrences: number("maxOccurrences"),
		complete,
	};
}

/** The answer's UTF-8 as it is, not normalised; throws `spans/bad-answer`. */
export function answerBytes(answer: string): Uint8Array {
	if (typeof answer !== "string" || !isWellFormed(answer)) {
		throw new SpanError("spans/bad-answer", "the answer must be well-formed Unicode text");
	}
	const bytes = utf8(answer);
	if (bytes.length <= MAX_ANSWER_BYTES) return bytes;
	throw new SpanError(
		"spans/bad-answer",
		`the answer has ${bytes.length} bytes; it must have ${MAX_ANSWER_BYTES} or fewer`,
	);
}
