// Finds added tokens in a text before it is cut into words: leftmost, and of those the longest, as Hugging Face does.
// Knows nothing of words or merges.

import { classAt, isSpace } from "./characterClass.js";

export type AddedToken = {
	readonly id: number;
	readonly content: string;
	/** Control tokens, which text can be kept from forming. */
	readonly special: boolean;
	/** Found only where no letter, digit or underscore touches it. */
	readonly singleWord: boolean;
	/** Takes the white space before it. */
	readonly lstrip: boolean;
	/** Takes the white space behind it. */
	readonly rstrip: boolean;
	/** Looked for in the normalised text instead of the raw one. */
	readonly normalized: boolean;
};

export type Found = { readonly from: number; readonly to: number; readonly id: number };

/** Whether a token may be found at a place, or is passed over there. */
export type Allows = (token: AddedToken, from: number, to: number) => boolean;

export type Finder = {
	/** Added tokens of a text in order, without overlap. */
	find(text: string, allows: Allows): Found[];
};

type Node = { readonly next: Map<number, Node>; token?: AddedToken };

/** A finder of tokens by the text that stands for each. */
export function createFinder(tokens: ReadonlyMap<string, AddedToken>): Finder {
	const root: Node = { next: new Map() };
	for (const [text, token] of tokens) {
		let node = root;
		for (let i = 0; i < text.length; i++) {
			const unit = text.charCodeAt(i);
			const known = node.next.get(unit) ?? { next: new Map() };
			node.next.set(unit, known);
			node = known;
		}
		node.token = token;
	}

	const longestAt = (text: string, at: number): { token: AddedToken; to: number } | undefined => {
		let longest: { token: AddedToken; to: number } | undefined;
		let node = root.next.get(text.charCodeAt(at));
		for (
			let to = at + 1;
			node !== undefined;
			node = to < text.length ? node.next.get(text.charCodeAt(to++)) : undefined
		)
			if (node.token !== undefined) longest = { token: node.token, to };
		return longest;
	};

	return {
		find(text, allows) {
			const found: Found[] = [];
			if (tokens.size === 0) return found;
			let taken = 0;
			for (let at = 0; at < text.length; ) {
				const match = longestAt(text, at);
				if (match === undefined) {
					at++;
					continue;
				}
				const { token, to } = match;
				const from = at;
				at = to;
				if (!allows(token, from, to)) continue;
				if (token.singleWord && (touchesWord(text.slice(0, from), true) || touchesWord(text.slice(to), false)))
					continue;
				const begin = token.lstrip ? spacesBefore(text, from, taken) : from;
				taken = token.rstrip ? spacesAfter(text, to) : to;
				at = taken;
				found.push({ from: begin, to: taken, id: token.id });
			}
			return found;
		},
	};
}

const wordAtEnd = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const wordAtStart = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** Whether a word reaches the end (or the start) of what stands beside a token. */
const touchesWord = (text: string, atEnd: boolean): boolean =>
	atEnd ? wordAtEnd.test(text.slice(-2)) : wordAtStart.test(text.slice(0, 2));

function spacesBefore(text: string, at: number, least: number): number {
	let from = at;
	while (from > least && isSpace(classAt(text, from - 1, at))) from--;
	return from;
}

function spacesAfter(text: string, at: number): number {
	let to = at;
	while (isSpace(classAt(text, to, text.length))) to++;
	return to;
}
