import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteCharacters, toByteCharacters } from "./byteAlphabet.js";
import { splitWords } from "./splitWords.js";
import { trainBpe } from "./trainBpe.js";

const learnt = (texts: string[], merges: number): string[] =>
	trainBpe(texts, { vocabSize: 256 + merges }).vocabulary.slice(256);

describe("trainBpe", () => {
	it("default: special tokens, then bytes, then merges by count", () => {
		const model = trainBpe(["low low low lower"], { vocabSize: 2 + 256 + 2, specialTokens: ["<|pad|>", "<|end|>"] });
		expect(model.vocabulary.slice(0, 3)).toEqual(["<|pad|>", "<|end|>", "Ā"]);
		expect(model.vocabulary.slice(258)).toEqual(["lo", "low"]);
		expect(model.merges.map((pair) => pair.map((id) => model.vocabulary[id]))).toEqual([
			["l", "o"],
			["lo", "w"],
		]);
	});

	it("behavior: a tie goes to the smaller ids, whatever the order of the texts", () => {
		expect(learnt(["cd", "ab", "ac"], 3)).toEqual(["ab", "ac", "cd"]);
		expect(learnt(["ac", "ab", "cd"], 3)).toEqual(["ab", "ac", "cd"]);
	});

	it("behavior: a second way to an existing token is not learnt twice", () => {
		const tokens = learnt(["abc abc abc bc bc bc bc xabc xab xab xab xab"], 6);
		expect(new Set(tokens).size).toBe(tokens.length);
	});

	it("behavior: too little text is refused with the size that would be possible", () => {
		expect(() => trainBpe(["ab"], { vocabSize: 300 })).toThrow(/257 tokens at most/);
		expect(() => trainBpe(["ab"], { vocabSize: 100 })).toThrow(/from 256 to 65535/);
	});

	it("behavior: merges are those of counting everything anew at every step", () => {
		const text = fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "é", "\n"), maxLength: 40 });
		fc.assert(
			fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 1, max: 25 }), (texts, merges) => {
				const slow = recount(texts, merges);
				if (slow.length < 256 + merges) expect(() => learnt(texts, merges)).toThrow(`${slow.length} tokens at most`);
				else {
					expect(learnt(texts, merges)).toEqual(slow.slice(256));
					expect(learnt([...texts].reverse(), merges)).toEqual(slow.slice(256));
				}
			}),
			{ numRuns: 200 },
		);
	});

	it("behavior: one long word is learnt in bounded time", () => {
		expect(learnt(["ab".repeat(100_000)], 3)).toEqual(["ab", "abab", "abababab"]);
	});
});

/** The vocabulary by the definition: all pairs counted at every step. */
function recount(texts: readonly string[], merges: number): string[] {
	const vocabulary = [...byteCharacters];
	let words = texts
		.flatMap(splitWords)
		.map((word) => [...toByteCharacters(word)].map((c) => byteCharacters.indexOf(c)));
	for (let step = 0; step < merges; step++) {
		const counts = new Map<string, { left: number; right: number; count: number }>();
		for (const ids of words)
			for (let i = 1; i < ids.length; i++) {
				const [left, right] = [ids[i - 1]!, ids[i]!];
				const pair = counts.get(`${left} ${right}`) ?? { left, right, count: 0 };
				pair.count++;
				counts.set(`${left} ${right}`, pair);
			}
		const [best] = [...counts.values()]
			.filter(({ left, right }) => !vocabulary.includes(vocabulary[left]! + vocabulary[right]!))
			.sort((a, b) => b.count - a.count || a.left - b.left || a.right - b.right);
		if (best === undefined) break;
		const id = vocabulary.push(vocabulary[best.left]! + vocabulary[best.right]!) - 1;
		words = words.map((ids) => {
			const out: number[] = [];
			for (let i = 0; i < ids.length; i++)
				if (ids[i] === best.left && ids[i + 1] === best.right) {
					out.push(id);
					i++;
				} else out.push(ids[i]!);
			return out;
		});
	}
	return vocabulary;
}
