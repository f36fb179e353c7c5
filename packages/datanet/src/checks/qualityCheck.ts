// Length and repetition, after Gopher's rules (Rae et al. 2021, table A1), with whole numbers. Rules on shares of words hold
// for texts of a paragraph and more: a short answer is not bad for being short. It must not know other rows.
import { hashText, mix } from "../intake/shingles.js";
import { type Check, type Finding, NOTHING } from "./check.js";

/** Texts with fewer words are judged by the two rules for short texts alone. */
const LONG_WORDS = 50;
/** Shares in parts per million. The published ones, doubled, flag: a row is shorter than a web page. Only what is mostly repetition is refused. */
const SETTINGS = {
	longWords: LONG_WORDS,
	sameCharacterRun: 40,
	shortWords: 8,
	shortTopWordPpm: 700_000,
	leastLines: 5,
	lineRepeatsPpm: 300_000,
	topGramPpm: { 2: 400_000, 3: 360_000, 4: 320_000 },
	repeatedGramPpm: { 5: 300_000, 8: 240_000 },
	rejectPpm: 600_000,
	wordLength: [2, 14],
	symbolPpm: 100_000,
	letterWordPpm: 400_000,
	cutLinePpm: 300_000,
} as const;
const PPM = 1_000_000;
const RUN = /([^\s\d=_.*#~-])\1{39}/u;
const WORD = /\S+/g;
const LETTER = /\p{L}/u;
const CUT = /(?:…|\.\.\.)\s*$/;

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

function long(text: string, written: readonly string[]): readonly Finding[] {
	const found: Finding[] = [];
	const flag = (code: string, reason: string) => found.push({ action: "flag", code, reason });
	const words = wordsOf(written);
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	const linePpm = (count: number) => Math.floor((count * PPM) / lines.length);

	const lineRepeats = lines.length < SETTINGS.leastLines ? 0 : linePpm(lines.length - new Set(lines).size);
	const shares: readonly (readonly [share: number, limit: number, told: string])[] = [
		[lineRepeats, SETTINGS.lineRepeatsPpm, "many lines are repetitions"],
		...([2, 3, 4] as const).map(
			(n) => [topGramPpm(words, n), SETTINGS.topGramPpm[n], `one run of ${n} words stands again and again`] as const,
		),
		...([5, 8] as const).map(
			(n) =>
				[
					repeatedPpm(words, n),
					SETTINGS.repeatedGramPpm[n],
					`runs of ${n} words are repeated through the response`,
				] as const,
		),
	];
	const worst = shares.find(([share]) => share > SETTINGS.rejectPpm) ?? shares.find(([share, limit]) => share > limit);
	if (worst !== undefined) {
		const [share, , told] = worst;
		if (share > SETTINGS.rejectPpm) return [repetition(told)];
		flag("some-repetition", `${told}; say each thing once`);
	}
	const mean = Math.floor(words.total / written.length);
	if (/\p{Script=Latin}/u.test(text) && (mean < SETTINGS.wordLength[0] || mean > SETTINGS.wordLength[1])) {
		flag("word-length", "words are unusually short or long; is this text?");
	}
	const symbols = (text.match(/#|…|\.\.\./g) ?? []).length;
	if (symbols * PPM > SETTINGS.symbolPpm * written.length) {
		flag("symbols", "there is more than one hash sign or ellipsis for ten words");
	}
	const lettered = written.filter((word) => LETTER.test(word)).length;
	if (lettered * PPM < SETTINGS.letterWordPpm * written.length) flag("few-letters", "few of the words have a letter");
	if (linePpm(lines.filter((line) => CUT.test(line)).length) > SETTINGS.cutLinePpm) {
		flag("cut-lines", "many lines end in an ellipsis");
	}
	return found;
}

function repetition(reason: string): Finding {
	return { action: "reject", code: "repetition", reason: `${reason}; say each thing once` };
}

function counts<T>(items: Iterable<T>): Map<T, number> {
	const counted = new Map<T, number>();
	for (const item of items) counted.set(item, (counted.get(item) ?? 0) + 1);
	return counted;
}

/** Parts per million of the characters in the most frequent run of `length` words, all its places; one that stands once is none. */
function topGramPpm(words: Words, length: number): number {
	const counted = counts(words.grams(length));
	let most = 0;
	words.grams(length).forEach((gram, at) => {
		const count = counted.get(gram)!;
		if (count > 1) most = Math.max(most, count * words.characters(at, at + length));
	});
	return Math.floor((most * PPM) / words.total);
}

/** Parts per million of the characters of words that stand in a run seen before, each word once. */
function repeatedPpm(words: Words, length: number): number {
	const seen = new Set<number>();
	let characters = 0;
	let covered = 0;
	words.grams(length).forEach((gram, at) => {
		if (!seen.has(gram)) {
			seen.add(gram);
			return;
		}
		characters += words.characters(Math.max(at, covered), at + length);
		covered = at + length;
	});
	return Math.floor((characters * PPM) / words.total);
}

type Words = {
	readonly total: number;
	/** A hash for each run of `length` words, in order. */
	grams(length: number): readonly number[];
	/** Characters of the words from `from` up to `to`. */
	characters(from: number, to: number): number;
};

function wordsOf(written: readonly string[]): Words {
	const hashes = Uint32Array.from(written, hashText);
	const sums = [0];
	for (const word of written) sums.push(sums.at(-1)! + word.length);
	return {
		total: sums.at(-1)!,
		grams: (length) =>
			Array.from({ length: Math.max(0, written.length - length + 1) }, (_, at) => {
				let hash = length;
				for (let i = at; i < at + length; i++) hash = mix(hash ^ hashes[i]!);
				return hash;
			}),
		characters: (from, to) => sums[to]! - sums[from]!,
	};
}
