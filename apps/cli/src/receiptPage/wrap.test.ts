import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, wrap } from "./wrap.js";

test("default: lines break between words, and inside one only where it is longer than a line", () => {
	expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
	expect(wrap("one\n\ntwo", 7)).toEqual(["one", "", "two"]);
	expect(wrap("a bcdefghij k", 4)).toEqual(["a", "bcde", "fghi", "j k"]);
	expect(wrap("東京都 🦋", 4)).toEqual(["東京", "都", "🦋"]);
	expect([columnsOf("e\u0301a"), columnsOf("東a")]).toEqual([2, 3]);
});

test("behavior: no line is too long, and no word is lost", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 30 }), (text, columns) => {
			const lines = wrap(text, columns);
			for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
			expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
		}),
	);
});
