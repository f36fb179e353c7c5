// Length and repetition, after Gopher's rules (Rae et al. 2021, table A1), with whole numbers. Rules on shares of words hold
// for texts of a paragraph and more: a short answer is not bad for being short. It must not know other rows.
import { type Check, type Finding, NOTHING } from "./check.js";

/** Texts with fewer words are judged by the two rules for short texts alone. */
const LONG_WORDS = 50;
/** Parts per million of a long text's characters. The published shares are doubled: a row is shorter than a web page. */
const SETTINGS = {
	longWords: LONG_WORDS,
	sameCharacterRun: 40,
	shortWords: 8,
	shortTopWordPpm: 700_000,
	lineRepeatsPpm: 300_000,
	topGramPpm: { 2: 400_000, 3: 360_000, 4: 320_000 },
	repeatedGramPpm: { 5: 300_000, 8: 240_000 },
	wordLength: [2, 14],
	symbolPpm: 100_000,
	letterWordPpm: 400_000,
	ellipsisLinePpm: 300_000,
} as const;
const PPM = 1_000_000;
const RUN = /([^\s\d=_.*#~-])\1{39}/u;
const WORD = /\S+/g;
const LETTER = /\p{L}/u;

export function qualityCheck(): Check {
	return {
		name: "quality",
		version: 1,
		settings: SETTINGS,
		run({ whole, row }) {
			if (RUN.test(whole)) {
				const reason = `one character stands ${SETTINGS.sameCharacterRun} times in a row or more; write text`;
				return [{ action: "reject", code: "repetition", reason }];
			}
			// What is said once in the question and once in the answer is not repetition.
			const words = row.response.match(WORD) ?? [];
			if (words.length < LONG_WORDS) return short(words);
			return long(row.response, words);
		},
	};
}

function short(words: readonly string[]): readonly Finding[] {
	if (words.length < SETTINGS.shortWords) return NOTHING;
	const top = Math.max(...counts(words).values());
	if (top * PPM <= words.length * SETTINGS.shortTopWordPpm) return NOTHING;
	return [repetition("one word makes more than 70% of the response")];
}

function long(text: string, words: readonly string[]): readonly Finding[] {
	const found: Finding[] = [];
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	const characters = words.reduce((sum, word) => sum + word.length, 0);
	const share = (part: number, most: number, whole: number) => part * PPM > most * whole;

	const repeated = lines.length - new Set(lines).size;
	if (lines.length >= 5 && share(repeated, SETTINGS.lineRepeatsPpm, lines.length)) {
		found.push(repetition("more than 30% of the lines are repetitions"));
	}
	for (const length of [2, 3, 4] as const) {
		if (share(topGram(words, length), SETTINGS.topGramPpm[length], characters)) {
			found.push(repetition(`one run of ${length} words makes most of the response`));
			break;
		}
	}
	for (const length of [5, 8] as const) {
		if (share(repeatedGrams(words, length), SETTINGS.repeatedGramPpm[length], characters)) {
			found.push(repetition(`runs of ${length} words are repeated through the response`));
			break;
		}
	}
	const mean = Math.floor(characters / words.length);
	if (
		LETTER.test(text) &&
		/\p{Script=Latin}/u.test(text) &&
		(mean < SETTINGS.wordLength[0] || mean > SETTINGS.wordLength[1])
	) {
		found.push({ action: "flag", code: "word-length", reason: "words are unusually short or long; is this text?" });
	}
	const symbols = (text.match(/#|…|\.\.\./g) ?? []).length;
	if (share(symbols, SETTINGS.symbolPpm, words.length)) {
		found.push({ action: "flag", code: "symbols", reason: "more than one hash sign or ellipsis for ten words" });
	}
	const lettered = words.filter((word) => LETTER.test(word)).length;
	if (!share(lettered, SETTINGS.letterWordPpm, words.length)) {
		found.push({ action: "flag", code: "few-letters", reason: "less than 40% of the words have a letter" });
	}
	const trailing = lines.filter((line) => /(?:…|\.\.\.)\s*$/.test(line)).length;
	if (share(trailing, SETTINGS.ellipsisLinePpm, lines.length)) {
		found.push({ action: "flag", code: "cut-lines", reason: "more than 30% of the lines end in an ellipsis" });
	}
	return found;
}

function repetition(reason: string): Finding {
	return { action: "reject", code: "repetition", reason: `${reason}; say each thing once` };
}

function counts(items: readonly string[]): Map<string, number> {
	const counted = new Map<string, number>();
	for (const item of items) counted.set(item, (counted.get(item) ?? 0) + 1);
	return counted;
}

/** Characters in the most frequent run of `length` words, all its places together; a run that stands once counts nothing. */
function topGram(words: readonly string[], length: number): number {
	let most = 0;
	let gram = "";
	for (const [one, count] of counts(grams(words, length))) {
		if (count > most || (count === most && one.length > gram.length)) [most, gram] = [count, one];
	}
	return most < 2 ? 0 : most * (gram.length - (length - 1));
}

/** Characters of words that stand in a run seen before, each word once. */
function repeatedGrams(words: readonly string[], length: number): number {
	const seen = new Set<string>();
	let characters = 0;
	let covered = 0;
	grams(words, length).forEach((gram, at) => {
		if (!seen.has(gram)) {
			seen.add(gram);
			return;
		}
		for (let i = Math.max(at, covered); i < at + length; i++) characters += words[i]!.length;
		covered = Math.max(covered, at + length);
	});
	return characters;
}

function grams(words: readonly string[], length: number): string[] {
	return Array.from({ length: Math.max(0, words.length - length + 1) }, (_, at) =>
		words.slice(at, at + length).join(" "),
	);
}
