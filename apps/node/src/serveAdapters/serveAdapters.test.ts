// The stand-alone server over a real socket: started, asked by the official client, changed, ended.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBase, tinyAdapter, writeAdapterConfig } from "@openledger/llm";
import { hashKey } from "@openledger/openlora";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readNodeFile } from "../home/nodeFile.js";
import { writeTinyBase } from "../testing/writeTinyBase.js";
import { type ServeAdapters, type Serving, serveAdapters } from "./serveAdapters.js";

const root = mkdtempSync(join(tmpdir(), "openledger-serve-"));
const baseFolder = join(root, "tiny");
const adapters = join(root, "adapters");
const home = join(root, "home");
const opened: Serving[] = [];
let files: Readonly<Record<string, string | Uint8Array>>;

function put(folder: string): void {
	mkdirSync(folder, { recursive: true });
	for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}
beforeAll(async () => {
	await writeTinyBase(baseFolder);
	const base = await loadBase(baseFolder);
	const { config, model } = tinyAdapter(base);
	files = {
		"adapter_config.json": JSON.stringify(writeAdapterConfig(config, base.name)),
		"adapter_model.safetensors": model,
	};
	put(join(adapters, "red"));
	put(join(adapters, "team", "blue"));
	mkdirSync(join(adapters, "half"));
	writeFileSync(join(adapters, "half", "adapter_config.json"), "{}");
});
afterEach(async () => {
	for (const serving of opened.splice(0)) await serving.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function open(more: Partial<ServeAdapters> = {}) {
	const canonical = {
		kind: "canonical",
		base: baseFolder,
		cacheMb: 4,
		kvMb: 4,
		batch: 4,
		waiting: 64,
		threads: 1,
	} as const;
	const serving = await serveAdapters({ backend: canonical, adapters, host: "127.0.0.1", port: 0, home, ...more });
	opened.push(serving);
	const client = new OpenAI({ apiKey: "none", baseURL: `${serving.url}/v1`, maxRetries: 0 });
	return { serving, client };
}
const messages = [{ role: "user" as const, content: "Which river flows through Cairo?" }];

test("default: adapters of a folder and their base, asked with OpenAI's client, whole and streamed", async () => {
	const { serving, client } = await open();
	expect(serving).toMatchObject({ base: "tiny", proves: "bit-exact" });
	expect(serving.scan.adapters.map(({ id }) => id)).toEqual(["red", "team/blue"]);
	expect(serving.scan.passedOver.map(({ folder }) => folder)).toEqual([join(adapters, "half")]);
	expect(readNodeFile(home)).toEqual({ pid: process.pid, url: serving.url });
	const ids: string[] = [];
	for await (const model of client.models.list()) ids.push(model.id);
	expect(ids).toEqual(["tiny", "red", "team/blue"]);
	for (const model of ids) {
		const whole = await client.chat.completions.create({ model, messages, max_tokens: 8 });
		let text = "";
		for await (const chunk of await client.chat.completions.create({ model, messages, max_tokens: 8, stream: true }))
			text += chunk.choices[0]?.delta.content ?? "";
		expect(text).toBe(whole.choices[0]!.message.content);
		expect(whole.usage!.completion_tokens).toBeGreaterThan(0);
		expect(whole).not.toHaveProperty("openledger");
	}
	const metrics = await (await fetch(`${serving.url}/metrics`)).text();
	expect(metrics).toMatch(/^process_cpu_seconds_total /m);
	expect((await fetch(`${serving.url}/ready`)).status).toBe(200);
	await serving.close();
	expect(readNodeFile(home)).toBeUndefined();
});

test("behavior: adapters come and go with the admin key, from beneath the folder only", async () => {
	const adminKeyFile = join(root, "keys", "admin-key");
	const { serving, client } = await open({ adminKeyFile });
	expect(statSync(adminKeyFile).mode & 0o077).toBe(0);
	const key = readFileSync(adminKeyFile, "utf8").trim();
	const call = async (path: string, body: object, authorization = `Bearer ${key}`) => {
		const headers = { "content-type": "application/json", authorization };
		const response = await fetch(`${serving.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
		return [response.status, await response.text()] as const;
	};
	put(join(adapters, "late"));
	const late = { lora_name: "late", lora_path: "late" };
	expect((await call("/v1/load_lora_adapter", late, "Bearer wrong-wrong-wrong"))[0]).toBe(401);
	expect(await call("/v1/load_lora_adapter", late)).toEqual([200, expect.stringContaining("Success")]);
	await client.chat.completions.create({ model: "late", messages, max_tokens: 2 });
	put(join(root, "elsewhere"));
	const outside = { lora_name: "x", lora_path: join(root, "elsewhere") };
	expect(await call("/v1/load_lora_adapter", outside)).toEqual([403, expect.stringContaining("path_not_allowed")]);
	expect((await call("/v1/openledger/adapters/pin", { name: "late", pinned: true }))[0]).toBe(200);
	expect((await call("/v1/unload_lora_adapter", { lora_name: "late" }))[0]).toBe(200);
	await expect(client.chat.completions.create({ model: "late", messages })).rejects.toBeInstanceOf(
		OpenAI.NotFoundError,
	);
	rmSync(join(adapters, "late"), { recursive: true });
});

test("behavior: keys by their hashes; a key file that is none stops the start", async () => {
	const keysFile = join(root, "api-keys.json");
	writeFileSync(keysFile, JSON.stringify({ keys: [{ name: "ada", sha256: hashKey("olk_ada") }] }));
	const { serving, client } = await open({ keysFile });
	const asked = { model: "red", messages, max_tokens: 2 };
	await expect(client.chat.completions.create(asked)).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
	const known = new OpenAI({ apiKey: "olk_ada", baseURL: `${serving.url}/v1`, maxRetries: 0 });
	expect((await known.chat.completions.create(asked)).choices).toHaveLength(1);
	writeFileSync(keysFile, "{");
	await expect(open({ keysFile })).rejects.toMatchObject({ code: "serve/bad-keys" });
});

test("behavior: what cannot be started says what would be right, and leaves nothing behind", async () => {
	const { serving } = await open();
	const port = Number(new URL(serving.url).port);
	await expect(open({ port })).rejects.toMatchObject({ code: "serve/port-taken" });
	await expect(open({ adapters: join(root, "none") })).rejects.toMatchObject({ code: "serve/no-folder" });
	const large = {
		kind: "canonical",
		base: baseFolder,
		cacheMb: 3500,
		kvMb: 3500,
		batch: 4,
		waiting: 4,
		threads: 1,
	} as const;
	await expect(open({ backend: large })).rejects.toMatchObject({ code: "serve/out-of-memory" });
	const vllm = { kind: "vllm", url: "http://127.0.0.1:9", resolverFolder: join(root, "resolver") } as const;
	await expect(open({ backend: vllm })).rejects.toMatchObject({ status: 503, code: "backend_unavailable" });
});

test("behavior: ending lets what runs finish and refuses what comes", async () => {
	const lines: string[] = [];
	const logger = {
		info: (fields: object, message: string) => lines.push(JSON.stringify({ ...fields, message })),
		warn: () => {},
		error: () => {},
	};
	const { serving, client } = await open({ logger });
	const asked = { model: "red", messages, max_tokens: 60, temperature: 1, seed: 3, stream: true as const };
	const stream = await client.chat.completions.create(asked);
	const pieces: string[] = [];
	let closing: Promise<void> | undefined;
	let end: string | null | undefined;
	for await (const chunk of stream) {
		pieces.push(chunk.choices[0]?.delta.content ?? "");
		end = chunk.choices[0]?.finish_reason ?? end;
		closing ??= serving.close();
	}
	expect(end).toMatch(/stop|length/);
	await closing;
	await expect(client.chat.completions.create({ model: "red", messages })).rejects.toThrow();
	expect(lines.join("\n")).toContain("/v1/chat/completions");
	expect(lines.join("\n")).not.toContain("Cairo");
});
