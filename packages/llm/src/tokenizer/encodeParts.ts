// Encodes a text that is put together from parts, some of which somebody wrote: the same ids as for the whole, and whose each is.
// Knows nothing of chat templates.

import type { Allows, Finder, Found } from "./addedTokens.js";
import type { Bpe } from "./bpe.js";

export type TextPart = {
	readonly text: string;
	/** Somebody wrote it: it can never be, or be a piece of, a special token. */
	readonly written?: boolean;
};

/** What encoding a part needs of a tokenizer. */
type Stages = {
	readonly raw: Finder;
	readonly normalized: Finder;
	readonly normalize: (text: string) => string;
	readonly encodeInto: (text: string, isFirst: boolean, allows: Allows, out: number[]) => void;
	readonly encodeWords: (piece: string, isFirst: boolean, visit: (word: string) => void) => void;
	readonly bpe: Bpe;
};

export const anyToken: Allows = () => true;
export const textToken: Allows = (token) => !token.special;

/** Lone surrogates become U+FFFD. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** Ids by part. A section between added tokens that lies in several parts is encoded as one. */
export function encodeParts(parts: readonly TextPart[], stages: Stages): number[][] {
	const texts = parts.map((part) => wellFormed(part.text));
	const ids = parts.map((): number[] => []);
	const ends: number[] = [];
	let end = 0;
	for (const text of texts) {
		end += text.length;
		ends.push(end);
	}
	const partAt = (offset: number): number => {
		let low = 0;
		for (let high = ends.length - 1; low < high; ) {
			const middle = (low + high) >> 1;
			if (ends[middle]! > offset) high = middle;
			else low = middle + 1;
		}
		return low;
	};
	const touchesWritten = (from: number, to: number): boolean => {
		for (let p = partAt(from); p < parts.length && ends[p]! - texts[p]!.length < to; p++)
			if (parts[p]!.written) return true;
		return false;
	};
	const whole = texts.join("");
	const found = stages.raw.find(whole, (token, from, to) => !token.special || !touchesWritten(from, to));
	const push = (id: number, from: number): void => void ids[partAt(from)]!.push(id);
	between(found, whole, push, (section, from) => {
		const [first, last] = [partAt(from), partAt(from + section.length - 1)];
		const allows = touchesWritten(from, from + section.length) ? textToken : anyToken;
		if (first === last) stages.encodeInto(section, from === 0, allows, ids[first]!);
		else {
			const starts = ends.slice(first, last).map((e) => stages.normalize(section.slice(0, e - from)).length);
			let begun = 0;
			const idsAt = (offset: number): number[] => {
				while (begun < starts.length && starts[begun]! <= offset) begun++;
				return ids[first + begun]!;
			};
			encodeSection(section, from === 0, allows, idsAt, stages);
		}
	});
	return ids;
}

/** A section of several parts; `idsAt` gives the ids of the part at a place of the normalised text, asked in order. */
function encodeSection(
	section: string,
	isFirst: boolean,
	allows: Allows,
	idsAt: (offset: number) => number[],
	{ normalize, normalized, encodeWords, bpe }: Stages,
): void {
	const clean = normalize(section);
	const push = (id: number, from: number): void => void idsAt(from).push(id);
	between(normalized.find(clean, allows), clean, push, (piece, from) => {
		const words: string[] = [];
		encodeWords(piece, isFirst && from === 0, (word) => words.push(word));
		// Words may have a mark in front that the text has not.
		let offset = from + piece.length - words.reduce((sum, word) => sum + word.length, 0);
		for (const word of words) {
			bpe.encodeWord(word, idsAt(offset));
			offset += word.length;
		}
	});
}

/** Hands on what was found in a text, and what stands between, each with its place. */
export function between(
	found: readonly Found[],
	text: string,
	onFound: (id: number, from: number) => void,
	onText: (part: string, from: number) => void,
): void {
	let at = 0;
	for (const { from, to, id } of found) {
		if (at < from) onText(text.slice(at, from), at);
		onFound(id, from);
		at = to;
	}
	if (at < text.length) onText(at === 0 ? text : text.slice(at), at);
}
