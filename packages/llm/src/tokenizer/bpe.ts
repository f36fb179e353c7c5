// The model: one word to token ids, by symbols and merges, with a bounded memory of words. Knows nothing of how words are cut.

import { byteCharacters, toByteCharacters } from "./byteAlphabet.js";
import { copyText } from "./copyText.js";
import { type Field, fieldOf, flagOf, isAbsent, malformed, requireOne, textOf } from "./fields.js";
import { mergeSymbols } from "./mergeSymbols.js";
import type { Vocabulary } from "./readVocabulary.js";

export type Bpe = {
	/** Appends the ids of a word. */
	encodeWord(word: string, ids: number[]): void;
	/** Whether some characters leave no token, or share one: then tokens say nothing of the length of their text. */
	readonly isLossy: boolean;
};

/** Words kept, and the longest of them in UTF-16 units: some megabytes at most. */
const MAX_WORDS = 2 ** 15;
const MAX_WORD_LENGTH = 48;

/** Builds the model of a tokenizer.json; `byteLevel` if its words are bytes in the byte alphabet, else they are characters. */
export function readBpe(model: Field, vocabulary: Vocabulary, byteLevel: boolean): Bpe {
	requireOne(fieldOf(model, "type"), ["BPE"], "BPE");
	requireOne(fieldOf(model, "dropout"), [null, 0]);
	requireOne(fieldOf(model, "continuing_subword_prefix"), [null, ""]);
	requireOne(fieldOf(model, "end_of_word_suffix"), [null, ""]);
	if (byteLevel) requireOne(fieldOf(model, "byte_fallback"), [false], false);
	const { ids, merges, added } = vocabulary;
	const unknownField = fieldOf(model, "unk_token");
	const unknown = isAbsent(unknownField) ? undefined : ids.get(textOf(unknownField));
	if (unknown === undefined && !isAbsent(unknownField)) throw malformed(unknownField, "must be a token of model.vocab");
	const fuseUnknown = flagOf(fieldOf(model, "fuse_unk"), false);
	const fallbackField = fieldOf(model, "byte_fallback");
	const fallback = flagOf(fallbackField, false);
	const byteIds = byteLevel ? byteCharacters.map((c) => ids.get(c)) : fallback ? fallbackIds(fallbackField, ids) : [];
	const special = new Set(added.filter((token) => token.special).map((token) => token.content));
	const wholeWords = flagOf(fieldOf(model, "ignore_merges"), false);
	const utf8 = new TextEncoder();

	const symbolsOf = (word: string): number[] => {
		const symbols: number[] = [];
		let afterUnknown = false;
		const add = (id: number | undefined): void => {
			if (id !== undefined) symbols.push(id);
			else if (unknown !== undefined && !(afterUnknown && fuseUnknown)) symbols.push(unknown);
			afterUnknown = id === undefined;
		};
		if (byteLevel) for (const byte of utf8.encode(word)) add(byteIds[byte]);
		else
			for (const character of word) {
				const id = ids.get(character);
				if (id === undefined && fallback) for (const byte of utf8.encode(character)) add(byteIds[byte]);
				else add(id);
			}
		return symbols;
	};

	const idsOf = (word: string): readonly number[] => {
		if (wholeWords) {
			const token = byteLevel ? toByteCharacters(word) : word;
			const id = special.has(token) ? undefined : ids.get(token);
			if (id !== undefined) return [id];
		}
		return mergeSymbols(symbolsOf(word), merges);
	};

	const known = new Map<string, readonly number[]>();
	return {
		isLossy: byteLevel ? byteIds.some((id, byte) => id === undefined && isUtf8Byte(byte)) : !fallback,
		encodeWord(word, out) {
			let found = known.get(word);
			if (found === undefined) {
				found = idsOf(word);
				if (word.length <= MAX_WORD_LENGTH) {
					if (known.size === MAX_WORDS) known.clear();
					known.set(copyText(word), found);
				}
			}
			for (let i = 0; i < found.length; i++) out.push(found[i]!);
		},
	};
}

function fallbackIds(field: Field, ids: ReadonlyMap<string, number>): number[] {
	return Array.from({ length: 256 }, (_, byte) => {
		const token = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
		const id = ids.get(token);
		if (id === undefined) throw malformed(field, `needs all 256 byte tokens; model.vocab lacks ${token}`);
		return id;
	});
}

const isUtf8Byte = (byte: number): boolean => byte < 0xc0 || (byte > 0xc1 && byte < 0xf5);
