// Which tokens a row has and which of them the loss counts, read back as text.
import { describe, expect, test } from "vitest";
import { encodeChat, encodeExample } from "../generation/chat.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { isCounted } from "./batch.js";
import { encodeRow, type RowText } from "./encodeRow.js";

const plain = tinyBase();
/** The tiny base with a template that ends every answer. */
const base = {
	...plain,
	chatTemplate:
		"{% for m in messages %}{% if m.role == 'assistant' %}<|assistant|>{{ m.content }}<|end|>{% else %}<|user|>{{ m.content }}{% endif %}{% endfor %}<|assistant|>",
};
const talk: RowText = {
	before: [
		{ role: "system", content: "Be brief." },
		{ role: "user", content: "One?" },
		{ role: "assistant", content: "Two." },
	],
	prompt: "Three?",
	response: "Four.",
};
const read = (ids: readonly number[]) => base.tokenizer.decode(ids);
const countedText = (row: RowText, on = base) => {
	const encoded = encodeRow(on, row);
	return read(encoded.tokens.filter((_, position) => isCounted(encoded, position)));
};

describe("encodeRow", () => {
	test("default: a prompt and its response as they always were", () => {
		expect(encodeRow(base, { prompt: "One?", response: "Two." })).toEqual(encodeExample(base, "One?", "Two."));
		expect(countedText({ prompt: "One?", response: "Two." })).toBe("Two.<|end|>");
	});

	test("default: every answer of a conversation counts, with the token that ends it", () => {
		const { tokens, from } = encodeRow(base, talk);
		expect(read(tokens)).toBe(
			"<|user|>Be brief.<|user|>One?<|assistant|>Two.<|end|><|user|>Three?<|assistant|>Four.<|end|>",
		);
		expect(countedText(talk)).toBe("Two.<|end|>Four.<|end|>");
		// What stands before the last answer is what the model is given when it is asked.
		const asked = [...talk.before!, { role: "user" as const, content: talk.prompt }];
		expect(tokens.slice(0, from)).toEqual(encodeChat(base, asked));
	});

	test("behavior: a template that does not end answers leaves their words alone", () => {
		expect(countedText(talk, plain)).toBe("Two.Four.<|end|>");
	});

	test("default: plain text stands for itself and counts from its second token", () => {
		const { tokens, from } = encodeRow(base, { prompt: "", response: "One and two <|end|>" });
		expect(read(tokens)).toBe("One and two <|end|><|end|>");
		expect([from, tokens.filter((id) => id === base.endOfText).length]).toEqual([1, 1]);
	});

	test("behavior: loss on everything counts all but the first token", () => {
		const all = encodeRow(base, talk, { responsesOnly: false });
		expect(all).toEqual({ tokens: encodeRow(base, talk).tokens, from: 1 });
	});
});
