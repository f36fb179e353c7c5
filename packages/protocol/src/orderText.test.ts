// The text that receipts commit to: that of earlier orders as it was, and every further setting in it.

import { expect, test } from "vitest";
import { orderText } from "./orderText.js";

const order = {
	model: "m",
	messages: [{ role: "user" as const, content: "Hi" }],
	maxTokens: 4,
	temperaturePpm: 0,
	topPPpm: 1_000_000,
	seed: 0,
};

test("default: an order without further settings keeps the text that earlier receipts commit to", () => {
	expect(orderText(order)).toBe(
		'{"maxTokens":4,"messages":[{"content":"Hi","role":"user"}],"seed":0,"temperaturePpm":0,"topPPpm":1000000}',
	);
	expect(orderText({ ...order, topK: undefined } as never)).toBe(orderText(order));
});

test("behavior: each further setting is in the text", () => {
	const texts = [
		{ topK: 3 },
		{ minPPpm: 5 },
		{ repetitionPenaltyPpm: 1_100_000 },
		{ stop: ["."] },
		{ stop: ["!"] },
	].map((more) => orderText({ ...order, ...more }));
	expect(new Set([orderText(order), ...texts]).size).toBe(6);
	expect(texts[3]).toContain('"stop":["."]');
});
