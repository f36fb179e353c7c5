// Every kind of answer against OpenAI's published shapes, and every published field of a request: supported, or refused by its name.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { type TinyServer, tinyServer } from "../testing/tinyServer.js";
import { CHAT_FIELDS, type RequestField, TEXT_FIELDS } from "./requestFields.js";
import * as shapes from "./testing/shapes.js";

let server: TinyServer;
beforeAll(async () => {
	server = await tinyServer();
});
afterAll(async () => await server.close());

const post = (path: string, body: unknown) =>
	fetch(`${server.url}${path}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
	});
const chat = { model: "tiny-1", messages: [{ role: "user", content: "Peru?" }], max_tokens: 4 };
const plain = { model: "tiny-1", prompt: "The river", max_tokens: 4 };

async function whole(path: string, body: unknown, shape: z.ZodType) {
	const response = await post(path, body);
	expect(response.status).toBe(200);
	return shape.parse(await response.json());
}
async function streamed(path: string, body: object, shape: z.ZodType) {
	const response = await post(path, { ...body, stream: true });
	expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
	const text = await response.text();
	expect(text).toMatch(/^(data: [^\n]+\n\n)+$/);
	const events = text.split("\n\n").slice(0, -1);
	expect(events.pop()).toBe("data: [DONE]");
	return events.map((event) => shape.parse(JSON.parse(event.slice("data: ".length))));
}

describe("answers have the published shapes", () => {
	test("default: chat completions, whole and streamed, with everything that can be asked for", async () => {
		for (const more of [
			{},
			{ n: 3, temperature: 1, seed: 5 },
			{ logprobs: true },
			{ logprobs: true, top_logprobs: 20, n: 2 },
			{ stop: ["e"], max_completion_tokens: 12, max_tokens: null },
			{ model: "team/two" },
		]) {
			const asked = { ...chat, ...more };
			const answer = (await whole("/v1/chat/completions", asked, shapes.chatCompletion)) as z.infer<
				typeof shapes.chatCompletion
			>;
			expect(answer.choices.map(({ index }) => index)).toEqual(Array.from({ length: asked.n ?? 1 }, (_, i) => i));
			expect(answer.choices.every(({ logprobs }) => (logprobs === null) === (asked.logprobs !== true))).toBe(true);
			await streamed("/v1/chat/completions", asked, shapes.chatChunk);
			const withUsage = { ...asked, stream_options: { include_usage: true } };
			const chunks = (await streamed("/v1/chat/completions", withUsage, shapes.chatChunk)) as z.infer<
				typeof shapes.chatChunk
			>[];
			expect(chunks.at(-1)).toMatchObject({ choices: [], usage: answer.usage });
		}
	});

	test("default: plain completions, whole and streamed", async () => {
		for (const more of [{}, { prompt: ["The river", "One and"], n: 2 }, { logprobs: 5 }, { logprobs: 0, stop: "e" }]) {
			await whole("/v1/completions", { ...plain, ...more }, shapes.textCompletion);
			await streamed("/v1/completions", { ...plain, ...more }, shapes.textChunk);
			const usage = { ...plain, ...more, stream_options: { include_usage: true } };
			await streamed("/v1/completions", usage, shapes.textChunk);
		}
	});

	test("default: models and errors", async () => {
		const list = await (await fetch(`${server.url}/v1/models`)).json();
		expect(shapes.modelList.parse(list).data.map(({ id, parent }) => [id, parent])).toEqual([
			["tiny", null],
			["tiny-1", "tiny"],
			["team/two", "tiny"],
		]);
		for (const id of ["tiny", "team/two", "team%2Ftwo"]) {
			shapes.model.parse(await (await fetch(`${server.url}/v1/models/${id}`)).json());
		}
		for (const [path, body, status] of [
			["/v1/chat/completions", { ...chat, model: "none" }, 404],
			["/v1/chat/completions", { ...chat, max_tokens: 4000 }, 400],
			["/v1/completions", { ...plain, prompt: "x ".repeat(500) }, 400],
			["/v1/completions", {}, 400],
			["/v1/other", {}, 404],
		] as const) {
			const response = await post(path, body);
			expect(response.status).toBe(status);
			shapes.errorResponse.parse(await response.json());
		}
	});
});

describe("every published request field is supported, or refused by its name", () => {
	/** The fields of an interface of OpenAI's own client, whose types are made from its OpenAPI document. */
	function published(file: string, name: string): string[] {
		const types = join(dirname(createRequire(import.meta.url).resolve("openai")), "resources", file);
		const [, body] = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(readFileSync(types, "utf8"))!;
		return [...body!.matchAll(/^ {4}(\w+)\??:/gm)].map(([, field]) => field!);
	}

	test("default: the list is complete", () => {
		const chatFields = published("chat/completions/completions.d.ts", "ChatCompletionCreateParamsBase");
		const textFields = published("completions.d.ts", "CompletionCreateParamsBase");
		expect(chatFields.length).toBeGreaterThan(30);
		expect(textFields.length).toBeGreaterThan(15);
		expect(chatFields.filter((field) => CHAT_FIELDS[field] === undefined)).toEqual([]);
		expect(textFields.filter((field) => TEXT_FIELDS[field] === undefined)).toEqual([]);
	});

	const refusal = async (path: string, body: object) => {
		const response = await post(path, body);
		const { error } = shapes.errorResponse.parse(await response.json());
		return { status: response.status, param: error.param, message: error.message };
	};

	for (const [path, base, fields] of [
		["/v1/chat/completions", chat, CHAT_FIELDS],
		["/v1/completions", plain, TEXT_FIELDS],
	] as const satisfies readonly (readonly [string, object, Readonly<Record<string, RequestField>>])[]) {
		test(`default: each field of ${path}`, async () => {
			for (const [name, { accepted = [], refused = [] }] of Object.entries(fields)) {
				for (const value of accepted) {
					const more = name === "max_completion_tokens" ? { max_tokens: null } : {};
					const response = await post(path, { ...base, ...more, [name]: value, stream: false });
					expect([name, value, response.status]).toEqual([name, value, 200]);
				}
				for (const value of refused) {
					const { status, param, message } = await refusal(path, { ...base, [name]: value });
					expect([name, value, status, param?.split(".")[0]]).toEqual([name, value, 400, name]);
					expect(message).toContain(name);
				}
			}
			const unknown = await refusal(path, { ...base, frobnicate: 1 });
			expect(unknown).toMatchObject({ status: 400, param: "frobnicate" });
		});
	}
});
