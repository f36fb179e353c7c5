// Learns a byte-level BPE vocabulary. A pure function of its arguments: counts are integers and every tie has an order,
// so the same texts give the same vocabulary on every machine. Knows nothing of files or of Hugging Face's format.

import { byteCharacters } from "./byteAlphabet.js";
import { copyText } from "./copyText.js";
import { TokenizerError } from "./errors.js";
import { createHeap } from "./heap.js";
import { createPairCounts, type PairCounts } from "./pairCounts.js";
import { splitWordsGpt2 } from "./splitWords.js";

export type BpeModel = {
	/** Tokens by id: special tokens, then the 256 bytes, then one token per merge. Ordinary tokens are in the byte alphabet. */
	readonly vocabulary: readonly string[];
	/** Pairs of token ids in the order in which they merge. */
	readonly merges: readonly (readonly [number, number])[];
	readonly specialTokens: readonly string[];
};

export type TrainBpeOptions = { readonly vocabSize: number; readonly specialTokens?: readonly string[] };

type Word = { readonly ids: number[]; readonly count: number };
type Candidate = { readonly slot: number; readonly left: number; readonly right: number; readonly count: number };

/** The most frequent pair, and among equals the one with the smaller left id, then the smaller right id. */
const isBefore = (a: Candidate, b: Candidate): boolean =>
	a.count !== b.count ? a.count > b.count : a.left !== b.left ? a.left < b.left : a.right < b.right;

/**
 * Learns merges until the vocabulary holds `vocabSize` tokens: always the most frequent pair, and among equals the one with
 * the smaller left id, then the smaller right id. No word reaches over the end of a text; the order of the texts says nothing.
 * Source: Sennrich et al. 2016, over bytes as in GPT-2.
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
	const pairs = createPairCounts();
	const candidates = createHeap(isBefore);
	const propose = (slot: number): void =>
		candidates.push({ slot, left: pairs.leftOf(slot), right: pairs.rightOf(slot), count: pairs.countOf(slot) });
	for (const slot of countPairs(words, pairs)) propose(slot);

	while (vocabulary.length < vocabSize) {
		if (candidates.size() === 0)
			throw new TokenizerError(
				`the texts give a vocabulary of ${vocabulary.length} tokens at most; lower vocabSize (${vocabSize}) or give more text`,
				{ code: "tokenizer-vocabulary-unreachable" },
			);
		const { slot, left, right, count } = candidates.pop();
		if (count !== pairs.countOf(slot)) {
			// Counts only fall after a pair's first merge, so what it has now is proposed anew.
			if (pairs.countOf(slot) > 0) propose(slot);
			continue;
		}
		const token = vocabulary[left]! + vocabulary[right]!;
		if (taken.has(token)) continue;
		taken.add(token);
		merges.push([left, right]);
		const id = vocabulary.push(token) - 1;
		const fresh = new Set<number>();
		for (const index of pairs.wordsOf(slot)) mergeInWord(words[index]!, index, { left, right, id }, pairs, fresh);
		pairs.clear(slot);
		for (const made of fresh) if (pairs.countOf(made) > 0) propose(made);
	}
	return { vocabulary, merges, specialTokens: [...specialTokens] };
}

function countWords(texts: Iterable<string>, firstByteId: number): Word[] {
	const counts = new Map<string, { count: number }>();
	for (const text of texts)
		splitWordsGpt2(text, (word) => {
			const known = counts.get(word);
			if (known === undefined) counts.set(word.length < 1024 ? copyText(word) : word, { count: 1 });
			else known.count++;
		});
	const utf8 = new TextEncoder();
	return [...counts].map(([word, { count }]) => ({
		ids: Array.from(utf8.encode(word), (b) => firstByteId + b),
		count,
	}));
}

/** Counts the pairs of all words; returns their slots. */
function countPairs(words: readonly Word[], pairs: PairCounts): Set<number> {
	const slots = new Set<number>();
	words.forEach(({ ids, count }, index) => {
		for (let i = 1; i < ids.length; i++) {
			const slot = pairs.slotOf(ids[i - 1]!, ids[i]!);
			pairs.change(slot, count);
			pairs.list(slot, index);
			slots.add(slot);
		}
	});
	return slots;
}

/** Merges a pair wherever a word holds it, from the left, and corrects the counts of its neighbours. */
function mergeInWord(
	{ ids, count }: Word,
	index: number,
	{ left, right, id }: { readonly left: number; readonly right: number; readonly id: number },
	pairs: PairCounts,
	fresh: Set<number>,
): void {
	const gain = (slot: number): void => {
		pairs.change(slot, count);
		pairs.list(slot, index);
		fresh.add(slot);
	};
	let length = 0;
	for (let i = 0; i < ids.length; i++) {
		if (ids[i] !== left || ids[i + 1] !== right) {
			ids[length++] = ids[i]!;
			continue;
		}
		if (length > 0) {
			const before = ids[length - 1]!;
			pairs.change(pairs.slotOf(before, left), -count);
			gain(pairs.slotOf(before, id));
		}
		i++;
		if (i + 1 < ids.length) {
			const after = ids[i + 1]!;
			pairs.change(pairs.slotOf(right, after), -count);
			gain(pairs.slotOf(id, after));
		}
		ids[length++] = id;
	}
	ids.length = length;
}
