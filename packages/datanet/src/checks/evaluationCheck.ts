// Rows that stand in a test: runs of 13 words in common with a registered evaluation set (Brown et al. 2020, appendix C).
// It must not know what is evaluated.
import { CallerError, type Hex, sha256, utf8 } from "@openledger/protocol";
import { mix } from "../intake/shingles.js";
import { normalize } from "../intake/words.js";
import { type Check, NOTHING } from "./check.js";

export const GRAM_WORDS = 13;
/** A question with fewer words counts as a whole, down to this many. */
const LEAST_WORDS = 6;
/** Texts of one set. */
const MAX_TEXTS = 1_000_000;

/** The runs of words of an evaluation set, as 52-bit hashes; `digest` names the texts. */
export type EvaluationSet = { readonly name: string; readonly digest: Hex; readonly grams: ReadonlySet<number> };

/** Registers the questions of a set; throws `datanet/bad-evaluation-set`. */
export function evaluationSet(name: string, texts: readonly string[]): EvaluationSet {
	if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) || texts.length === 0 || texts.length > MAX_TEXTS) {
		throw new CallerError(
			`an evaluation set has a name of 1 to 64 of a-z, 0-9, dots and hyphens, and 1 to ${MAX_TEXTS} texts`,
			{ code: "datanet/bad-evaluation-set" },
		);
	}
	const grams = new Set<number>();
	for (const text of texts) for (const gram of gramsOf(text)) grams.add(gram);
	const digest = sha256(
		utf8(
			texts
				.map((text) => sha256(utf8(text.normalize("NFC"))))
				.sort()
				.join("\n"),
		),
	);
	return { name, digest, grams };
}

export function evaluationCheck(sets: readonly EvaluationSet[]): Check {
	return {
		name: "evaluation-overlap",
		version: 1,
		settings: { words: GRAM_WORDS, least: LEAST_WORDS, sets: sets.map(({ name, digest }) => ({ name, digest })) },
		run({ row }) {
			if (sets.length === 0) return NOTHING;
			const own = [...gramsOf(row.prompt), ...gramsOf(row.response)];
			const [hit] = sets.filter(({ grams }) => own.some((gram) => grams.has(gram)));
			if (hit === undefined) return NOTHING;
			const reason = `the row shares ${GRAM_WORDS} words in a row with ${hit.name}, which models are tested by; leave it out`;
			return [{ action: "reject", code: "evaluation-overlap", reason }];
		},
	};
}

/** A hash for each run of 13 words, or one for the whole of a shorter text. */
function gramsOf(text: string): number[] {
	const words = normalize(text).split(" ");
	if (words.length < LEAST_WORDS) return [];
	const hashes = words.map(hashWord);
	const length = Math.min(GRAM_WORDS, words.length);
	// A whole short text is no run within a longer one: its length is hashed in.
	const seed = words.length < GRAM_WORDS ? words.length : 0;
	return Array.from({ length: words.length - length + 1 }, (_, at) => {
		let [high, low] = [mix(seed + 1), mix(seed + 2)];
		for (let i = at; i < at + length; i++) {
			high = mix(high ^ hashes[i]!);
			low = mix((low + Math.imul(hashes[i]!, 0x9e3779b1)) >>> 0);
		}
		return (high & 0xfffff) * 0x1_0000_0000 + low;
	});
}

function hashWord(word: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
	return mix(hash >>> 0);
}
