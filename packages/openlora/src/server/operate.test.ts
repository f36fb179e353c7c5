// What an operator sees and does: adapters in and out while others answer, logs without a word of anybody's, metrics, readiness, an end
// that loses nothing.

import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SuiteWorld, suiteWorld } from "../backend/suite/testing/suiteWorld.js";
import { createKeyStore, newKey } from "../limits/keyStore.js";
import { type TinyServer, tinyServer } from "../testing/tinyServer.js";
import { listenOpenLora } from "./listen.js";
import type { Logger, RequestFields } from "./requestLog.js";

const ADMIN = "the-operator's-key";
const chat = { model: "tiny-1", messages: [{ role: "user" as const, content: "What is the capital of Peru?" }] };
const post = (url: string, path: string, body: unknown, key?: string) =>
	fetch(`${url}${path}`, {
		method: "POST",
		headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }) },
		body: JSON.stringify(body),
	});
const ask = (url: string, more: object = {}, key?: string) =>
	post(url, "/v1/chat/completions", { ...chat, max_tokens: 8, ...more }, key);
const textOf = async (response: Response) => {
	const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
	return choices[0]!.message.content;
};

describe("adapters at run time, by vLLM's endpoints", () => {
	let world: SuiteWorld;
	let server: TinyServer;
	beforeAll(async () => {
		world = suiteWorld();
		server = await tinyServer({ adminKey: ADMIN });
	});
	afterAll(async () => {
		await server.close();
		world.remove();
	});
	const admin = async (path: string, body: unknown, key: string | undefined = ADMIN) => {
		const response = await post(server.url, path, body, key);
		return { status: response.status, text: await response.text() };
	};

	test("default: loaded, asked, replaced in place, pinned, listed, taken out", async () => {
		const [red, blue] = [await world.write("red", 1), await world.write("blue", 2)];
		const load = (path: string, more: object = {}) =>
			admin("/v1/load_lora_adapter", { lora_name: "colour", lora_path: path, ...more });
		expect((await ask(server.url, { model: "colour" })).status).toBe(404);
		expect(await load(red)).toEqual({ status: 200, text: "Success: LoRA adapter 'colour' added successfully." });
		const expected = async (folder: string) =>
			world.engine.generate({ messages: chat.messages, maxTokens: 8 }, await world.read(folder)).text;
		expect(await textOf(await ask(server.url, { model: "colour" }))).toBe(await expected(red));
		const again = await load(blue);
		expect(again.status).toBe(400);
		expect(again.text).toContain("load_inplace");
		expect((await load(blue, { load_inplace: true })).status).toBe(200);
		expect(await textOf(await ask(server.url, { model: "colour" }))).toBe(await expected(blue));
		expect(await expected(blue)).not.toBe(await expected(red));
		const pin = await admin("/v1/openledger/adapters/pin", { name: "colour", pinned: true });
		expect(JSON.parse(pin.text)).toMatchObject({ id: "colour", openledger: { pinned: true } });
		const headers = { authorization: `Bearer ${ADMIN}` };
		const list = await (await fetch(`${server.url}/v1/openledger/adapters`, { headers })).json();
		const listed = (list as { data: { id: string; path: string | null }[] }).data;
		expect(listed.find(({ id }) => id === "colour")?.path).toBe(blue);
		expect(JSON.stringify(await (await fetch(`${server.url}/v1/models`)).json())).not.toContain(blue);
		expect(await admin("/v1/unload_lora_adapter", { lora_name: "colour" })).toEqual({
			status: 200,
			text: "Success: LoRA adapter 'colour' removed successfully.",
		});
		expect((await ask(server.url, { model: "colour" })).status).toBe(404);
	});

	test("behavior: what cannot be loaded or is not there is told by vLLM's statuses, and changes nothing", async () => {
		for (const [path, body, status] of [
			["/v1/load_lora_adapter", { lora_name: "x" }, 400],
			["/v1/load_lora_adapter", { lora_name: "", lora_path: "/" }, 400],
			["/v1/load_lora_adapter", { lora_name: "x", lora_path: world.folder }, 400],
			["/v1/load_lora_adapter", { lora_name: "x", lora_path: "a\0b" }, 400],
			["/v1/unload_lora_adapter", {}, 400],
			["/v1/unload_lora_adapter", { lora_name: "none" }, 404],
			["/v1/openledger/adapters/pin", { name: "none", pinned: true }, 404],
		] as const) {
			expect([body, (await admin(path, body)).status]).toEqual([body, status]);
		}
		expect((await ask(server.url)).status).toBe(200);
	});

	test("behavior: nobody but the operator, and nobody at all without an admin key", async () => {
		const body = { lora_name: "tiny-1" };
		expect((await post(server.url, "/v1/unload_lora_adapter", body)).status).toBe(401);
		expect((await admin("/v1/unload_lora_adapter", body, `${ADMIN}x`)).status).toBe(401);
		expect((await fetch(`${server.url}/v1/openledger/adapters`)).status).toBe(401);
		const closed = await tinyServer();
		const refused = await post(closed.url, "/v1/unload_lora_adapter", body, ADMIN);
		expect(refused.status).toBe(403);
		expect((await ask(closed.url)).status).toBe(200);
		await closed.close();
	});
});

describe("logs and metrics", () => {
	test("default: a line for each request, and nowhere a prompt, an answer or a key", async () => {
		const lines: { level: string; fields: RequestFields; message: string }[] = [];
		const at = (level: string) => (fields: object, message: string) =>
			lines.push({ level, fields: structuredClone(fields) as RequestFields, message });
		const logger: Logger = { info: at("info"), warn: at("warn"), error: at("error") };
		const { key, record } = newKey("alice");
		const server = await tinyServer({
			...{ logger, keys: createKeyStore([record]), adminKey: ADMIN },
			wrap: (backend) => ({
				...backend,
				generate: (order, options) =>
					JSON.stringify(order).includes("explode")
						? Promise.reject(new Error(`cannot read ${JSON.stringify(order)}`))
						: backend.generate(order, options),
			}),
		});
		const secret = "My-Secret-Prompt";
		const say = (content: string, more: object = {}) =>
			ask(server.url, { messages: [{ role: "user", content }], ...more }, key);
		const whole = await textOf(await say(secret));
		await (await say(secret, { stream: true, n: 2, temperature: 1 })).text();
		await say(`${secret} explode`);
		await say(secret, { model: secret });
		await say(secret, { [secret]: secret });
		await say(secret.repeat(20), { max_tokens: 4000 });
		await ask(server.url, {}, `${key}x`);
		await fetch(`${server.url}/${secret}`);
		for (const probe of ["health", "ready", "metrics"]) await fetch(`${server.url}/${probe}`);
		await fetch(`${server.url}/v1/models/${secret}`, { headers: { authorization: `Bearer ${key}` } });
		await post(server.url, "/v1/load_lora_adapter", { lora_name: secret, lora_path: `/${secret}` }, ADMIN);
		const log = JSON.stringify(lines);
		for (const word of [secret, key, key.slice(4), ADMIN, whole.trim()]) expect(log).not.toContain(word);
		expect(lines).toHaveLength(10);
		expect(lines[0]).toMatchObject({
			level: "info",
			fields: { tenant: "alice", model: "tiny-1", status: 200, stream: false, choices: 1, outcome: "answered" },
		});
		expect(lines[0]!.fields.tokensOut).toBeGreaterThan(0);
		expect(lines[0]!.fields.firstTokenMs).toBeLessThanOrEqual(lines[0]!.fields.ms!);
		expect(lines[1]!.fields).toMatchObject({ stream: true, choices: 2, status: 200, outcome: "answered" });
		expect(lines[2]).toMatchObject({ level: "error", fields: { status: 500, code: "internal_error" } });
		expect(lines[2]!.fields.failure!.join(" ")).toContain("operate.test.ts");
		expect(lines.slice(3).map(({ fields }) => fields.status)).toEqual([404, 400, 400, 401, 404, 404, 400]);
		const metrics = await (await fetch(`${server.url}/metrics`)).text();
		expect(metrics).not.toContain(secret);
		expect(metrics).toContain('openledger_http_requests_total{route="/v1/chat/completions",status="200"} 2');
		expect(metrics).toContain('openledger_http_requests_total{route="other",status="404"} 1');
		expect(metrics).toMatch(/^openledger_generation_tokens_total [1-9]/m);
		expect(metrics).toMatch(/^openledger_adapter_requests_total\{adapter="other"\} [1-9]/m);
		// Names only for whoever may list the models.
		for (const [authorization, named] of [
			[`Bearer ${key}`, true],
			[`Bearer ${ADMIN}`, true],
			[`Bearer ${key}x`, false],
			["", false],
		] as const) {
			const told = await (await fetch(`${server.url}/metrics`, { headers: { authorization } })).text();
			expect([authorization, told.includes("tiny-1")]).toEqual([authorization, named]);
		}
		await server.close();
	});
});

describe("the end", () => {
	test("default: nobody new is let in, whoever is inside is answered, then all is quiet", async () => {
		let ready = false;
		const server = await tinyServer({ ready: () => ready });
		const status = async () => (await fetch(`${server.url}/ready`)).status;
		expect(await status()).toBe(503);
		ready = true;
		expect(await status()).toBe(200);
		const { text } = server.engine.generate({ messages: chat.messages, maxTokens: 40 }, server.adapters["tiny-1"]);
		const inside = await Promise.all(
			Array.from({ length: 8 }, () => ask(server.url, { stream: true, max_tokens: 40 })),
		);
		let drained = false;
		const drain = server.server.drain().then(() => {
			drained = true;
		});
		expect(drained).toBe(false);
		const late = await ask(server.url);
		expect([late.status, late.headers.get("retry-after"), late.headers.get("connection")]).toEqual([503, "5", "close"]);
		expect(await late.json()).toMatchObject({ error: { code: "draining" } });
		expect(await status()).toBe(503);
		expect((await fetch(`${server.url}/health`)).status).toBe(200);
		for (const response of inside) {
			const events = (await response.text()).split("\n\n").filter((event) => event.startsWith("data: {"));
			const pieces = events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? "");
			expect(pieces.join("")).toBe(text);
		}
		await drain;
		const begun = performance.now();
		await server.listening.close({ withinMs: 5000 });
		expect(performance.now() - begun).toBeLessThan(2000);
		await expect(fetch(`${server.url}/health`)).rejects.toThrow();
		await server.backend.close();
	});

	test("behavior: mounted beneath another app, a client that leaves still ends its work", async () => {
		let running = 0;
		const server = await tinyServer({
			wrap: (backend) => ({
				...backend,
				async generate(_order, { signal, onPiece } = {}) {
					running++;
					onPiece?.({ text: "x", tokens: 1 });
					await new Promise((_, reject) => {
						signal?.addEventListener("abort", () => reject(new Error("left")), { once: true });
					}).finally(() => running--);
					throw new Error("unreachable");
				},
			}),
		});
		const outer = new Hono();
		outer.mount("/", server.server.fetch);
		const listening = await listenOpenLora(outer.fetch, { port: 0 });
		for (const stream of [true, false]) {
			const leaving = new AbortController();
			const asked = fetch(`${listening.url}/v1/chat/completions`, {
				method: "POST",
				body: JSON.stringify({ ...chat, stream }),
				signal: leaving.signal,
			}).catch(() => "left");
			while (running === 0) await sleep(10);
			if (stream) await asked;
			leaving.abort();
			for (let i = 0; i < 200 && running > 0; i++) await sleep(10);
			expect(running).toBe(0);
			await asked;
		}
		await listening.close({ withinMs: 100 });
		await server.close();
	});

	test("behavior: a port that is taken is told as the system tells it", async () => {
		const server = await tinyServer();
		await expect(tinyServer({ listen: { port: server.listening.port } })).rejects.toMatchObject({ code: "EADDRINUSE" });
		await server.close();
	});
});
