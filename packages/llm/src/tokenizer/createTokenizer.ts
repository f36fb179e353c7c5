// A tokenizer from a parsed tokenizer.json: BPE over bytes (GPT-2, Llama 3, Qwen2, Qwen3, SmolLM2) or over characters as
// SentencePiece has it (Llama 2, TinyLlama). Our own instead of a library: docs/decisions/0012-tokenizers.md says why; goldens
// hold it equal to Hugging Face's. Must not touch the file system.

import { type AddedToken, type Allows, createFinder } from "./addedTokens.js";
import { readBpe } from "./bpe.js";
import { readDecoder } from "./decoder.js";
import { anyToken, between, encodeParts, type TextPart, textToken, wellFormed } from "./encodeParts.js";
import { TokenizerError } from "./errors.js";
import { type Field, fieldOf, recordOf } from "./fields.js";
import { MARK, readNormalizer } from "./normalizer.js";
import { readPostProcessor } from "./postProcessor.js";
import { readPreTokenizer, splitAtMarks } from "./preTokenizer.js";
import { readVocabulary, type Vocabulary } from "./readVocabulary.js";

export type Tokenizer = {
	readonly vocabSize: number;
	/** A text of n bytes of UTF-8 has at least n divided by this many tokens; infinite where nothing can be said. */
	readonly longestTokenBytes: number;
	/** Ids of the special tokens by their text. */
	readonly specialTokens: ReadonlyMap<string, number>;
	/** The same of all added tokens, also of those that any text may form, as `<think>`. */
	readonly addedTokens: ReadonlyMap<string, number>;
	/** Ids that the file's template puts before and after a text; `encode` does so only when asked. */
	readonly around: { readonly before: readonly number[]; readonly after: readonly number[] };
	/**
	 * Token ids of a text; lone surrogates count as U+FFFD. With `special: false` the text of a special token is ordinary text
	 * (use it for what users wrote). `around` puts the template's tokens around it. The same text always gives the same ids,
	 * in time proportional to n·log n.
	 */
	encode(text: string, options?: { readonly special?: boolean; readonly around?: boolean }): number[];
	/**
	 * Token ids of the text that parts make together, each id with the part in which its word begins. No special token is found
	 * where it touches a part that somebody wrote.
	 */
	encodeParts(parts: readonly TextPart[]): number[][];
	/** Text of token ids; bytes that are no UTF-8 become U+FFFD. `skipSpecial` leaves special tokens out. */
	decode(ids: Iterable<number>, options?: { readonly skipSpecial?: boolean }): string;
	/** Id of a token as the file writes it, or of an added token; throws `tokenizer-token-unknown`. */
	idOf(token: string): number;
};

/**
 * Builds a tokenizer from the parsed content of a `tokenizer.json`; `file` names it in errors. `truncation` and `padding` are
 * passed over, as they are by transformers.
 * Throws `tokenizer-unsupported` for other kinds of tokenizer and `tokenizer-file-malformed` for inconsistent content.
 */
export function createTokenizer(json: unknown, file = "tokenizer.json"): Tokenizer {
	const root: Field = { value: json, path: "", file };
	recordOf(root);
	const { normalize, shrink } = readNormalizer(fieldOf(root, "normalizer"));
	const preTokenizer = readPreTokenizer(fieldOf(root, "pre_tokenizer"));
	const vocabulary = readVocabulary(root);
	const { tokens, ids: idByToken, added } = vocabulary;
	const bpe = readBpe(fieldOf(root, "model"), vocabulary, preTokenizer.byteLevel);
	const around = readPostProcessor(fieldOf(root, "post_processor"), tokens);
	// A token that is looked for in normalised text is written that way too.
	const written = [...tokens];
	for (const token of added) if (token.normalized) written[token.id] = normalize(token.content);
	const texts = new Set(added.map((token) => written[token.id]!));
	const decode = readDecoder(fieldOf(root, "decoder"), preTokenizer.byteLevel, texts);
	const special = new Map(added.filter((token) => token.special).map((token) => [token.content, token.id]));
	const specialIds = new Set(special.values());
	const raw = createFinder(new Map(added.filter((t) => !t.normalized).map((t) => [t.content, t])));
	const normalized = createFinder(new Map(added.filter((t) => t.normalized).map((t) => [normalize(t.content), t])));
	const cut = preTokenizer.cutsAtMarks && marksEndTokens(vocabulary) ? splitAtMarks(false) : undefined;

	const encodeWords = (piece: string, isFirst: boolean, visit: (word: string) => void): void =>
		preTokenizer.split(piece, isFirst, cut === undefined ? visit : (part) => cut(part, visit));
	const encodeInto = (text: string, isFirst: boolean, allows: Allows, out: number[]): void => {
		const push = (id: number): void => void out.push(id);
		const encodeWord = (word: string): void => bpe.encodeWord(word, out);
		between(raw.find(text, allows), text, push, (part, at) => {
			const clean = normalize(part);
			between(normalized.find(clean, allows), clean, push, (piece, from) =>
				encodeWords(piece, isFirst && at === 0 && from === 0, encodeWord),
			);
		});
	};

	return {
		vocabSize: tokens.length,
		longestTokenBytes:
			bpe.isLossy || added.some((token) => token.lstrip || token.rstrip)
				? Number.POSITIVE_INFINITY
				: shrink * longestBytes(vocabulary, preTokenizer.byteLevel),
		specialTokens: special,
		addedTokens: new Map(added.map((token) => [token.content, token.id])),
		around,
		encode(text, { special: parseSpecial = true, around: wrap = false } = {}) {
			const out: number[] = wrap ? [...around.before] : [];
			encodeInto(wellFormed(text), true, parseSpecial ? anyToken : textToken, out);
			if (wrap) for (const id of around.after) out.push(id);
			return out;
		},
		encodeParts: (parts) => encodeParts(parts, { raw, normalized, normalize, encodeInto, encodeWords, bpe }),
		decode(ids, { skipSpecial = false } = {}) {
			const out: string[] = [];
			for (const id of ids) {
				const token = written[id];
				if (token === undefined)
					throw new TokenizerError(`token ids are integers from 0 to ${tokens.length - 1}, got ${id}`, {
						code: "tokenizer-id-unknown",
					});
				if (!skipSpecial || !specialIds.has(id)) out.push(token);
			}
			return decode(out).join("");
		},
		idOf(token) {
			const id = idByToken.get(token);
			if (id === undefined)
				throw new TokenizerError(
					`no token ${JSON.stringify(token)}; special tokens are ${[...special.keys()].join(" ")}`,
					{ code: "tokenizer-token-unknown" },
				);
			return id;
		},
	};
}

/** Whether no merge reaches over the begin of a run of marks: then words can be cut there, and encode to the same ids. */
function marksEndTokens({ ids, tokens, merges }: Vocabulary): boolean {
	if (!ids.has(MARK)) return false;
	for (let rank = 0; rank < merges.size; rank++) {
		const token = tokens[merges.resultOf(rank)]!;
		for (let at = token.indexOf(MARK, 1); at > 0; at = token.indexOf(MARK, at + 1))
			if (token[at - 1] !== MARK) return false;
	}
	return true;
}

/** In the byte alphabet a character is a byte. */
function longestBytes({ tokens, added }: Vocabulary, byteLevel: boolean): number {
	const special = new Set(added.filter((token: AddedToken) => token.special).map((token) => token.id));
	const utf8 = new TextEncoder();
	const sizeOf = (token: string): number => (byteLevel ? token.length : utf8.encode(token).length);
	return tokens.reduce((most, token, id) => (special.has(id) ? most : Math.max(most, sizeOf(token))), 1);
}
