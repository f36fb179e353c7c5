// What happens to a text before it is cut into words: nothing, NFC, or SentencePiece's marks for spaces.
// NFC is the engine's own; it is stable for every character that the engine's Unicode version knows.

import { type Field, fieldOf, isAbsent, requireOne, stepsOf, typeOf } from "./fields.js";

export type Normalizer = {
	readonly normalize: (text: string) => string;
	/** By how much the text's UTF-8 can get shorter, at most. */
	readonly shrink: number;
};

/** SentencePiece's mark of a space. */
export const MARK = "\u2581";

const same: Normalizer = { normalize: (text) => text, shrink: 1 };

/** Reads `normalizer`. */
export const readNormalizer = (part: Field): Normalizer =>
	isAbsent(part) ? same : readStep(part, [...STEPS, "Sequence"]);

const STEPS = ["NFC", "Prepend", "Replace"] as const;

function readStep(part: Field, supported: readonly string[]): Normalizer {
	switch (typeOf(part, supported)) {
		case "NFC":
			// The Kelvin sign becomes a K and three conjoining letters one Hangul syllable: a third of the bytes.
			return { normalize: (text) => text.normalize("NFC"), shrink: 3 };
		case "Prepend":
			requireOne(fieldOf(part, "prepend"), [MARK]);
			return { normalize: (text) => (text === "" ? text : MARK + text), shrink: 1 };
		case "Replace":
			requireOne(fieldOf(fieldOf(part, "pattern"), "String"), [" "]);
			requireOne(fieldOf(part, "content"), [MARK]);
			return { normalize: (text) => text.replaceAll(" ", MARK), shrink: 1 };
		default: {
			const steps = stepsOf(fieldOf(part, "normalizers")).map((step) => readStep(step, STEPS));
			return {
				normalize: (text) => steps.reduce((t, step) => step.normalize(t), text),
				shrink: steps.reduce((product, step) => product * step.shrink, 1),
			};
		}
	}
}
