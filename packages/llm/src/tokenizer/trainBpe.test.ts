import { describe, expect, it } from "vitest";
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
});
