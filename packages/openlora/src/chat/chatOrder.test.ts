import { utf8 } from "@openledger/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ApiError } from "../errors.js";
import { LIMITS } from "../limits/orderLimits.js";
import { parseChatOrder, parseChatRequest } from "./chatOrder.js";

const ORDER_FIELDS = [
	...["model", "messages", "maxTokens", "temperaturePpm", "topPPpm", "seed"],
	...["topK", "minPPpm", "repetitionPenaltyPpm", "stop"],
];
const messages = [{ role: "user", content: "What is the capital of France?" }];
const parse = (body: unknown) => parseChatOrder(utf8(typeof body === "string" ? body : JSON.stringify(body)));

function refusal(body: unknown): ApiError {
	try {
		parse(body);
	} catch (error) {
		if (error instanceof ApiError) return error;
	}
	throw new Error("was not refused");
}

test("default: an order has every default written out, in integers", () => {
	expect(parse({ model: "world-1", messages })).toEqual({
		model: "world-1",
		messages,
		maxTokens: LIMITS.defaultMaxTokens,
		temperaturePpm: 0,
		topPPpm: 1_000_000,
		seed: 0,
	});
	const full = {
		model: "m",
		messages,
		max_completion_tokens: 5,
		temperature: 0.7,
		top_p: 0.95,
		seed: 9,
		n: 1,
		stream: false,
	};
	expect(parse(full)).toMatchObject({ maxTokens: 5, temperaturePpm: 700_000, topPPpm: 950_000, seed: 9 });
});

test("behavior: stop, top_k, min_p and repetition_penalty stand in an order only where they were asked for", () => {
	const without = parse({ model: "m", messages });
	for (const same of [
		{ top_k: 0 },
		{ top_k: -1, min_p: 0, repetition_penalty: 1, stop: [] },
		{ top_k: null, min_p: null, repetition_penalty: null, stop: null },
	])
		expect(parse({ model: "m", messages, ...same })).toEqual(without);
	expect(parse({ model: "m", messages, top_k: 5, min_p: 0.05, repetition_penalty: 1.1, stop: "e\u0301" })).toEqual({
		...without,
		topK: 5,
		minPPpm: 50_000,
		repetitionPenaltyPpm: 1_100_000,
		stop: ["é"],
	});
	expect(parse({ model: "m", messages, stop: ["a", "b"] }).stop).toEqual(["a", "b"]);
	for (const [field, values] of Object.entries({
		stop: ["", [""], ["a", "b", "c", "d", "e"], "x".repeat(LIMITS.stopChars + 1), ["\ud83d"], [1]],
		top_k: [-2, 1.5],
		min_p: [-0.1, 1.1],
		repetition_penalty: [0, 2.1],
	})) {
		for (const value of values) expect(refusal({ model: "m", messages, [field]: value }).param).toMatch(field);
	}
});

test("behavior: n, stream and log-probabilities stand beside an order, never in it", () => {
	const asked = {
		model: "m",
		messages,
		seed: 2 ** 32 - 1,
		n: 3,
		stream: true,
		logprobs: true,
		top_logprobs: 4,
		user: "u",
	};
	const { orders, choicesPerPrompt, presentation } = parseChatRequest(
		utf8(JSON.stringify({ ...asked, stream_options: { include_usage: true } })),
	);
	const plain = parse({ model: "m", messages });
	expect(orders).toEqual([2 ** 32 - 1, 0, 1].map((seed) => ({ ...plain, seed })));
	expect(choicesPerPrompt).toBe(3);
	expect(presentation).toEqual({ stream: true, includeUsage: true, logprobs: 4 });
	const whole = parseChatRequest(utf8(JSON.stringify({ model: "m", messages, logprobs: true })));
	expect(whole.presentation).toEqual({ stream: false, includeUsage: false, logprobs: 0 });
	expect(parseChatRequest(utf8(JSON.stringify({ model: "m", messages }))).presentation.logprobs).toBeUndefined();
	expect(refusal({ model: "m", messages, top_logprobs: 2 }).param).toBe("top_logprobs");
});

test("behavior: text parts become lines, developers systems; other parts are refused by name", () => {
	const parts = [
		{ type: "text", text: "one" },
		{ type: "text", text: "two" },
	];
	const { messages: read } = parse({ model: "m", messages: [{ role: "developer", content: parts }, ...messages] });
	expect(read).toEqual([{ role: "system", content: "one\ntwo" }, ...messages]);
	const image = [...parts, { type: "image_url", image_url: { url: "x" } }];
	const refused = refusal({ model: "m", messages: [{ role: "user", content: image }] });
	expect(refused.param).toBe("messages.0.content.2.type");
	expect(refused.message).toContain('only parts of type "text"');
	const long = Array(3).fill({ type: "text", text: "x".repeat(LIMITS.messageChars / 2) });
	expect(refusal({ model: "m", messages: [{ role: "user", content: long }] }).param).toBe("messages.0.content");
});

test("behavior: what is not supported is refused by its name", () => {
	for (const [field, value] of Object.entries({
		tools: [],
		n: LIMITS.choices + 1,
		response_format: { type: "json_object" },
		presence_penalty: 1,
		logit_bias: { 5: 1 },
	})) {
		const error = refusal({ model: "m", messages, [field]: value });
		expect([error.status, error.param?.split(".")[0]]).toEqual([400, field]);
		expect(error.message).toContain(field);
	}
	expect(refusal({ model: "m", messages: [{ ...messages[0], name: "x" }] }).param).toBe("messages.0.name");
	expect(refusal({ model: "m", messages: [{ role: "tool", content: "x" }] }).message).toContain("tools and functions");
});

test("behavior: whatever is sent, it is an order or a refusal of one field, in few words", () => {
	const whole = { model: "m", messages, stop: ["x"], n: 2, stream_options: { include_usage: true }, logit_bias: {} };
	const fields = [...Object.keys(whole), "temperature", "seed", "max_tokens", "tools", "response_format", "__proto__"];
	const change = fc.record({ field: fc.constantFrom(...fields), value: fc.jsonValue() });
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean(), (changes, inMessage) => {
			const body = JSON.parse(JSON.stringify(whole));
			for (const { field, value } of changes) {
				Object.defineProperty(inMessage ? body.messages[0] : body, field, {
					...{ value, enumerable: true, writable: true, configurable: true },
				});
			}
			try {
				for (const order of parseChatRequest(utf8(JSON.stringify(body))).orders) {
					expect(Object.keys(order).every((key) => ORDER_FIELDS.includes(key))).toBe(true);
				}
			} catch (error) {
				expect(error).toBeInstanceOf(ApiError);
				const { status, message, param } = error as ApiError;
				expect([status, param === null]).toEqual([400, false]);
				expect(message.length).toBeLessThan(400);
			}
		}),
		{ numRuns: 500 },
	);
});

test("behavior: limits and malformed bodies", () => {
	const long = { role: "user", content: "x".repeat(LIMITS.messageChars + 1) };
	expect(refusal({ model: "m", messages: [long] }).param).toBe("messages.0.content");
	expect(refusal({ model: "m", messages: Array(LIMITS.messages + 1).fill(messages[0]) }).param).toBe("messages");
	for (const max_tokens of [0, LIMITS.maxTokens + 1, 1.5, "8"])
		expect(refusal({ model: "m", messages, max_tokens }).param).toBe("max_tokens");
	expect(refusal({ model: "m", messages, max_tokens: 3, max_completion_tokens: 4 }).param).toBe("max_tokens");
	expect(refusal({ messages }).param).toBe("model");
	expect(refusal('{"model": "m"').code).toBe("invalid_json");
	expect(() => parseChatOrder(Uint8Array.of(0x7b, 0xff, 0x7d))).toThrow(/UTF-8/);
});
