// Expected answers are those of Python's re.fullmatch, asked once; the property holds ours to JavaScript's own.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { matchPattern } from "./matchPattern.js";

const path = "model.layers.12.self_attn.q_proj";

describe("matchPattern", () => {
	test.each([
		[String.raw`.*\.(q|v)_proj`, path, true],
		[String.raw`.*\.(q|v)_pro`, path, false],
		["q_proj", path, false],
		[String.raw`model\.layers\.(1[0-5]|\d)\.self_attn\.[kq]_proj`, path, true],
		[String.raw`model\.layers\.\d\..*`, path, false],
		[String.raw`^model\.layers\.\d{1,2}\.(?:self_attn|mlp)\.(?P<which>[a-z]+)_proj$`, path, true],
		["[^x]*", path, true],
		["[]a]+", "]a", true],
		["a{2}", "aa", true],
		["a{,2}b", "aaab", false],
		["a{2,}", "aaaa", true],
		["a{x", "a{x", true],
		["(a*)*b?", "aaab", true],
		["(|a)+", "", true],
		["x|", "", true],
	])("%s on %s: %s", (pattern, text, expected) => {
		expect(matchPattern(pattern)(text)).toBe(expected);
	});

	test.each([
		"(",
		")",
		"[a",
		"a**",
		"*a",
		"(?=a)",
		"(?i)a",
		String.raw`(a)\1`,
		"a\\",
		"[b-a]",
		"a{3,2}",
		"((a{200}){200})",
		`[${"a".repeat(5000)}]`,
	])("%s is refused", (pattern) => {
		expect(() => matchPattern(pattern)).toThrow(ModelError);
	});

	test("behavior: what ruins a backtracking engine takes no time", () => {
		const start = process.hrtime.bigint();
		expect(matchPattern("(a+)+(a+)+(a|aa)*c")("a".repeat(60))).toBe(false);
		expect(Number(process.hrtime.bigint() - start) / 1e6).toBeLessThan(500);
	});

	const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", String.raw`\w`, "(a|b)", "(?:ab|)", "(b*a)");
	const piece = fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{0,3}", "*?")).map(([a, r]) => a + r);
	test("the same answers as JavaScript's engine on small patterns", () => {
		fc.assert(
			fc.property(
				fc.array(piece, { maxLength: 4 }),
				fc.string({ unit: fc.constantFrom("a", "b", "c") }),
				(ps, text) => {
					const pattern = ps.join("");
					expect(matchPattern(pattern)(text)).toBe(new RegExp(`^(?:${pattern})$`).test(text));
				},
			),
			{ numRuns: 500 },
		);
	});

	test("any text gives an answer or a ModelError", () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(..."ab()[]{}*+?|\\^$.,-1d") }), (pattern) => {
				try {
					matchPattern(pattern)("ab");
				} catch (error) {
					expect(error).toBeInstanceOf(ModelError);
				}
			}),
			{ numRuns: 2000 },
		);
	});
});
