// Pre-tokenisation: cuts text into the words inside which merges may happen, by the rules of two families of patterns.
// Written as a scan instead of a regular expression: one pass whatever the text, and letters are those of characterClass.ts.
// Knows nothing of tokens.

import { classAt, END, isSpace, LETTER, LINE_END, NUMBER, OTHER, runEnd, widthAt } from "./characterClass.js";

/** Visits the pieces of a text in order; joined they are the text. */
export type Split = (text: string, visit: (piece: string) => void) => void;

type Rules = {
	/** Contractions in either case; any sign or space may lead letters; numbers stand alone; lines end words. */
	readonly modern: boolean;
	/** Digits that one word holds. */
	readonly numbers: number;
};

/** 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */
export const splitWordsGpt2: Split = splitBy({ modern: false, numbers: Number.POSITIVE_INFINITY });

const modernPattern = (numbers: string): string =>
	`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${numbers}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** The patterns of Split pre-tokenizers that have a scan. Any other is refused: a stranger's pattern can take for ever. */
export const splitsByPattern: ReadonlyMap<string, Split> = new Map([
	[modernPattern("\\p{N}{1,3}"), splitBy({ modern: true, numbers: 3 })],
	[modernPattern("\\p{N}"), splitBy({ modern: true, numbers: 1 })],
	[modernPattern("\\p{N}+"), splitBy({ modern: true, numbers: Number.POSITIVE_INFINITY })],
	["'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", splitWordsGpt2],
]);

/** Cuts text into words by GPT-2's rules; joined again they are the text. */
export function splitWords(text: string): string[] {
	const words: string[] = [];
	splitWordsGpt2(text, (word) => words.push(word));
	return words;
}

/** Cuts numbers out, digit by digit or run by run. */
export function splitDigits(individual: boolean): Split {
	return (text, visit) => {
		let begin = 0;
		let at = 0;
		while (at < text.length) {
			if (classAt(text, at, text.length) !== NUMBER) {
				at += widthAt(text, at);
				continue;
			}
			if (begin < at) visit(text.slice(begin, at));
			begin = runEnd(text, at, text.length, NUMBER, individual ? 1 : undefined);
			visit(text.slice(at, begin));
			at = begin;
		}
		if (begin < text.length) visit(text.slice(begin));
	};
}

function splitBy(rules: Rules): Split {
	return (text, visit) => {
		for (let at = 0; at < text.length; ) {
			const end = wordEnd(text, at, rules);
			visit(text.slice(at, end));
			at = end;
		}
	};
}

function wordEnd(text: string, at: number, { modern, numbers }: Rules): number {
	const end = text.length;
	const kind = classAt(text, at, end);
	if (kind === LETTER) return runEnd(text, at, end, LETTER);
	if (kind === NUMBER) return runEnd(text, at, end, NUMBER, numbers);
	const contracted = contractionEnd(text, at, modern);
	if (contracted > at) return contracted;
	const next = at + widthAt(text, at);
	const following = classAt(text, next, end);
	const begin = text[at] === " " ? next : at;
	if (modern) {
		if (following === LETTER && kind !== LINE_END) return runEnd(text, next, end, LETTER);
		if (kind === OTHER || (begin === next && following === OTHER))
			return runEnd(text, runEnd(text, begin, end, OTHER), end, LINE_END);
	} else {
		if (kind === OTHER) return runEnd(text, at, end, OTHER);
		if (begin === next && following !== END && !isSpace(following)) return runEnd(text, next, end, following);
	}
	return spaceEnd(text, at, modern);
}

/** White space: up to its last line end by the modern rules, else without the last space, which leads the next word. */
function spaceEnd(text: string, at: number, modern: boolean): number {
	let next = at;
	let afterLine = at;
	for (let kind = classAt(text, next, text.length); isSpace(kind); kind = classAt(text, next, text.length)) {
		next++;
		if (kind === LINE_END) afterLine = next;
	}
	if (modern && afterLine > at) return afterLine;
	return next === text.length || next === at + 1 ? next : next - 1;
}

const contractions: ReadonlySet<string> = new Set(["s", "t", "m", "d", "re", "ve", "ll"]);

function contractionEnd(text: string, at: number, anyCase: boolean): number {
	if (text[at] !== "'") return at;
	for (const length of [1, 2]) {
		const stated = text.slice(at + 1, at + 1 + length);
		// The long s is the one other letter whose case folds to one of these.
		const letters = anyCase ? stated.replace(/[A-Z\u017f]/g, (c) => (c === "\u017f" ? "s" : c.toLowerCase())) : stated;
		if (letters.length === length && contractions.has(letters)) return at + 1 + length;
	}
	return at;
}
