// Tokens, added tokens and merges out of a parsed tokenizer.json: consistent, or refused. Knows nothing of text.

import { showValue } from "../formats/showValue.js";
import type { AddedToken } from "./addedTokens.js";
import { type Field, fieldOf, flagOf, itemsOf, malformed, recordOf, textOf, unsupported } from "./fields.js";
import { createMergeTable, type Merge, type MergeTable } from "./mergeTable.js";

export type Vocabulary = {
	/** Tokens by id. */
	readonly tokens: readonly string[];
	readonly ids: ReadonlyMap<string, number>;
	readonly added: readonly AddedToken[];
	readonly merges: MergeTable;
};

/** More than any model has; it keeps a rank and a place in one number. */
const MAX_TOKENS = 2 ** 20;
const MAX_ADDED_LENGTH = 512;
/** Tokens that no merge makes, where they are most of the vocabulary. */
const MOST_UNREACHED = 16;
/** Of all added tokens together: each takes some hundred bytes of memory in the finder. */
const MAX_ADDED_CHARACTERS = 2 ** 18;

/** Reads `model.vocab`, `added_tokens` and `model.merges`. Ids must be 0 … n-1, each once. */
export function readVocabulary(root: Field): Vocabulary {
	const model = fieldOf(root, "model");
	const vocab = fieldOf(model, "vocab");
	const entries = Object.entries(recordOf(vocab));
	if (entries.length > MAX_TOKENS) throw malformed(vocab, `must have at most ${MAX_TOKENS} tokens`);
	const ids = new Map<string, number>();
	for (const [token, id] of entries) {
		if (!Number.isSafeInteger(id) || (id as number) < 0)
			throw malformed({ ...vocab, path: `model.vocab[${showValue(token)}]`, value: id }, "must be an integer from 0");
		ids.set(token, id as number);
	}
	const added = readAdded(fieldOf(root, "added_tokens"), ids);
	const tokens = byId(ids, vocab);
	return { tokens, ids, added, merges: readMerges(fieldOf(model, "merges"), ids, added, model) };
}

/** Reads the added tokens and gives those that the model lacks their ids. */
function readAdded(list: Field, ids: Map<string, number>): AddedToken[] {
	const contents = new Set<string>();
	let characters = 0;
	return itemsOf(list).map((item) => {
		const contentField = fieldOf(item, "content");
		const content = textOf(contentField);
		if (content === "" || content.length > MAX_ADDED_LENGTH)
			throw malformed(contentField, `must have 1 to ${MAX_ADDED_LENGTH} characters`);
		if (contents.has(content)) throw malformed(contentField, "must not be there twice");
		contents.add(content);
		characters += content.length;
		if (characters > MAX_ADDED_CHARACTERS)
			throw malformed(list, `must have at most ${MAX_ADDED_CHARACTERS} characters in all contents together`);
		const idField = fieldOf(item, "id");
		const id = idField.value as number;
		if (!Number.isSafeInteger(id) || id < 0) throw malformed(idField, "must be an integer from 0");
		const known = ids.get(content);
		if (known !== undefined && known !== id) throw malformed(idField, `must be ${known} as in model.vocab`);
		ids.set(content, id);
		const special = flagOf(fieldOf(item, "special"), false);
		return {
			id,
			content,
			special,
			singleWord: flagOf(fieldOf(item, "single_word"), false),
			lstrip: flagOf(fieldOf(item, "lstrip"), false),
			rstrip: flagOf(fieldOf(item, "rstrip"), false),
			normalized: flagOf(fieldOf(item, "normalized"), !special),
		};
	});
}

function byId(ids: ReadonlyMap<string, number>, vocab: Field): string[] {
	if (ids.size === 0 || ids.size > MAX_TOKENS) throw malformed(vocab, `must have 1 to ${MAX_TOKENS} tokens`);
	const tokens = new Array<string | undefined>(ids.size).fill(undefined);
	for (const [token, id] of ids) {
		const field = { ...vocab, path: `the id of token ${showValue(token)}`, value: id };
		if (id >= ids.size) throw malformed(field, `must be below ${ids.size}, as ids are 0 … n-1 without holes`);
		if (tokens[id] !== undefined) throw malformed(field, `must not be the one of ${showValue(tokens[id])} too`);
		tokens[id] = token;
	}
	return tokens as string[];
}

function readMerges(
	list: Field,
	ids: ReadonlyMap<string, number>,
	added: readonly AddedToken[],
	model: Field,
): MergeTable {
	if (!Array.isArray(list.value)) throw malformed(list, "must be a list");
	const stated: readonly unknown[] = list.value;
	if (stated.length >= MAX_TOKENS) throw malformed(list, `must have fewer than ${MAX_TOKENS} merges`);
	const special = new Set(added.filter((token) => token.special).map((token) => token.id));
	const merges = stated.map((value, rank): Merge => {
		const field = { file: list.file, path: `model.merges[${rank}]`, value };
		const pair: readonly unknown[] =
			typeof value === "string" ? value.split(" ", 3) : Array.isArray(value) ? value : [];
		const [first, second] = pair;
		if (pair.length !== 2 || typeof first !== "string" || typeof second !== "string")
			throw malformed(field, 'must be a pair of tokens, as "a b" or ["a", "b"]');
		const idOf = (token: string): number => {
			const id = ids.get(token);
			if (id === undefined) throw malformed(field, `needs the token ${showValue(token)}, which model.vocab lacks`);
			return id;
		};
		const merge = { left: idOf(first), right: idOf(second), result: idOf(first + second) };
		// Otherwise what a user wrote could become a control token.
		if (special.has(merge.result))
			throw unsupported(field, `it makes the special token ${showValue(first + second)}, which no merge may`);
		return merge;
	});
	const wholeWords = flagOf(fieldOf(model, "ignore_merges"), false);
	if (!wholeWords) requireReachable(list, ids, added, merges);
	const table = createMergeTable(merges);
	if (typeof table === "number")
		throw malformed({ ...list, path: `model.merges[${table}]`, value: stated[table] }, "must not be there twice");
	return table;
}

/** One symbol as a merge meets it at first: a character, or a byte that has none. */
const SYMBOL = /^(?:.|<0x[0-9A-F]{2}>)$/su;

/** A few tokens that no merge makes are a model's own matter; where they are the most, merges are missing. */
function requireReachable(
	list: Field,
	ids: ReadonlyMap<string, number>,
	added: readonly AddedToken[],
	merges: readonly Merge[],
): void {
	const whole = new Set(added.map(({ content }) => content));
	const made = new Set(merges.map(({ result }) => result));
	const missing = [...ids].filter(([token, id]) => !made.has(id) && !whole.has(token) && !SYMBOL.test(token));
	if (missing.length <= Math.max(made.size, MOST_UNREACHED)) return;
	const [example] = missing[0]!;
	throw malformed(
		list,
		`must make the tokens of model.vocab; no merge makes ${missing.length} of them, ${showValue(example)} for one`,
	);
}
