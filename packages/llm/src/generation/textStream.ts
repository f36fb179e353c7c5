// Text of tokens as they come, in whole characters: bytes that may be the beginning of one are held back until it is complete.

import type { Tokenizer } from "../tokenizer/index.js";

export interface TextStream {
	/** What can be said after this token; "" while a character is incomplete. */
	push(token: number): string;
	/** What was held back: bytes that no character completed, as U+FFFD. */
	end(): string;
}

/** All that it gives, joined, is the tokenizer's `decode` of all tokens. Special tokens are left out. */
export function createTextStream(tokenizer: Pick<Tokenizer, "decode">): TextStream {
	const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecial: true });
	// The last token whose text is complete, since what follows may be spaced by it, and all tokens after it.
	let open: number[] = [];
	let told = "";
	return {
		push(token) {
			open.push(token);
			const text = decode(open);
			const settled = text.replace(/\ufffd+$/u, "");
			const piece = settled.slice(told.length);
			if (settled.length < text.length) told += piece;
			else if (piece !== "" || open.length === 1) {
				open = [token];
				told = decode(open);
			} else if (told !== "") open.pop();
			return piece;
		},
		end() {
			const piece = decode(open).slice(told.length);
			open = [];
			told = "";
			return piece;
		},
	};
}
