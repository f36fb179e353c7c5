// Learns a byte-level BPE vocabulary. A pure function of its arguments: counts are integers and every tie has an order,
// so the same texts give the same vocabulary on every machine. Knows nothing of files or of Hugging Face's format.

import { byteCharacters, toByteCharacters } from "./byteAlphabet.js";
import { TokenizerError } from "./errors.js";
import { splitWords } from "./splitWords.js";

export type BpeModel = {
	/** Tokens by id: special tokens, then the 256 bytes, then one token per merge. Ordinary tokens are in the byte alphabet. */
	readonly vocabulary: readonly string[];
	/** Pairs of token ids in the order in which they merge. */
	readonly merges: readonly (readonly [number, number])[];
	readonly specialTokens: readonly string[];
};

export type TrainBpeOptions = { readonly vocabSize: number; readonly specialTokens?: readonly string[] };

type Word = { ids: number[]; readonly count: number };

/**
 * Learns merges until the vocabulary holds `vocabSize` tokens: always the most frequent pair, and among equals the one with
 * the smaller left id, then the smaller right id. Source: Sennrich et al. 2016, over bytes as in GPT-2.
 * Throws `tokenizer-vocabulary-unreachable` if the texts hold too few pairs or vocabSize is below 256 + special tokens.
 */
export function trainBpe(texts: Iterable<string>, { vocabSize, specialTokens = [] }: TrainBpeOptions): BpeModel {
	const vocabulary = [...specialTokens, ...byteCharacters];
	if (!Number.isSafeInteger(vocabSize) || vocabSize < vocabulary.length || vocabSize > 0xffff)
		throw new TokenizerError(`vocabSize must be an integer from ${vocabulary.length} to 65535, got ${vocabSize}`, {
			code: "tokenizer-vocabulary-unreachable",
		});
	const taken = new Set(vocabulary);
	const merges: [number, number][] = [];
	const words = countWords(texts, specialTokens.length);
	const pairs = countPairs(words);

	while (vocabulary.length < vocabSize) {
		const best = bestPair(pairs, (left, right) => !taken.has(vocabulary[left]! + vocabulary[right]!));
		if (best === undefined)
			throw new TokenizerError(
				`the texts give a vocabulary of ${vocabulary.length} tokens at most; lower vocabSize (${vocabSize}) or give more text`,
				{ code: "tokenizer-vocabulary-unreachable" },
			);
		const [left, right] = best;
		const token = vocabulary[left]! + vocabulary[right]!;
		const id = vocabulary.push(token) - 1;
		taken.add(token);
		merges.push(best);
		for (const index of pairs.get(keyOf(left, right))!.words) {
			const word = words[index]!;
			forEachPair(word.ids, (key) => drop(pairs, key, word.count));
			word.ids = mergePair(word.ids, left, right, id);
			forEachPair(word.ids, (key) => add(pairs, key, word.count, index));
		}
		pairs.delete(keyOf(left, right));
	}
	return { vocabulary, merges, specialTokens: [...specialTokens] };
}

type Pairs = Map<number, { count: number; readonly words: Set<number> }>;

const keyOf = (left: number, right: number): number => left * 0x10000 + right;

function countWords(texts: Iterable<string>, firstByteId: number): Word[] {
	const counts = new Map<string, number>();
	for (const text of texts) for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
	const idOf = new Map(byteCharacters.map((character, byte) => [character, firstByteId + byte]));
	return [...counts].map(([word, count]) => ({ ids: [...toByteCharacters(word)].map((c) => idOf.get(c)!), count }));
}

function countPairs(words: readonly Word[]): Pairs {
	const pairs: Pairs = new Map();
	words.forEach((word, index) => {
		forEachPair(word.ids, (key) => add(pairs, key, word.count, index));
	});
	return pairs;
}

function forEachPair(ids: readonly number[], visit: (key: number) => void): void {
	for (let i = 1; i < ids.length; i++) visit(keyOf(ids[i - 1]!, ids[i]!));
}

function add(pairs: Pairs, key: number, count: number, word: number): void {
	const pair = pairs.get(key);
	if (pair === undefined) pairs.set(key, { count, words: new Set([word]) });
	else {
		pair.count += count;
		pair.words.add(word);
	}
}

// A word stays listed under a pair that it no longer holds: merging it again for that pair changes nothing.
function drop(pairs: Pairs, key: number, count: number): void {
	const pair = pairs.get(key);
	if (pair !== undefined) pair.count -= count;
}

function bestPair(pairs: Pairs, allowed: (left: number, right: number) => boolean): [number, number] | undefined {
	let bestKey = -1;
	let bestCount = 0;
	for (const [key, { count }] of pairs) {
		if (count < bestCount || count === 0 || (count === bestCount && key > bestKey)) continue;
		if (!allowed(Math.floor(key / 0x10000), key % 0x10000)) continue;
		bestKey = key;
		bestCount = count;
	}
	return bestKey < 0 ? undefined : [Math.floor(bestKey / 0x10000), bestKey % 0x10000];
}

function mergePair(ids: readonly number[], left: number, right: number, id: number): number[] {
	const out: number[] = [];
	for (let i = 0; i < ids.length; i++) {
		if (ids[i] === left && ids[i + 1] === right) {
			out.push(id);
			i++;
		} else out.push(ids[i]!);
	}
	return out;
}
