import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonicalJson.js";

test("default: sorted keys, no spaces", () => {
	expect(canonicalJson({ b: [1, "x", null], a: { d: true, c: -3 }, é: "ü\n" })).toBe(
		'{"a":{"c":-3,"d":true},"b":[1,"x",null],"é":"ü\\n"}',
	);
});

test("behavior: keys are sorted by UTF-16 code unit (RFC 8785, section 3.2.3)", () => {
	const keys = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
	const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
	expect(Object.keys(JSON.parse(text)).sort()).toEqual(keys.sort());
	const order = [...text.matchAll(/"((?:[^"\\]|\\.)+)":/g)].map((match) => JSON.parse(`"${match[1]}"`));
	expect(order).toEqual(["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"]);
});

const value = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4 },
		fc.constant(null),
		fc.boolean(),
		fc.maxSafeInteger().map((n) => n + 0),
		fc.string({ unit: "grapheme" }),
		fc.array(tie("value"), { maxLength: 4 }),
		fc.dictionary(fc.string({ unit: "grapheme" }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
	),
})).value;

test("behavior: reads back as the same value, whatever the order of its keys", () => {
	fc.assert(
		fc.property(value, (original) => {
			const text = canonicalJson(original);
			expect(JSON.parse(text)).toEqual(original);
			expect(canonicalJson(reversed(original))).toBe(text);
		}),
	);
});

const cycle: unknown[] = [];
cycle.push(cycle);

test.each([
	["float", { a: [0.5] }, "$.a[0]"],
	["NaN", Number.NaN, "$"],
	["minus zero", [-0], "$[0]"],
	["beyond 2^53", { n: 2 ** 53 }, "$.n"],
	["bigint", { fee: 1n }, "$.fee"],
	["undefined member", { x: undefined }, "$.x"],
	["hole", new Array(1), "$[0]"],
	["Date", { at: new Date(0) }, "$.at"],
	["Map", new Map(), "$"],
	["function", () => 0, "$"],
	["lone surrogate", ["\ud800"], "$[0]"],
	["lone surrogate in a key", { "\ud800": 1 }, "$"],
])("behavior: refuses a %s and says where", (_, bad, path) => {
	expect(() => canonicalJson(bad)).toThrow(
		expect.objectContaining({ code: "protocol/not-canonical", details: { path } }),
	);
});

test("behavior: refuses a cycle", () => {
	expect(() => canonicalJson(cycle)).toThrow(expect.objectContaining({ code: "protocol/not-canonical" }));
});

function reversed(original: unknown): unknown {
	if (Array.isArray(original)) return original.map(reversed);
	if (typeof original !== "object" || original === null) return original;
	return Object.fromEntries(
		Object.entries(original)
			.reverse()
			.map(([key, member]) => [key, reversed(member)]),
	);
}
