// Whether two rows say the same: the one place where a threshold stands. It must not know how candidates are found.
import type { Profile } from "./profile.js";
import { overlap } from "./shingles.js";
import type { Word } from "./words.js";

/** `copy`: nothing but its looks differs. `same-fact`: one fact in similar words. */
export type Likeness = "copy" | "same-fact" | "different";

/** Of Jaccard's similarity: the same words in the same order (in a long answer: most of them). */
export const COPY_PERCENT = 90;
/** Of Jaccard's similarity: both ask with words that the other lacks, or one with a name that the other lacks. */
export const STRICT_PERCENT = 80;
/** Of the smaller row's text: the words of one prompt are among those of the other. */
export const CONTAINED_PERCENT = 80;

const LONG_ANSWER_WORDS = 8;
const LONG_ANSWER_PERCENT = 80;

/** Symmetric; whole numbers only. The thresholds' measurements are in README.md. */
export function compare(a: Profile, b: Profile): Likeness {
	const ofA = missing(a.prompt, b.prompt);
	const ofB = missing(b.prompt, a.prompt);
	if (ofA.some(mayBeName) && ofB.some(mayBeName)) return "different";
	if ([...ofA, ...ofB].some((word) => word.isHard && !word.mayBeName)) return "different";
	if (!answersAgree(a, b)) return "different";

	const { shared, either } = overlap(a.shingles, b.shingles);
	if (ofA.length === 0 && ofB.length === 0) {
		const isCopy = hasSameWords(a, b) && shared * 100 >= either * COPY_PERCENT;
		return isCopy ? "copy" : "same-fact";
	}
	const isStrict = (ofA.length > 0 && ofB.length > 0) || addsName(ofA, a, b) || addsName(ofB, b, a);
	const isAlike = isStrict
		? shared * 100 >= either * STRICT_PERCENT
		: shared * 100 >= Math.min(a.shingles.length, b.shingles.length) * CONTAINED_PERCENT;
	return isAlike ? "same-fact" : "different";
}

/** Without capitals on either side any word may be a name; if one side has them, what it does not mark is filler. */
function addsName(words: readonly Word[], own: Profile, other: Profile): boolean {
	const isUncased = !own.isPromptCased && !other.isPromptCased;
	return words.some((word) => (isUncased ? word.mayBeName : word.isName));
}

/** A short response must have the same words too: a full sentence is another phrasing than a word. */
function hasSameWords(a: Profile, b: Profile): boolean {
	const areLong = Math.min(a.answer.length, b.answer.length) >= LONG_ANSWER_WORDS;
	return isSameSequence(a.prompt, b.prompt) && (areLong || isSameSequence(a.response, b.response));
}

function isSameSequence(a: readonly Word[], b: readonly Word[]): boolean {
	return a.length === b.length && a.every((word, index) => word.text === b[index]?.text);
}

/** Equal, or one within the other, or long and mostly equal; never if a number, a symbol or a negation differs. */
function answersAgree(a: Profile, b: Profile): boolean {
	const ofA = missing(a.answer, b.answer);
	const ofB = missing(b.answer, a.answer);
	if ([...ofA, ...ofB].some((word) => word.isHard)) return false;
	if (ofA.length === 0 || ofB.length === 0) return true;
	if (ofA.some(mayBeName) && ofB.some(mayBeName)) return false;
	const longer = Math.max(a.answer.length, b.answer.length);
	const common = Math.min(a.answer.length - ofA.length, b.answer.length - ofB.length);
	return longer >= LONG_ANSWER_WORDS && common * 100 >= longer * LONG_ANSWER_PERCENT;
}

function missing(words: readonly Word[], from: readonly Word[]): Word[] {
	const there = new Set(from.map((word) => word.text));
	return words.filter((word) => !there.has(word.text));
}

function mayBeName(word: Word): boolean {
	return word.mayBeName;
}
