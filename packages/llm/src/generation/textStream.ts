// Text of tokens as they come, in whole characters: bytes that may be the beginning of one are held back until it is complete.

import type { Tokenizer } from "../tokenizer/index.js";

export interface TextStream {
	/** What can be said after this token; "" while a character is incomplete. */
	push(token: number): string;
	/** What was held back: bytes that no character completed, as U+FFFD. */
	end(): string;
}

/**
 * All that it gives, joined, is the tokenizer's `decode` of all tokens, special ones left out. Only a decoder that takes back what it said
 * differs: SentencePiece's of single bytes makes U+FFFD of sound characters, too, when broken ones follow; here they stay.
 */
export function createTextStream(tokenizer: Pick<Tokenizer, "decode">): TextStream {
	const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecial: true });
	// The tokens of the last complete character and what came with it, since what follows may be spaced by it, and all tokens after them.
	let before: number[] = [];
	let open: number[] = [];
	let told = "";
	return {
		push(token) {
			open.push(token);
			const text = decode([...before, ...open]);
			const settled = text.replace(/\ufffd+$/u, "");
			const piece = settled.slice(told.length);
			if (settled.length < text.length) told += piece;
			else {
				// A token without text leaves no mark, unless nothing else was there yet.
				if (piece !== "") before = open;
				else if (told === "") before.push(...open);
				open = [];
				told = decode(before);
			}
			return piece;
		},
		end() {
			const piece = decode([...before, ...open]).slice(told.length);
			[before, open, told] = [[], [], ""];
			return piece;
		},
	};
}
