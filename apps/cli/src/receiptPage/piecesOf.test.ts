import fc from "fast-check";
import { expect, test } from "vitest";
import { piecesOf } from "./piecesOf.js";

test("default: pieces begin and end where stretches do", () => {
	const pieces = piecesOf("one two three", [
		{ start: 0, end: 7 },
		{ start: 4, end: 13 },
	]);
	expect(pieces).toEqual([
		{ text: "one ", inside: [0], begins: [0], ends: [] },
		{ text: "two", inside: [0, 1], begins: [1], ends: [0] },
		{ text: " three", inside: [1], begins: [], ends: [1] },
	]);
	expect(piecesOf("one", [])).toEqual([{ text: "one", inside: [], begins: [], ends: [] }]);
	expect(piecesOf("", [])).toEqual([]);
});

test("behavior: what is no stretch of the text is left out, also what would cut a pair", () => {
	const bad = [
		{ start: -1, end: 2 },
		{ start: 0, end: 4 },
		{ start: 2, end: 2 },
		{ start: 0.5, end: 2 },
		{ start: 0, end: 2 },
	];
	expect(piecesOf("a🦋", bad).map(({ text, inside }) => [text, inside])).toEqual([["a🦋", []]]);
});

test("behavior: together the pieces are the text, and each stretch is the pieces inside it", () => {
	const stretch = fc.record({ start: fc.nat(40), end: fc.nat(40) });
	fc.assert(
		fc.property(fc.string({ maxLength: 30 }), fc.array(stretch, { maxLength: 8 }), (text, stretches) => {
			const pieces = piecesOf(text, stretches);
			expect(pieces.map((piece) => piece.text).join("")).toBe(text);
			stretches.forEach(({ start, end }, number) => {
				const held = pieces.filter(({ inside }) => inside.includes(number));
				expect(held.map((piece) => piece.text).join("")).toBe(end <= text.length ? text.slice(start, end) : "");
				const once = held.length > 0 ? 1 : 0;
				expect(pieces.filter(({ begins }) => begins.includes(number))).toHaveLength(once);
				expect(pieces.filter(({ ends }) => ends.includes(number))).toHaveLength(once);
			});
		}),
	);
});
