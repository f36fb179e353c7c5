// A tokenizer from a parsed tokenizer.json: BPE over bytes (GPT-2, Llama 3, Qwen2, Qwen3, SmolLM2) or over characters as
// SentencePiece has it (Llama 2, TinyLlama). Our own instead of a library: docs/decisions/0012-tokenizers.md says why; goldens
// hold it equal to Hugging Face's. Must not touch the file system.

import { type AddedToken, createFinder } from "./addedTokens.js";
import { readBpe } from "./bpe.js";
import { readDecoder } from "./decoder.js";
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
	/** Ids that the file's template puts before and after a text; `encode` does so only when asked. */
	readonly around: { readonly before: readonly number[]; readonly after: readonly number[] };
	/**
	 * Token ids of a text; lone surrogates count as U+FFFD. With `special: false` the text of a special token is ordinary text
	 * (use it for what users wrote). `around` puts the template's tokens around it. The same text always gives the same ids,
	 * in time proportional to n·log n.
	 */
	encode(text: string, options?: { readonly special?: boolean; readonly around?: boolean }): number[];
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

	const encodeInto = (text: string, parseSpecial: boolean, out: number[]): void => {
		const encodeWord = (word: string): void => bpe.encodeWord(word, out);
		const encodeWords = cut === undefined ? encodeWord : (piece: string): void => cut(piece, encodeWord);
		const encodePiece = (piece: string, isFirst: boolean): void => preTokenizer.split(piece, isFirst, encodeWords);
		const encodeRaw = (part: string, isFirst: boolean): void => {
			const clean = normalize(part);
			between(normalized.find(clean, parseSpecial), clean, out, (piece, from) =>
				encodePiece(piece, isFirst && from === 0),
			);
		};
		between(raw.find(text, parseSpecial), text, out, (part, from) => encodeRaw(part, from === 0));
	};

	return {
		vocabSize: tokens.length,
		longestTokenBytes:
			bpe.isLossy || added.some((token) => token.lstrip || token.rstrip)
				? Number.POSITIVE_INFINITY
				: shrink * longestBytes(vocabulary, preTokenizer.byteLevel),
		specialTokens: special,
		around,
		encode(text, { special: parseSpecial = true, around: wrap = false } = {}) {
			const out: number[] = wrap ? [...around.before] : [];
			encodeInto(text.replace(/\p{Surrogate}/gu, "\ufffd"), parseSpecial, out);
			if (wrap) for (const id of around.after) out.push(id);
			return out;
		},
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

/** Appends the ids of what was found in a text, and hands on what stands between, with its place. */
function between(
	found: readonly { readonly from: number; readonly to: number; readonly id: number }[],
	text: string,
	out: number[],
	visit: (part: string, from: number) => void,
): void {
	let at = 0;
	for (const { from, to, id } of found) {
		if (at < from) visit(text.slice(at, from), at);
		out.push(id);
		at = to;
	}
	if (at < text.length) visit(at === 0 ? text : text.slice(at), at);
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
