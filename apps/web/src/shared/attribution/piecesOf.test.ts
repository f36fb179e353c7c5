import { expect, test } from "vitest";
import { coloursOf } from "./colours.js";
import { piecesOf } from "./piecesOf.js";
import type { FoundSpan, ReceiptShare } from "./shownReceipt.js";

test("default: a text is cut where stretches begin and end, and nothing of it is lost", () => {
	const stretches = [
		{ start: 4, end: 11 },
		{ start: 8, end: 15 },
	];
	expect(piecesOf("one two and more to say", stretches)).toEqual([
		{ text: "one ", start: 0, inside: [], ends: [] },
		{ text: "two ", start: 4, inside: [0], ends: [] },
		{ text: "and", start: 8, inside: [0, 1], ends: [0] },
		{ text: " mor", start: 11, inside: [1], ends: [1] },
		{ text: "e to say", start: 15, inside: [], ends: [] },
	]);
});

test("behavior: what is no stretch of this text marks nothing", () => {
	const whole = [{ text: "a🙂b", start: 0, inside: [], ends: [] }];
	for (const bad of [
		{ start: 2, end: 4 },
		{ start: 0, end: 9 },
		{ start: 3, end: 3 },
		{ start: -1, end: 1 },
		{ start: 0.5, end: 1 },
	])
		expect(piecesOf("a🙂b", [bad])).toEqual(whole);
	expect(piecesOf("", [{ start: 0, end: 0 }])).toEqual([]);
});

test("behavior: a contributor has one colour in the bars and in the words, and who is only quoted has another", () => {
	const share = (contributor: string, account: `0x${string}`): ReceiptShare => ({
		...{ contributor, account, ppm: 1, wei: "1", rows: 1 },
	});
	const span = (contributor: string): FoundSpan => ({
		...{ start: 0, end: 1, count: 1, rarity: 1 },
		places: [{ row: 0, contributor, field: "response" }],
	});
	const spans = { digest: "0x", signature: "0x", indexRoot: "0x", spans: [span("cleo"), span("bela")] } as const;
	const colours = coloursOf({ shares: [share("ada", "0xA1"), share("bela", "0xB2")], spans });
	expect([colours.of("ada"), colours.of("0xa1"), colours.of("0xB2")]).toEqual([0, 0, 1]);
	expect(spans.spans.map(colours.ofSpan)).toEqual([2, 1]);
});
