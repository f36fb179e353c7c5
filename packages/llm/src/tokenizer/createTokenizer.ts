// A tokenizer from a parsed tokenizer.json: byte-level BPE with GPT-2's word split, the form that ember has.
// Our own few lines instead of a library, because token ids are committed to and must not move with a dependency;
// a test holds them equal to @huggingface/tokenizers. Must not touch the file system.

import { byteCharacters, fromByteCharacters, toByteCharacters } from "./byteAlphabet.js";
import { TokenizerError } from "./errors.js";
import { type MergeTable, mergeKey, mergeWord } from "./mergeWord.js";
import { splitWords } from "./splitWords.js";

export type Tokenizer = {
	readonly vocabSize: number;
	/** Bytes of the longest ordinary token: a text of n bytes has at least n divided by this many tokens. */
	readonly longestTokenBytes: number;
	/** Ids of the special tokens by their text. */
	readonly specialTokens: ReadonlyMap<string, number>;
	/** Token ids of a text. With `special: false` the text of a special token is ordinary text (use it for what users wrote). */
	encode(text: string, options?: { readonly special?: boolean }): number[];
	/** Text of token ids; bytes that are no UTF-8 become U+FFFD. `skipSpecial` leaves special tokens out. */
	decode(ids: Iterable<number>, options?: { readonly skipSpecial?: boolean }): string;
	/** Id of a token written in the byte alphabet, or of a special token; throws `tokenizer-token-unknown`. */
	idOf(token: string): number;
};

/**
 * Builds a tokenizer from the parsed content of a `tokenizer.json`.
 * Throws `tokenizer-unsupported` for other kinds of tokenizer and `tokenizer-file-malformed` for inconsistent content.
 */
export function createTokenizer(json: unknown): Tokenizer {
	const { vocabulary, merges, special } = readModel(json);
	const tokens: string[] = [];
	for (const [token, id] of vocabulary) tokens[id] = token;
	const byteIds = byteCharacters.map((character) => {
		const id = vocabulary.get(character);
		if (id === undefined) throw malformed(`the vocabulary lacks the byte token ${JSON.stringify(character)}`);
		return id;
	});
	const idOfCharacter = new Map(byteCharacters.map((character, byte) => [character, byteIds[byte]!]));
	const specialById = new Map([...special].map(([token, id]) => [id, token]));
	const splitter =
		special.size === 0 ? undefined : new RegExp(`(${longestFirst(special).map(escapeRegExp).join("|")})`, "u");
	const encoder = new TextEncoder();

	const encodeOrdinary = (text: string, out: number[]): void => {
		for (const word of splitWords(text)) {
			const ids = [...toByteCharacters(word)].map((character) => idOfCharacter.get(character)!);
			for (const id of mergeWord(ids, merges)) out.push(id);
		}
	};

	return {
		vocabSize: tokens.length,
		longestTokenBytes: tokens.reduce((most, token) => (special.has(token) ? most : Math.max(most, token.length)), 1),
		specialTokens: special,
		encode(text, { special: parseSpecial = true } = {}) {
			const out: number[] = [];
			if (!parseSpecial || splitter === undefined) encodeOrdinary(text, out);
			else
				text.split(splitter).forEach((part, index) => {
					if (index % 2 === 1) out.push(special.get(part)!);
					else encodeOrdinary(part, out);
				});
			return out;
		},
		decode(ids, { skipSpecial = false } = {}) {
			const bytes: number[] = [];
			for (const id of ids) {
				const token = tokens[id];
				if (token === undefined)
					throw new TokenizerError(`token ids are integers from 0 to ${tokens.length - 1}, got ${id}`, {
						code: "tokenizer-id-unknown",
					});
				const specialText = specialById.get(id);
				if (specialText === undefined) bytes.push(...fromByteCharacters(token)!);
				else if (!skipSpecial) bytes.push(...encoder.encode(specialText));
			}
			return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
		},
		idOf(token) {
			const id = special.get(token) ?? vocabulary.get(token);
			if (id === undefined)
				throw new TokenizerError(
					`no token ${JSON.stringify(token)}; special tokens are ${[...special.keys()].join(" ")}`,
					{
						code: "tokenizer-token-unknown",
					},
				);
			return id;
		},
	};
}

type Read = { vocabulary: Map<string, number>; merges: MergeTable; special: Map<string, number> };

function readModel(json: unknown): Read {
	const root = record(json, "the file");
	const model = record(root.model, "model");
	const preTokenizer = record(root.pre_tokenizer, "pre_tokenizer");
	requireSupported(model.type, "BPE", "model.type");
	requireSupported(preTokenizer.type, "ByteLevel", "pre_tokenizer.type");
	requireSupported(preTokenizer.add_prefix_space ?? true, false, "pre_tokenizer.add_prefix_space");
	requireSupported(preTokenizer.use_regex ?? true, true, "pre_tokenizer.use_regex");
	requireSupported(root.normalizer ?? null, null, "normalizer");
	requireSupported(model.ignore_merges ?? false, false, "model.ignore_merges");
	requireSupported(model.byte_fallback ?? false, false, "model.byte_fallback");
	if (root.post_processor !== null && root.post_processor !== undefined)
		requireSupported(record(root.post_processor, "post_processor").type, "ByteLevel", "post_processor.type");

	const vocabulary = new Map<string, number>();
	for (const [token, id] of Object.entries(record(model.vocab, "model.vocab"))) {
		if (!Number.isSafeInteger(id)) throw malformed(`model.vocab[${JSON.stringify(token)}] must be an integer`);
		vocabulary.set(token, id as number);
	}
	const special = new Map<string, number>();
	for (const item of list(root.added_tokens ?? [], "added_tokens")) {
		const { content, id, lstrip, rstrip, single_word } = record(item, "added_tokens[]");
		if (typeof content !== "string" || content === "" || !Number.isSafeInteger(id))
			throw malformed("every added token needs a content and an integer id");
		for (const flag of [lstrip, rstrip, single_word]) requireSupported(flag ?? false, false, "added_tokens[].lstrip …");
		special.set(content, id as number);
		vocabulary.set(content, id as number);
	}
	const ids = [...vocabulary.values()];
	if (new Set(ids).size !== ids.length || ids.some((id) => id < 0 || id >= ids.length) || ids.length > 0x100000)
		throw malformed("token ids must be 0 … n-1, each once");
	for (const token of vocabulary.keys())
		if (!special.has(token) && fromByteCharacters(token) === undefined)
			throw malformed(`token ${JSON.stringify(token)} is not in the byte alphabet`);

	const merges = new Map<number, { rank: number; id: number }>();
	list(model.merges, "model.merges").forEach((merge, rank) => {
		const [left, right, ...rest] = typeof merge === "string" ? merge.split(" ") : list(merge, `model.merges[${rank}]`);
		const a = vocabulary.get(String(left));
		const b = vocabulary.get(String(right));
		const id = vocabulary.get(`${left}${right}`);
		if (rest.length > 0 || a === undefined || b === undefined || id === undefined)
			throw malformed(`model.merges[${rank}] must be two tokens of the vocabulary whose join is one too`);
		if (!merges.has(mergeKey(a, b))) merges.set(mergeKey(a, b), { rank, id });
	});
	return { vocabulary, merges, special };
}

const longestFirst = (special: ReadonlyMap<string, number>): string[] =>
	[...special.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

function record(value: unknown, where: string): Record<string, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw malformed(`${where} must be an object`);
	return value as Record<string, unknown>;
}

function list(value: unknown, where: string): unknown[] {
	if (!Array.isArray(value)) throw malformed(`${where} must be a list`);
	return value;
}

function requireSupported(value: unknown, wanted: unknown, where: string): void {
	if (value !== wanted)
		throw new TokenizerError(
			`${where} is ${JSON.stringify(value)}; supported is ${JSON.stringify(wanted)} (byte-level BPE with GPT-2's word split)`,
			{ code: "tokenizer-unsupported" },
		);
}

const malformed = (what: string): TokenizerError =>
	new TokenizerError(`tokenizer.json: ${what}`, { code: "tokenizer-file-malformed" });
