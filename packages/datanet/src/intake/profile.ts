// What of a row is compared with others. It must not know who contributed the row.
import type { Row } from "@openledger/protocol";
import { bands, minhash } from "./minhash.js";
import { hashText, type NumberSet, shingles } from "./shingles.js";
import { contentWords, isCased, normalize, type Word } from "./words.js";

export type Profile = {
	/** Text that answers nobody has no question to be found by. */
	readonly isText: boolean;
	readonly prompt: readonly Word[];
	readonly isPromptCased: boolean;
	readonly response: readonly Word[];
	/** What the response adds to the prompt; never empty. */
	readonly answer: readonly Word[];
	readonly shingles: NumberSet;
};

// An answer of a few words must be the same for two rows to say the same, so it joins the key; a long one may vary.
const SHORT_ANSWER_WORDS = 4;

export function profile(row: Row): Profile {
	// What was said before the prompt belongs to the question.
	const question = [...(row.before ?? []).map(({ content }) => content), row.prompt].join("\n");
	const prompt = contentWords(question);
	const asked = new Set(prompt.map((word) => word.text));
	const response = contentWords(row.response);
	const added = response.filter((word) => !asked.has(word.text));
	const whole: Word = { text: normalize(row.response), mayBeName: true, isName: true, isHard: true };
	const answer = added.length > 0 ? added : response.length > 0 ? response : [whole];
	return {
		isText: question === "",
		prompt,
		isPromptCased: isCased(question),
		response,
		answer,
		shingles: shingles(`${normalize(question)} | ${normalize(row.response)}`),
	};
}

/** Under which keys a row is filed: rows that say the same share at least one, almost surely. */
export function keys(row: Profile): Uint32Array {
	const isShort = row.answer.length <= SHORT_ANSWER_WORDS;
	const asked = hashWords(row.isText ? row.response : row.prompt);
	const answered = isShort ? hashWords(row.answer) : 0;
	// The same question in any order of words; the same short answer, whatever is said around it; similar text.
	return Uint32Array.of(asked, isShort ? answered : asked, ...bands(minhash(row.shingles), answered));
}

function hashWords(words: readonly Word[]): number {
	return hashText([...new Set(words.map((word) => word.text))].sort().join(" "));
}
