// The official client and curl against the whole server: real engine, real socket. What the engine says alone is the witness.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Adapter } from "@openledger/llm";
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKeyStore, newKey } from "../limits/keyStore.js";
import { type TinyServer, tinyServer } from "../testing/tinyServer.js";

let server: TinyServer;
let client: OpenAI;
beforeAll(async () => {
	server = await tinyServer();
	client = server.client();
});
afterAll(async () => await server.close());

const messages = [{ role: "user" as const, content: "What is the capital of Peru?" }];
const chat = { model: "tiny-1", messages, max_tokens: 12 };
/** The engine's own answer, by itself. */
const alone = (adapter: Adapter | undefined, sampling?: { temperature: number; seed: number }, stop?: string[]) =>
	server.engine.generate(
		{
			messages,
			maxTokens: 12,
			...(sampling && { sampling: { topP: 1, ...sampling } }),
			...(stop && { stop }),
			logprobs: 3,
		},
		adapter,
	);
const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
	const all: T[] = [];
	for await (const chunk of stream) all.push(chunk);
	return all;
};

describe("the official openai client", () => {
	test("default: a chat completion is the engine's own answer, by each model", async () => {
		for (const model of ["tiny-1", "team/two"]) {
			const { text, promptTokens, responseTokens, finishReason } = alone(server.adapters[model]);
			const answer = await client.chat.completions.create({ ...chat, model });
			expect(answer.choices[0]).toMatchObject({ message: { content: text }, finish_reason: finishReason });
			expect(answer.usage).toMatchObject({
				prompt_tokens: promptTokens.length,
				completion_tokens: responseTokens.length,
			});
			expect(answer).not.toHaveProperty("openledger");
		}
	});

	test("default: a stream's pieces are the same answer; usage comes last", async () => {
		const { text, responseTokens } = alone(server.adapters["tiny-1"]);
		const chunks = await collect(
			await client.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } }),
		);
		const pieces = chunks.map(({ choices }) => choices[0]?.delta.content ?? "");
		expect(pieces.join("")).toBe(text);
		expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(2);
		expect(chunks.at(-1)!.usage!.completion_tokens).toBe(responseTokens.length);
		const helper = client.chat.completions.stream(chat);
		expect(await helper.finalContent()).toBe(text);
	});

	test("default: n answers have the seeds that follow one another", async () => {
		const sampled = { temperature: 1.2, seed: 40 };
		const expected = [40, 41, 42].map((seed) => alone(server.adapters["tiny-1"], { ...sampled, seed }).text);
		expect(new Set(expected).size).toBe(3);
		const answer = await client.chat.completions.create({ ...chat, ...sampled, n: 3 });
		expect(answer.choices.map(({ message }) => message.content)).toEqual(expected);
		const texts = ["", "", ""];
		for await (const { choices } of await client.chat.completions.create({ ...chat, ...sampled, n: 3, stream: true })) {
			for (const { index, delta } of choices) texts[index] += delta.content ?? "";
		}
		expect(texts).toEqual(expected);
	});

	test("default: log-probabilities are the engine's, token by token", async () => {
		const { logprobs, responseTokens } = alone(server.adapters["tiny-1"]);
		const asked = { ...chat, logprobs: true, top_logprobs: 3 };
		const whole = (await client.chat.completions.create(asked)).choices[0]!.logprobs!.content!;
		expect(whole.map(({ logprob }) => logprob)).toEqual(logprobs!.map(({ logprob }) => logprob));
		expect(whole.map(({ top_logprobs }) => top_logprobs.map(({ logprob }) => logprob))).toEqual(
			logprobs!.map(({ top }) => top.map(({ logprob }) => logprob)),
		);
		const bytes = whole.flatMap((token) => token.bytes ?? [...new TextEncoder().encode(token.token)]);
		const text = server.base.tokenizer.decode(responseTokens);
		expect(new TextDecoder().decode(Uint8Array.from(bytes))).toBe(text);
		const chunks = await collect(await client.chat.completions.create({ ...asked, stream: true }));
		expect(chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? [])).toEqual(whole);
	});

	test("default: a plain completion goes on with its prompt, in the older form of log-probabilities", async () => {
		const asked = { model: "tiny", prompt: ["The river", "One and"], max_tokens: 6, logprobs: 2 };
		const answer = await client.completions.create(asked);
		expect(answer.choices.map(({ index }) => index)).toEqual([0, 1]);
		for (const { logprobs, text } of answer.choices) {
			expect(logprobs!.tokens!.join("")).toBe(text);
			expect(logprobs!.text_offset![0]).toBe(0);
			for (const [i, token] of logprobs!.tokens!.entries()) {
				expect(logprobs!.top_logprobs![i]![token]).toBe(logprobs!.token_logprobs![i]);
			}
		}
		const streams = await collect(await client.completions.create({ ...asked, stream: true }));
		for (const choice of answer.choices) {
			const own = streams.flatMap(({ choices }) => choices).filter(({ index }) => index === choice.index);
			expect(own.map(({ text }) => text).join("")).toBe(choice.text);
			const offsets = own.flatMap(({ logprobs }) => logprobs?.text_offset ?? []);
			expect(offsets).toEqual(choice.logprobs!.text_offset);
		}
	});

	test("behavior: an answer ends before a stop string, streamed or not", async () => {
		const { text } = alone(server.adapters["tiny-1"]);
		const stop = text.slice(3, 5);
		const cut = text.slice(0, text.indexOf(stop));
		const answer = await client.chat.completions.create({ ...chat, stop: [stop] });
		expect(answer.choices[0]).toMatchObject({ message: { content: cut }, finish_reason: "stop" });
		const chunks = await collect(await client.chat.completions.create({ ...chat, stop, stream: true }));
		expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(cut);
	});

	test("behavior: the client's own error classes, by status, with code and param", async () => {
		const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);
		const unknown = await failure(client.chat.completions.create({ ...chat, model: "none" }));
		expect(unknown).toBeInstanceOf(NotFoundError);
		expect(unknown).toMatchObject({ code: "model_not_found", param: "model" });
		const long = await failure(client.chat.completions.create({ ...chat, max_tokens: 4000 }));
		expect(long).toBeInstanceOf(BadRequestError);
		expect(long).toMatchObject({ code: "context_length_exceeded" });
		const tools = [{ type: "function" as const, function: { name: "f" } }];
		const tool = await failure(client.chat.completions.create({ ...chat, tools }));
		expect(tool).toMatchObject({ status: 400, code: "unsupported_field", param: "tools" });
		for (const stream of [true, false]) {
			const early = await failure(client.chat.completions.create({ ...chat, model: "none", stream }));
			expect(early).toBeInstanceOf(NotFoundError);
		}
	});

	test("behavior: a stream that breaks is an error of the client's, after what had come; one that waits is kept alive", async () => {
		const odd = await tinyServer({
			aliveMs: 40,
			wrap: (backend) => ({
				...backend,
				async generate(order, options) {
					if (order.seed === 1) options?.onPiece?.({ text: "Li", tokens: 1 });
					await new Promise((resolve) => setTimeout(resolve, order.seed === 1 ? 10 : 200));
					if (order.seed !== 2) throw new Error("the machine room is on fire");
					return await backend.generate(order, options);
				},
			}),
		});
		const stream = async (seed: number) => {
			const pieces: string[] = [];
			try {
				for await (const { choices } of await odd.client().chat.completions.create({ ...chat, seed, stream: true }))
					pieces.push(choices[0]?.delta.content ?? "");
				return { text: pieces.join("") };
			} catch (error) {
				return { text: pieces.join(""), error };
			}
		};
		const broken = await stream(1);
		expect(broken.text).toBe("Li");
		expect(broken.error).toMatchObject({ code: "internal_error", type: "server_error" });
		expect(await stream(2)).toEqual({ text: alone(odd.adapters["tiny-1"]).text });
		expect(await stream(3)).toMatchObject({ text: "", error: { code: "internal_error" } });
		const raw = await fetch(`${odd.url}/v1/chat/completions`, {
			method: "POST",
			body: JSON.stringify({ ...chat, seed: 2, stream: true }),
		});
		expect(await raw.text()).toMatch(/^: waiting\n\n(: waiting\n\n)*data: /);
		await odd.close();
	});

	test("behavior: models, one by one and as a list", async () => {
		expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["tiny", "tiny-1", "team/two"]);
		expect(await client.models.retrieve("team/two")).toMatchObject({ id: "team/two", parent: "tiny" });
		await expect(client.models.retrieve("none")).rejects.toBeInstanceOf(NotFoundError);
	});
});

describe("keys", () => {
	const [free, slow] = [newKey("free"), newKey("slow", { requestsPerMinute: 2, maxTokens: 8, bodyBytes: 400 })];
	const keys = createKeyStore([free.record, slow.record]);

	test("default: with keys, nobody asks without one; each key has its limits", async () => {
		const guarded = await tinyServer({ keys });
		try {
			const ask = (key: string, more = {}) =>
				guarded.client(key).chat.completions.create({ ...chat, max_tokens: 4, ...more });
			for (const wrong of ["none", `${free.key}x`, "olk_"]) {
				await expect(ask(wrong)).rejects.toBeInstanceOf(AuthenticationError);
				await expect(guarded.client(wrong).models.list()).rejects.toMatchObject({ code: "invalid_api_key" });
			}
			const bare = await fetch(`${guarded.url}/v1/models`);
			expect([bare.status, bare.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
			expect((await fetch(`${guarded.url}/health`)).status).toBe(200);
			for (let i = 0; i < 4; i++) await ask(free.key);
			await ask(slow.key);
			await expect(ask(slow.key, { max_tokens: 9 })).rejects.toMatchObject({ status: 400, param: "max_tokens" });
			const limited = (await ask(slow.key).catch((error: unknown) => error)) as RateLimitError;
			expect(limited).toBeInstanceOf(RateLimitError);
			expect(limited).toMatchObject({ code: "rate_limit_exceeded", type: "requests" });
			expect(Number(limited.headers!.get("retry-after"))).toBeGreaterThan(10);
		} finally {
			await guarded.close();
		}
	});

	test("behavior: a key's body limit and its places at once", async () => {
		const one = newKey("one", { concurrent: 1, bodyBytes: 300 });
		const guarded = await tinyServer({ keys: createKeyStore([one.record]), anonymous: true });
		try {
			const asked = guarded.client(one.key);
			await expect(
				asked.chat.completions.create({ ...chat, messages: [{ role: "user", content: "x".repeat(300) }] }),
			).rejects.toMatchObject({ status: 413 });
			const both = await Promise.allSettled([asked.chat.completions.create(chat), asked.chat.completions.create(chat)]);
			expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
			await asked.chat.completions.create(chat);
			const anonymous = new OpenAI({ baseURL: `${guarded.url}/v1`, apiKey: null as never, maxRetries: 0 });
			await anonymous.chat.completions.create(chat, { headers: { authorization: null } });
		} finally {
			await guarded.close();
		}
	});
});

describe("curl", () => {
	const curl = async (...options: string[]) =>
		(await promisify(execFile)("curl", ["-sS", "-N", "--max-time", "20", ...options])).stdout;

	test("default: a stream as plain text, and the id of the request that was sent", async () => {
		const out = await curl(
			...["-i", `${server.url}/v1/chat/completions`, "-H", "x-request-id: my-own.1"],
			...["-d", JSON.stringify({ ...chat, stream: true })],
		);
		expect(out).toMatch(/^HTTP\/1.1 200 OK\r\n/);
		expect(out.toLowerCase()).toContain("x-request-id: my-own.1\r\n");
		expect(out.toLowerCase()).toContain("content-type: text/event-stream");
		expect(out.trimEnd().endsWith("data: [DONE]")).toBe(true);
	});

	test("behavior: an id that is no plain token is not repeated", async () => {
		const out = await curl("-i", `${server.url}/health`, "-H", "x-request-id: <script>");
		expect(out).not.toContain("script");
		expect(out.toLowerCase()).toMatch(/x-request-id: [\da-f-]{36}\r\n/);
	});
});
