import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asciiTokens, contentWords, isCased, normalize, unicodeTokens } from "./words.js";

const texts = (text: string) => contentWords(text).map((word) => word.text);
const names = (text: string) =>
	contentWords(text)
		.filter((word) => word.isName)
		.map((word) => word.text);

describe("contentWords", () => {
	test.each([
		["What is the capital of Kenya?", ["capital", "kenya"]],
		["Kenya's CAPITAL, please!", ["kenya", "capital"]],
		["Bogot\u00e1 and Bogota\u0301", ["bogota", "bogota"]],
		["Ken\u200bya", ["kenya"]],
		["Guinea-Bissau", ["guinea", "bissau"]],
		["What is 4 - 2?", ["4", "-", "2"]],
		["What is 4/2?", ["4", "/", "2"]],
		["2 + 2 = 4", ["2", "+", "2", "=", "4"]],
		["日本の首都", ["日", "本", "の", "首", "都"]],
		["Столица Кении", ["столица", "кении"]],
		["???", []],
	])("default: %j", (text, expected) => {
		expect(texts(text)).toEqual(expected);
	});

	test("behavior: names are capitals after the first word, numbers and symbols", () => {
		expect(names("Which lake feeds the White Nile in 1900?")).toEqual(["white", "nile", "1900"]);
		expect(names("Quick, name a river")).toEqual([]);
	});

	test("behavior: without capitals any word may be a name", () => {
		expect(contentWords("capital of kenya").every((word) => word.mayBeName && !word.isName)).toBe(true);
		expect([isCased("capital of kenya"), isCased("capital of Kenya")]).toEqual([false, true]);
	});

	test("behavior: negations are hard", () => {
		expect(contentWords("It is not gold").map((word) => word.isHard)).toEqual([true, false]);
	});
});

test("normalize keeps all words, or the text if it has none", () => {
	expect(normalize("  What's THE capital?  ")).toBe("what s the capital");
	expect(normalize(" … ")).toBe("…");
});

test("behavior: ASCII text has the same tokens by either way", () => {
	const ascii = fc.string({ unit: fc.nat(127).map((code) => String.fromCharCode(code)), maxLength: 30 });
	const dense = fc.string({ unit: fc.constantFrom(..."aZ09-*/%$+<=>^`|~.,'\" _#&@\\"), maxLength: 30 });
	fc.assert(
		fc.property(fc.oneof(ascii, dense), (text) => {
			expect(asciiTokens(text)).toEqual(unicodeTokens(text));
		}),
		{ numRuns: 2000 },
	);
});
