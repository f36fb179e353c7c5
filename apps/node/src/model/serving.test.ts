// Models of a node while it is up: more than memory holds, published beside it, looked at, and let go in order. Over sockets, on a chain.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { modelIdOf, publishModel } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { createPayingFetch, newKey } from "@openledger/sdk";
import { eq } from "drizzle-orm";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { models } from "../database/schema.js";
import { verifyReceipt } from "../inference/verifyReceipt.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import { paramsFromJson, paramsToJson } from "./modelParams.js";

let world: SmallWorld;
let node: OpenNode;
let url: string;
const requests: object[] = [];

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	const logger = { info: (fields: object) => requests.push(fields), warn: () => {}, error: () => {} };
	const serving = { modelsInMemory: 1, batch: 4, kvMb: 8, cacheMb: 4, drainSeconds: 20, logger };
	node = await openNode({ ...world.config, serving });
	({ url } = await node.serve());
});
afterAll(async () => {
	await node.close();
	world.remove();
});

const client = () => {
	const { keys, ledger } = node.parts;
	const account = keys.account("payer");
	const fetch = createPayingFetch({
		account,
		chainId: world.config.chainId,
		token: ledger.addresses.openToken,
		maxWeiPerRequest: 10n ** 18n,
	});
	return new OpenAI({ apiKey: "none", baseURL: `${url}/v1`, fetch, maxRetries: 0 });
};
const ask = async (model: string, content: string) => {
	const answer = await client().chat.completions.create({
		model,
		messages: [{ role: "user", content }],
		max_tokens: 4,
	});
	return (answer as unknown as { openledger: { receiptId: Hex } }).openledger.receiptId;
};

/** The same run under another name, as another process with this node's keys would publish it. */
async function publishBeside(name: string): Promise<Hex> {
	const { db, keys, ledger } = node.parts;
	const [known] = await db.select().from(models).where(eq(models.servedName, "world-1"));
	const params = { ...paramsFromJson(known!.params), name, version: 1 };
	const id = modelIdOf(keys.address("owner"), name, 1);
	const row = { ...known!, id, name, version: 1, servedName: `${name}-1`, params: paramsToJson(params) };
	await db.insert(models).values({ ...row, status: "ready", publishedAt: null });
	await publishModel(ledger, keys.account("owner"), params);
	return id;
}

test("default: a model that the chain publishes answers without a restart, and its receipts verify", async () => {
	const id = await publishBeside("beside");
	await expect
		.poll(async () => (await (await fetch(`${url}/v1/models`)).text()).includes("beside-1"), {
			timeout: 20_000,
		})
		.toBe(true);
	expect((await node.parts.db.select().from(models).where(eq(models.id, id)))[0]).toMatchObject({
		status: "published",
	});
	const receipt = await ask("beside-1", "What is the capital of Peru?");
	expect(await verifyReceipt(node.parts, receipt)).toMatchObject({ identical: true });
}, 60_000);

test("behavior: more models than memory holds all answer, in turn", async () => {
	const { shelf } = node.parts;
	const inMemory = () => ["world-1", "beside-1"].filter((name) => shelf.byName(name) !== undefined);
	for (const name of ["world-1", "beside-1", "world-1"]) {
		await ask(name, `Which river flows through Cairo? ${name}`);
		expect(inMemory()).toEqual([name]);
		expect(shelf.listed("world-1")?.servedName).toBe("world-1");
		expect(shelf.listed("beside-1")?.servedName).toBe("beside-1");
	}
	// Whoever asks for a price gets it without a model being read, or another being put away.
	const unpaid = { model: "beside-1", messages: [{ role: "user", content: "What does it cost?" }], max_tokens: 4 };
	const body = JSON.stringify(unpaid);
	for (const [key, status] of [
		[undefined, 402],
		["none", 402],
		[newKey(), 401],
	] as const) {
		const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
		expect((await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body })).status).toBe(status);
		expect(inMemory()).toEqual(["world-1"]);
	}
	// Whoever holds one that was put away can still use it.
	const held = await shelf.serve(shelf.listed("beside-1")!.id);
	await shelf.serve(shelf.listed("world-1")!.id);
	expect(held.attributor.attribute({ promptTokens: [1, 2], responseTokens: [3] }).shares.length).toBeGreaterThanOrEqual(
		0,
	);
}, 60_000);

test("behavior: what runs can be watched; adapters are looked at with the token, and come by the chain alone", async () => {
	const metrics = await (await fetch(`${url}/metrics`)).text();
	expect(metrics).toMatch(/^openledger_adapters_registered 2$/m);
	expect(metrics).toMatch(/^openledger_generation_tokens_total \d+$/m);
	expect((await fetch(`${url}/ready`)).status).toBe(200);
	const token = readFileSync(join(world.config.home, "admin-token"), "utf8").trim();
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	expect((await fetch(`${url}/v1/openledger/adapters`)).status).toBe(401);
	const listed = (await (await fetch(`${url}/v1/openledger/adapters`, { headers })).json()) as {
		data: { id: string }[];
	};
	expect(listed.data.map(({ id }) => id)).toEqual(["world-1", "beside-1"]);
	const body = JSON.stringify({ lora_name: "x", lora_path: join(world.config.home, "runs") });
	const load = await fetch(`${url}/v1/load_lora_adapter`, { method: "POST", headers, body });
	expect([load.status, await load.text()]).toEqual([400, expect.stringContaining("published_only")]);
	expect(requests.length).toBeGreaterThan(4);
	expect(JSON.stringify(requests)).not.toContain("Cairo");
});

test("default: trainings and replays over HTTP: listed by pages, begun with the token, refused in words", async () => {
	const token = readFileSync(join(world.config.home, "admin-token"), "utf8").trim();
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const get = async (path: string) => {
		const answer = await fetch(`${url}/api${path}`);
		return { status: answer.status, body: (await answer.json()) as Record<string, never> };
	};
	const post = async (path: string, body: object, sent: Record<string, string> = headers) => {
		const answer = await fetch(`${url}/api${path}`, { method: "POST", headers: sent, body: JSON.stringify(body) });
		return { status: answer.status, body: (await answer.json()) as Record<string, never> };
	};
	const { jobs, next } = (await get("/jobs?limit=1")).body as unknown as {
		jobs: { id: string }[];
		next: number | null;
	};
	expect([jobs.length, next]).toEqual([1, null]);
	const bad = ["/jobs?limit=0", "/jobs?limit=1e3", "/jobs?before=-1", "/models/world-1/receipts?limit=101"];
	for (const path of bad) expect([path, await get(path)]).toMatchObject([path, { status: 400 }]);
	const gone = ["/jobs/none", "/jobs/none/curve", "/jobs/none/lines", "/models/none/lineage", "/replays/none"];
	for (const path of gone) expect([path, (await get(path)).status]).toEqual([path, 404]);
	expect((await post("/models/world-1/replays", {}, {})).status).toBe(401);
	expect((await post("/models/world-1/replays", { toStep: 1 })).body).toMatchObject({
		error: { code: "replay/bad-stretch" },
	});
	const wanted = { datanet: "world", snapshot: 1, recipe: { ...tinyRecipe, rank: 6 } };
	expect((await post("/models/estimates", wanted)).body).toMatchObject({ error: { code: "recipe-malformed" } });
	const begun = await post("/models/world-1/replays", {});
	expect(begun.status).toBe(202);
	const { replayId } = begun.body as unknown as { replayId: string };
	for (;;) {
		const { body } = await get(`/replays/${replayId}`);
		const { status, result } = body as unknown as { status: string; result: object };
		if (status === "queued" || status === "running") await sleep(50);
		else {
			expect([status, result]).toMatchObject(["done", { identical: true }]);
			break;
		}
	}
	const recipe = (await get("/models/world-1/files/recipe.json")).body;
	expect(recipe).toMatchObject(tinyRecipe);
	const page = (await get("/models/world-1/receipts?limit=1")).body as unknown as { receipts: object[] };
	expect(page.receipts).toHaveLength(1);
}, 30_000);

test("behavior: a node that closes finishes the answer that is paid, and refuses what comes", async () => {
	const messages = [{ role: "user" as const, content: "Who wrote Hamlet?" }];
	const asked = { model: "world-1", messages, max_tokens: 40, temperature: 1, seed: 5, stream: true as const };
	// Stands for an answer that is charged, or given back, after the time to drain.
	const { db, turns } = node.parts;
	let late: unknown;
	const charging = turns("answer late", async () => {
		await sleep(4000);
		late = await db.select().from(models);
	});
	let closing: Promise<void> | undefined;
	let end: string | null | undefined;
	let receipt: unknown;
	for await (const chunk of await client().chat.completions.create(asked)) {
		closing ??= node.close();
		end = chunk.choices[0]?.finish_reason ?? end;
		receipt = (chunk as unknown as { openledger?: { receiptId?: unknown } }).openledger?.receiptId ?? receipt;
	}
	expect([end, receipt]).toEqual([expect.stringMatching(/stop|length/), expect.stringMatching(/^0x/)]);
	await closing;
	expect(late).toHaveLength(2);
	await charging;
	await expect(fetch(`${url}/health`)).rejects.toThrow();
}, 60_000);
