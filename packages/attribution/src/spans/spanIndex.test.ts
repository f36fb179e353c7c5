import type { Row } from "@openledger/protocol";
import { CallerError, keccak256 } from "@openledger/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findSpans } from "./findSpans.js";
import { segmentSizes, spanLayout } from "./layout.js";
import { spanRules } from "./rules.js";
import { findPlace, findRange } from "./search.js";
import { buildSegment, SEGMENT_PARTS } from "./segment.js";
import { appendToSpanIndex, appendToSpanIndexAside, buildSpanIndex } from "./spanIndex.js";
import { naiveSpans, naiveSuffixes } from "./testing/naiveSpans.js";
import { hashNode, openingRoot, openLeaves, treeRoot } from "./tree.js";
import { findWords } from "./words.js";

const row = (response: string, prompt = ""): Row => ({ prompt, response });
const piece = (text: Uint8Array) => ({ rows: 1, units: 0, text, fields: Uint32Array.of(0, 0) });
/** Words of few letters, so that much repeats. */
const sentence = fc
	.array(fc.constantFrom("the", "cat", "sat", "on", "mat", "Ä", "a", "é1"), { maxLength: 14 })
	.map((words) => words.join(" "));
const someRows = fc.array(fc.record({ prompt: sentence, response: sentence }), { maxLength: 12 });

test("default: what an answer repeats, where, how often", () => {
	const rows = [
		row("To be, or not to be: that is the question.", "What is the question?"),
		row("He said: or not to be."),
	];
	const [span, ...more] = findSpans(buildSpanIndex(rows), "Well — or not to be is easy.", { minBytes: 8 });
	expect(more).toEqual([]);
	expect(span).toMatchObject({ start: 9, end: 21, text: "or not to be", count: 2 });
	expect(span!.occurrences).toEqual([
		{ row: 0, field: "response", offset: 7 },
		{ row: 1, field: "response", offset: 9 },
	]);
	expect(span!.rarity).toBeGreaterThan(0);
});

test("behavior: the suffix array is the sorted one", () => {
	const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ max: 2, maxLength: 300 }));
	fc.assert(
		fc.property(bytes, (text) => {
			expect([...buildSegment(piece(text)).suffixes]).toEqual(naiveSuffixes(text));
		}),
		{ numRuns: 300 },
	);
	const repeated = [
		"a".repeat(3000),
		"ab".repeat(2000),
		"abaab".repeat(700),
		"ba".repeat(1500),
		`${"ab".repeat(999)}b`,
	];
	for (const text of repeated.map((s) => Buffer.from(s))) {
		expect([...buildSegment(piece(text)).suffixes]).toEqual(naiveSuffixes(text));
	}
	const fibonacci = Array.from({ length: 18 }).reduce<[string, string]>(([a, b]) => [b, a + b], ["b", "a"])[1];
	expect([...buildSegment(piece(Buffer.from(fibonacci))).suffixes]).toEqual(naiveSuffixes(Buffer.from(fibonacci)));
});

test("behavior: spans, counts and places are those of a search without an index, over segments of any layout", () => {
	fc.assert(
		fc.property(
			someRows,
			sentence,
			fc.integer({ min: 1, max: 4 }),
			fc.constantFrom(1, 4),
			(rows, answer, minWords, largest) => {
				const rules = spanRules({ minWords, minBytes: 3, maxCount: 9, maxOccurrences: 4 });
				const found = findSpans(buildSpanIndex(rows, { unit: 64, largest }), answer, rules);
				expect(found.map(({ rarity, ...span }) => span)).toEqual(naiveSpans(rows, answer, rules));
			},
		),
		{ numRuns: 300 },
	);
});

test("behavior: no span crosses from field to field or from row to row", () => {
	const index = buildSpanIndex([row("over the lazy dog", "the quick fox jumps"), row("and then it slept")]);
	expect(findSpans(index, "the quick fox jumps over the lazy dog and then it slept").map(({ text }) => text)).toEqual([
		"the quick fox jumps",
		"over the lazy dog",
		"and then it slept",
	]);
	const turns: Row = { ...row("yes"), before: [{ role: "user", content: "one two three four five" }] };
	expect(findSpans(buildSpanIndex([turns]), "one two three four five")[0]!.occurrences[0]!.field).toBe("before:0");
});

test("behavior: the root follows from the rows, not from the batches; an append leaves the old index as it was", async () => {
	const rows = Array.from({ length: 60 }, (_, k) =>
		row(`row ${k} says ${k * k} and then ${"more ".repeat(k % 7)}`, `number ${k}?`),
	);
	const whole = buildSpanIndex(rows, { unit: 200, largest: 8 });
	expect(whole.commitment.segments.length).toBeGreaterThan(3);
	let grown = buildSpanIndex([], { unit: 200, largest: 8 });
	for (let at = 0; at < rows.length; ) {
		const before = grown.root;
		const kept = grown;
		const batch = rows.slice(at, at + 1 + ((at * 7) % 5));
		grown = at % 2 === 0 ? appendToSpanIndex(grown, batch) : await appendToSpanIndexAside(grown, batch);
		at += batch.length;
		expect(kept.root).toBe(before);
		expect(grown.rows).toBe(at);
	}
	expect(grown.root).toBe(whole.root);
	expect(buildSpanIndex(rows.with(3, row("other")), { unit: 200, largest: 8 }).root).not.toBe(whole.root);
	expect(appendToSpanIndex(whole, []).segments).toEqual(whole.segments);
	expect(segmentSizes(13, 4)).toEqual([4, 4, 4, 1]);
	expect(segmentSizes(14, 16)).toEqual([8, 4, 2]);
});

test("behavior: whole segments are used again, so appending a row sorts what is near the end alone", () => {
	const rows = Array.from({ length: 40 }, (_, k) => row(`${k} `.repeat(20)));
	const index = buildSpanIndex(rows, { unit: 64, largest: 8 });
	const more = appendToSpanIndex(index, [row("one more")]);
	const same = more.segments.filter((segment) => index.segments.includes(segment)).length;
	expect(same).toBeGreaterThanOrEqual(index.segments.length - 1);
});

test("behavior: an index of many segments holds no memory of the engine's for each", () => {
	const rows = Array.from({ length: 300 }, (_, k) => row(`row ${k} says something of its own, namely ${k * k * k}`));
	const index = buildSpanIndex(rows, { unit: 64, largest: 1 });
	expect(index.segments.length).toBeGreaterThan(140);
	expect(index.segments.every(({ block }) => block.buffer instanceof ArrayBuffer)).toBe(true);
	expect(findSpans(index, "it says something of its own, namely nothing")[0]!.count).toBe(300);
});

test("behavior: a range is all suffixes that begin so", () => {
	const text = Buffer.from("banana bandana ban");
	const segment = buildSegment(piece(text));
	for (const wanted of [
		"ban",
		"ana",
		"a",
		"bandana ban",
		"n ",
		"z",
		"0",
		"banana bandana ban",
		"banana bandana banz",
	]) {
		const [low, high] = findRange(segment, Buffer.from(wanted), 0, wanted.length);
		const starts = [...segment.suffixes.subarray(low, high)].sort((a, b) => a - b);
		const all = Array.from(text, (_, i) => i).filter((i) => text.subarray(i).toString().startsWith(wanted));
		expect(starts).toEqual(all);
	}
});

test("behavior: so it is in texts of many suffixes, for patterns short and long, there and not", () => {
	const letters = Uint8Array.from({ length: 6000 }, (_, i) => [97, 98, 0, 255][Math.imul(i + 1, 2654435761) >>> 30]!);
	const text = Uint8Array.of(...letters, ...letters.subarray(100, 900));
	const segment = buildSegment(piece(text));
	const tail = fc.oneof(fc.uint8Array({ maxLength: 2 }), fc.constant(new Uint8Array(9)));
	const start = fc.oneof(fc.nat(text.length - 1), fc.integer({ min: text.length - 9, max: text.length - 1 }));
	const some = fc.tuple(start, fc.integer({ min: 1, max: 24 }), tail);
	fc.assert(
		fc.property(some, ([start, length, tail]) => {
			const wanted = Uint8Array.of(...text.subarray(start, start + length), ...tail);
			const [low, high] = findRange(segment, wanted, 0, wanted.length);
			const bytes = Buffer.from(text);
			const all: number[] = [];
			for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) all.push(at);
			expect([...segment.suffixes.subarray(low, high)].sort((a, b) => a - b)).toEqual(all);
			const smaller = low === 0 || Buffer.compare(bytes.subarray(segment.suffixes[low - 1]!), wanted) < 0;
			const larger = high === text.length || Buffer.compare(bytes.subarray(segment.suffixes[high]!), wanted) > 0;
			expect([smaller, larger]).toEqual([true, true]);
			const sharing = (rank: number) => {
				const position = segment.suffixes[rank];
				let k = 0;
				while (position !== undefined && k < wanted.length && text[position + k] === wanted[k]) k++;
				return k;
			};
			expect(findPlace(segment, wanted, 0, wanted.length)).toEqual({
				rank: low,
				before: sharing(low - 1),
				at: sharing(low),
			});
		}),
		{ numRuns: 500 },
	);
});

test("behavior: the tree is the one that its definition says, and openings lead to its root", () => {
	const slowRoot = (data: Uint8Array): string => {
		let level: Uint8Array[] = [];
		const hash = (tag: number, bytes: Uint8Array) =>
			Buffer.from(keccak256(Uint8Array.of(tag, ...bytes)).slice(2), "hex");
		for (let at = 0; at < data.length; at += 128) level.push(hash(0, data.subarray(at, at + 128)));
		while (level.length > 1) {
			const above: Uint8Array[] = [];
			for (let k = 0; k < level.length; k += 2) {
				above.push(k + 1 < level.length ? hash(1, Buffer.concat([level[k]!, level[k + 1]!])) : level[k]!);
			}
			level = above;
		}
		return `0x${Buffer.from(level[0]!).toString("hex")}`;
	};
	for (const length of [1, 127, 128, 129, 2047, 2048, 2049, 5000, 9001]) {
		const text = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 5)) & 127);
		const segment = buildSegment(piece(text));
		expect(segment.record.textRoot).toBe(slowRoot(text));
		const suffixBytes = new Uint8Array(segment.suffixes.slice().buffer);
		expect(segment.record.suffixRoot).toBe(slowRoot(suffixBytes));
		const leaves = Math.ceil(length / 128);
		for (const step of [1, 2, 3, 7, 50]) {
			const chosen = Array.from({ length: leaves }, (_, k) => k).filter((k) => k % step === length % step);
			if (chosen.length === 0) continue;
			const opening = openLeaves(text, segment.nodes.text, chosen);
			expect(openingRoot(opening, length)).toBe(segment.record.textRoot);
			const data = opening.data.slice();
			data[0]! ^= 1;
			expect(openingRoot({ ...opening, data }, length)).not.toBe(segment.record.textRoot);
			expect(openingRoot({ ...opening, leaves: opening.leaves.map((k) => k + 1) }, length)).not.toBe(
				segment.record.textRoot,
			);
			expect(openingRoot({ ...opening, nodes: new Uint8Array(opening.nodes.length + 32) }, length)).toBeUndefined();
		}
		for (const part of SEGMENT_PARTS) expect(treeRoot(segment.nodes[part])).toMatch(/^0x[0-9a-f]{64}$/);
	}
	expect(Buffer.from(hashNode(0, new Uint8Array(0))).toString("hex")).toBe(keccak256(Uint8Array.of(0)).slice(2));
});

test("behavior: words are runs of letters and digits, characters of scripts without spaces stand alone", () => {
	const words = (text: string) => {
		const bytes = Buffer.from(text);
		const { begins, ends } = findWords(bytes);
		return [...begins].map((begin, k) => bytes.subarray(begin, ends[k]).toString());
	};
	expect(words("Don't stop — it's 3.14€!")).toEqual(["Don", "t", "stop", "it", "s", "3", "14"]);
	expect(words("naïve Ελλάδα привет")).toEqual(["naïve", "Ελλάδα", "привет"]);
	expect(words("你好,world")).toEqual(["你", "好", "world"]);
	expect(words("한국어 문장 😀 ok")).toEqual(["한국어", "문장", "ok"]);
	expect(words("")).toEqual([]);
});

test("behavior: what cannot be used is refused by name", () => {
	const index = buildSpanIndex([row("text")]);
	const wrong = [
		() => findSpans(index, "\ud800"),
		() => findSpans(index, "x".repeat(65_537)),
		() => findSpans(index, "x", { minWords: 0 }),
		() => findSpans(index, "x", { maxOccurrences: 101 }),
		() => buildSpanIndex([row("\udfff")]),
		() => buildSpanIndex([row("x".repeat(4 * 1024 * 1024 + 1))]),
		() => spanLayout({ unit: 10 }),
		() => spanLayout({ largest: 3 }),
		() => spanLayout({ unit: 2 ** 24, largest: 64 }),
	];
	for (const ask of wrong) expect(ask).toThrow(CallerError);
	expect(findSpans(buildSpanIndex([]), "nothing is known here")).toEqual([]);
	expect(findSpans(buildSpanIndex([row("")]), "nothing is known here")).toEqual([]);
	expect(findSpans(index, "")).toEqual([]);
});
