// Chunks in the shapes that vLLM's sources and the recordings in its issues show (pull request 45678: a chunk a token, with
// token_ids and running usage), the contents made up.
import { expect, test } from "vitest";
import { createAnswerReader } from "./answerReader.js";
import { refusal, saidBy } from "./vllmErrors.js";

const head = { id: "chatcmpl-95f7", object: "chat.completion.chunk", created: 1_782_114_956, model: "m" };
const chat = (choice: object, more: object = {}) => ({
	...head,
	choices: [{ index: 0, logprobs: null, finish_reason: null, ...choice }],
	...more,
});
const first = chat({ delta: { role: "assistant", content: "" } }, { prompt_token_ids: [1, 2, 3] });
const usage = { prompt_tokens: 3, total_tokens: 7, completion_tokens: 4 };

test("default: a chat answer that the model ends; its end token is not part of it", () => {
	const reader = createAnswerReader();
	expect(reader.take(first)).toBeUndefined();
	expect(reader.take(chat({ delta: { content: "target" }, token_ids: [28292] }, { usage }))).toEqual({
		text: "target",
		tokens: 1,
	});
	// Nothing to show yet: half a character, or the beginning of a stop string.
	expect(reader.take(chat({ delta: { content: "" }, token_ids: [4] }))).toEqual({ text: "", tokens: 1 });
	expect(
		reader.take(chat({ delta: { content: " é" }, token_ids: [9, 2], finish_reason: "stop", stop_reason: null })),
	).toEqual({
		text: " é",
		tokens: 1,
	});
	expect(reader.take({ ...head, choices: [], usage })).toBeUndefined();
	expect(reader.end()).toEqual({
		text: "target é",
		promptTokens: [1, 2, 3],
		responseTokens: [28292, 4, 9],
		finishReason: "stop",
	});
});

test("behavior: other ends: a stop string keeps its tokens, another end token's id goes, length cuts", () => {
	const ends = [
		[{ finish_reason: "stop", stop_reason: "END" }, [7, 8], "END"],
		[{ finish_reason: "stop", stop_reason: 151_643 }, [7], undefined],
		[{ finish_reason: "length", stop_reason: null }, [7, 8], undefined],
	] as const;
	for (const [end, tokens, stoppedBy] of ends) {
		const reader = createAnswerReader();
		reader.take(first);
		reader.take(chat({ delta: { content: "x" }, token_ids: [7, 8], ...end }));
		expect(reader.end()).toMatchObject({ responseTokens: tokens });
		expect(reader.end().stoppedBy).toBe(stoppedBy);
	}
});

test("behavior: a plain completion has its prompt's ids and logprobs in the choice, with lists side by side", () => {
	const reader = createAnswerReader(2);
	const logprobs = {
		text_offset: [0],
		tokens: ["1"],
		token_logprobs: [-3],
		// As JSON keeps it: keys that are numbers come first, whatever was written.
		top_logprobs: [{ "1": -3, " a": -0.5, " b": -1 }],
	};
	const choice = { index: 0, text: "1", logprobs, finish_reason: "length", stop_reason: null, token_ids: [5] };
	expect(reader.take({ id: "cmpl-1", choices: [{ ...choice, prompt_token_ids: [6] }] })).toEqual({
		text: "1",
		tokens: 1,
		logprobs: [
			{
				...{ token: "1", bytes: null, logprob: -3 },
				top: [
					{ token: " a", bytes: null, logprob: -0.5 },
					{ token: " b", bytes: null, logprob: -1 },
				],
			},
		],
	});
	expect(reader.end().promptTokens).toEqual([6]);
});

test("behavior: what is not vLLM's is refused by what is wrong with it", () => {
	const wrong: readonly (readonly [unknown, string])[] = [
		[null, "no choices"],
		[{ choices: [{ delta: { content: "x" } }] }, "prompt_token_ids"],
		[chat({ delta: {}, token_ids: ["a"] }, { prompt_token_ids: [1] }), "token ids"],
		[chat({ delta: {}, finish_reason: "tool_calls" }, { prompt_token_ids: [1] }), "tool_calls"],
	];
	for (const [chunk, what] of wrong) expect(() => createAnswerReader().take(chunk)).toThrow(what);
	expect(() => createAnswerReader().end()).toThrow("finish_reason");
	// Issue 28246 of vLLM: a reasoning parser, and no ids of what it swallowed.
	const short = createAnswerReader();
	short.take(first);
	short.take(chat({ delta: { content: "Hello!" }, token_ids: null, finish_reason: "stop" }, { usage }));
	expect(() => short.end()).toThrow("reasoning parser");
});

test("behavior: words of an error in every form it has had; never the request that a framework repeats", () => {
	expect(saidBy('{"error":{"message":"m","type":"BadRequestError","param":null,"code":400}}')).toBe("m");
	expect(saidBy('{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}')).toBe("m");
	expect(saidBy('{"detail":"Not Found"}')).toBe("Not Found");
	const validation = {
		detail: [{ type: "missing", loc: ["body"], msg: "Field required", input: { prompt: "secret" } }],
	};
	expect(saidBy(JSON.stringify(validation))).toBe("Field required");
	expect(saidBy("<html>")).toBeUndefined();
	const statuses = [400, 401, 404, 422, 429, 500, 503, 418].map((status) => refusal(status, "").status);
	expect(statuses).toEqual([400, 502, 404, 502, 429, 502, 503, 400]);
	expect(refusal(500, '{"error":{"message":"failed on prompt secret"}}').message).not.toContain("secret");
});
