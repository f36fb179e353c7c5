// What a code point is to the word splits: letter, number, white space, line end or anything else, in one pinned version of
// Unicode (that of the oracle), so that token ids do not change with the engine's. Knows nothing of words.

import { letterRuns, numberRuns } from "./generated/characterRuns.js";

export const OTHER = 0;
export const LETTER = 1;
export const NUMBER = 2;
export const SPACE = 3;
/** Carriage return and line feed, which are white space too. */
export const LINE_END = 4;
/** Past the end of the text. */
export const END = 5;

// White_Space, which Unicode promises not to change in practice (last in 6.3): not JavaScript's \s, which lacks U+0085 and has U+FEFF.
const spaces = [0x09, 0x0b, 0x0c, 0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000];

const classes = new Uint8Array(0x110000);
fillRuns(letterRuns, LETTER);
fillRuns(numberRuns, NUMBER);
for (const code of spaces) classes[code] = SPACE;
classes.fill(SPACE, 0x2000, 0x200b);
classes[0x0a] = LINE_END;
classes[0x0d] = LINE_END;

function fillRuns(runs: string, kind: number): void {
	let at = 0;
	runs.split(" ").forEach((digits, i) => {
		const length = Number.parseInt(digits, 36);
		if (i % 2 === 1) classes.fill(kind, at, at + length);
		at += length;
	});
}

/** Class of the code point that begins at a place of a text, END at `end` and beyond. */
export const classAt = (text: string, at: number, end: number): number =>
	at < end ? classes[text.codePointAt(at)!]! : END;

/** UTF-16 units of the code point that begins at a place. */
export const widthAt = (text: string, at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1);

/** The end of the run of one class from `at`, after at most `most` code points. */
export function runEnd(text: string, at: number, end: number, kind: number, most = Number.POSITIVE_INFINITY): number {
	let next = at;
	for (let count = 0; count < most && classAt(text, next, end) === kind; count++) next += widthAt(text, next);
	return next;
}

export const isSpace = (kind: number): boolean => kind === SPACE || kind === LINE_END;
