// The node as a whole: real chain, real database, real socket, a base model made up for the test.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openTokenAbi, readCollected, readEvents } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { decodeEpochBlob, encodeEpochBlob } from "@openledger/rollup";
import { createPayingFetch } from "@openledger/sdk";
import { eq } from "drizzle-orm";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	contributions,
	epochs,
	receipts,
	requests,
	scores,
	shares,
	snapshots,
	spanReceipts,
} from "./database/schema.js";
import { notFound } from "./errors.js";
import { verifyReceipt } from "./inference/verifyReceipt.js";
import type { MainJobReport } from "./mainJob/report.js";
import { runMainJob } from "./mainJob/runMainJob.js";
import { checkEpochData, readEpochData } from "./network/checkEpochData.js";
import { listDisputes } from "./network/listDisputes.js";
import { showEpoch } from "./network/listEpochs.js";
import { listNodes } from "./network/listNodes.js";
import { search } from "./network/search.js";
import { type OpenNode, openNode } from "./openNode.js";
import { listRewards } from "./settlement/listRewards.js";
import { POOL_NAME } from "./settlement/pool.js";
import { type SmallWorld, smallData, smallWorld, tinyRecipe } from "./testing/smallWorld.js";

let world: SmallWorld;
let node: OpenNode;
let report: MainJobReport;
let url: string;

const job = { data: smallData, recipe: tinyRecipe };
const payer = () =>
	createPayingFetch({
		account: node.parts.keys.account("payer"),
		chainId: world.config.chainId,
		token: node.parts.ledger.addresses.openToken,
		maxWeiPerRequest: 10n ** 18n,
	});
const events = async (name: string) => (await readEvents(node.parts.ledger)).filter((event) => event.name === name);
const reopen = async (meanwhile: () => Promise<void> = async () => {}) => {
	await meanwhile();
	await node.close();
	node = await openNode(world.config);
	({ url } = await node.serve());
};
const chat = (content: string) => ({ model: "world-1", messages: [{ role: "user" as const, content }], max_tokens: 4 });

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	report = await runMainJob(node, job);
	({ url } = await node.serve());
});
afterAll(async () => {
	await node.close();
	world.remove();
});

test("default: rows in, paid contributors out, to the wei", async () => {
	expect([report.rows, report.contributors, report.rejected]).toEqual([11, 3, 3]);
	expect(report.asked).toHaveLength(11);
	expect(new Set(report.asked.map(({ receiptId }) => receiptId)).size).toBe(11);
	for (const { shares: by, receiptId } of report.asked) {
		const [stored] = await node.parts.db.select().from(receipts).where(eq(receipts.id, receiptId));
		expect(by.reduce((sum, { ppm }) => sum + ppm, stored!.unattributedPpm)).toBe(1_000_000);
	}
	const pool = (await listRewards(node.parts)).find(({ contributor }) => contributor === POOL_NAME);
	expect(pool!.account).toBe(node.parts.keys.address("treasury").toLowerCase());
	expect(pool!.claimedWei).toBe(pool!.earnedWei);
	expect(report.claimedWei).toBe(report.paidWei);
	expect(BigInt(report.paidWei)).toBeGreaterThan(0n);
	const { totalWei, contributorsWei, claimedWei } = await readCollected(node.parts.ledger);
	expect([totalWei, contributorsWei, claimedWei].map(String)).toEqual([
		report.feesWei,
		report.paidWei,
		report.claimedWei,
	]);
	expect(await events("ContributionAccepted")).toHaveLength(3);
});

test("behavior: the main job again does nothing again", async () => {
	const again = await runMainJob(node, job);
	expect({ ...again, seconds: 0 }).toEqual({ ...report, seconds: 0 });
});

test("default: every receipt verifies, from the committed inputs alone", async () => {
	for (const { receiptId } of report.asked.slice(0, 3)) {
		const { identical, checks, firstDifference } = await verifyReceipt(node.parts, receiptId);
		expect(firstDifference).toBeUndefined();
		expect(identical).toBe(true);
		expect(checks.map(({ what }) => what)).toEqual(
			"receipt model signature prompt payment base rows run steps space features answer shares scores spans".split(" "),
		);
	}
});

test("default: what happened is told page by page, each thing once, with its proof", async () => {
	const get = async (path: string) => (await (await fetch(`${url}/api/${path}`)).json()) as never;
	const summary = (await get("activity/summary")) as Record<string, unknown>;
	expect(summary).toMatchObject({ answers: 11, feesWei: report.feesWei, unsettled: 0, contributors: 3, rows: 11 });
	expect(summary).toMatchObject({ datanets: 1, models: 1, activeEpoch: "1", proposedEpoch: "1" });
	type Told = { kind: string; receiptId?: Hex; event?: string; block?: string; logIndex?: number; at: number };
	const told: Told[] = [];
	for (let next: string | null = ""; next !== null; ) {
		const page = (await get(`activity?limit=7&before=${next || "_"}`)) as { activity: Told[]; next: string | null };
		expect(page.activity.length).toBeLessThanOrEqual(7);
		told.push(...page.activity);
		next = page.next;
	}
	const answers = told.flatMap(({ receiptId }) => receiptId ?? []);
	expect([...answers].sort()).toEqual(report.asked.map(({ receiptId }) => receiptId).sort());
	const said = told.flatMap(({ event, block, logIndex }) => (event ? [`${event} ${block}.${logIndex}`] : []));
	expect(new Set(said).size).toBe(said.length);
	for (const name of ["ContributionAccepted", "SnapshotPublished", "ModelPublished", "RootActivated", "Claimed"]) {
		const heard = said.filter((one) => one.split(" ")[0]!.endsWith(`.${name}`));
		expect([name, heard.length]).toEqual([name, (await events(name)).length]);
	}
	expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).sort((a, b) => b - a));
	for (const wrong of ["activity?limit=0", "activity?limit=101", "activity?before=x", "network/epochs?before=-1"])
		expect([wrong, (await fetch(`${url}/api/${wrong}`)).status]).toEqual([wrong, 400]);
});

test("default: an epoch is recomputed from its data alone; other bytes, and none, are told from the right ones", async () => {
	const { parts } = node;
	expect(await readEpochData(parts, 1)).toMatchObject({ found: true, equal: true });
	const shown = await showEpoch(parts, 1);
	expect(shown).toMatchObject({ status: "active", receipts: 11, totalWei: BigInt(report.paidWei) });
	expect(shown.leaves.reduce((sum, { earnedWei }) => sum + earnedWei, 0n)).toBe(BigInt(report.paidWei));
	expect(shown.transactions.map(({ what }) => what)).toEqual(["RootProposed", "RootActivated"]);
	const check = await checkEpochData(parts, 1);
	expect(check).toMatchObject({ receipts: 11, faults: [] });
	expect(check.fields.filter(({ equal }) => !equal)).toEqual([]);
	// Another data layer, which gives whoever comes first a wei more.
	const [stored] = await parts.db.select().from(epochs);
	const blob = decodeEpochBlob(await parts.data.get(stored!.certificate!));
	const earnings = blob.earnings.map((one, i) => (i === 0 ? { ...one, cumulativeWei: one.cumulativeWei + 1n } : one));
	const bytes = encodeEpochBlob({ ...blob, earnings });
	const lying = { ...parts, data: { ...parts.data, get: async () => bytes } };
	expect(await readEpochData(lying, 1)).toMatchObject({ found: true, equal: false });
	const found = await checkEpochData(lying, 1);
	const differ = found.fields.filter(({ equal }) => !equal).map(({ field }) => field);
	expect(differ.sort()).toEqual(["dataRoot", "earningsRoot", "totalCumulativeWei"]);
	expect(found.faults.map(({ kind }) => kind)).toContain("earnings");
	const empty = { ...parts, data: { ...parts.data, get: async () => Promise.reject(notFound("data", "it", "no")) } };
	expect(await readEpochData(empty, 1)).toMatchObject({ found: false });
	await expect(checkEpochData(empty, 1)).rejects.toMatchObject({ code: "epoch/data-missing" });
	await expect(checkEpochData(parts, 9)).rejects.toMatchObject({ code: "epoch/not-found" });
	const { nodes } = await listNodes(parts);
	const settler = nodes.find(({ operator }) => operator === parts.keys.address("settler").toLowerCase());
	expect(settler!.roles).toEqual(["proposes roots"]);
	expect(settler!.lockedWei).toBe(settler!.rootBondWei);
	expect(settler!.activeWei - settler!.lockedWei).toBe(settler!.freeWei);
	expect(await listDisputes(parts)).toMatchObject({ cases: [], runs: [], contributions: [], rootDemands: [] });
});

test("default: search finds ids by their beginning, names by any part, numbers; and nothing by signs of its own", async () => {
	const { receiptId } = report.asked[0]!;
	const { parts } = node;
	const found = async (q: string) => (await search(parts, q)).map(({ kind, name, id }) => `${kind} ${name ?? id}`);
	expect(await found("ORL")).toEqual(["datanet world", "model world-1"]);
	expect(await found(receiptId.slice(0, 8))).toEqual([`receipt ${receiptId}`]);
	expect(await found(receiptId.slice(2, 9).toUpperCase())).toEqual([`receipt ${receiptId}`]);
	expect(await found(receiptId.slice(0, 7))).toEqual([]);
	const [claim] = await events("Claimed");
	expect(await found(claim!.transactionHash)).toEqual([`transaction ${claim!.transactionHash}`]);
	expect(await found("1")).toEqual(["model world-1", "block 1", "epoch 1"]);
	expect(await found("epoch 1")).toEqual(["epoch 1"]);
	expect(await found("fee vault")).toEqual(["contract feeVault"]);
	expect(await found("ada")).toEqual(["account ada"]);
	const stranger = `0x${"Ab".repeat(20)}`;
	expect(await found(stranger)).toEqual([`account ${stranger.toLowerCase()}`]);
	for (const sign of ["%", "w_rld", "\\", "world' or 1=1 --", `0x${"77".repeat(32)}`])
		expect(await found(sign)).toEqual([]);
	const status = async (q: string) => (await fetch(`${url}/api/search?q=${encodeURIComponent(q)}`)).status;
	expect([await status(""), await status("x".repeat(201)), await status("\u0000")]).toEqual([400, 400, 400]);
});

test("default: the official client is answered through a paying fetch", async () => {
	const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", fetch: payer(), maxRetries: 0 });
	const models = await client.models.list();
	expect(models.data.map(({ id }) => id)).toEqual(["tiny", "world-1"]);
	const answer = await client.chat.completions.create(chat("Who wrote Faust?"));
	expect(answer.choices[0]!.finish_reason).toMatch(/stop|length/);
	const { receiptId } = (answer as unknown as { openledger: { receiptId: Hex } }).openledger;
	expect((await verifyReceipt(node.parts, receiptId)).identical).toBe(true);
	await expect(client.chat.completions.create({ ...chat("x"), model: "tiny" })).rejects.toThrow(/is a base/);
	await expect(client.chat.completions.create({ ...chat("x"), model: "none" })).rejects.toThrow(/world-1/);
	await expect(client.chat.completions.create({ ...chat("x".repeat(500)) })).rejects.toThrow(/together at most/);
	await expect(client.chat.completions.create(chat("half a pair \ud800"))).rejects.toThrow(/surrogate/);
});

test("behavior: many at once, odd characters and chance are answered, and verify", async () => {
	const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", fetch: payer(), maxRetries: 0 });
	const orders = Array.from({ length: 8 }, (_, i) => ({
		...chat(`\u0000 🜨 ${i}`),
		temperature: 1.7,
		top_p: 0.9,
		seed: i,
	}));
	const answers = await Promise.all(orders.map((order) => client.chat.completions.create(order)));
	const ids = answers.map((answer) => (answer as unknown as { openledger: { receiptId: Hex } }).openledger.receiptId);
	expect(new Set(ids).size).toBe(orders.length);
	expect(new Set(answers.map(({ choices }) => choices[0]!.message.content)).size).toBeGreaterThan(1);
	for (const id of ids) expect((await verifyReceipt(node.parts, id)).firstDifference).toBeUndefined();
});

test("behavior: answers by top_k, min_p, repetition_penalty and stop verify; a changed setting does not", async () => {
	const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", fetch: payer(), maxRetries: 0 });
	const sampled = { ...chat("Who wrote Emma?"), temperature: 1.4, seed: 6 };
	const more = { top_k: 12, min_p: 0.01, repetition_penalty: 1.2 };
	const ask = async (order: object) => {
		const answer = await client.chat.completions.create({ ...sampled, ...order });
		const { receiptId } = (answer as unknown as { openledger: { receiptId: Hex } }).openledger;
		return { receiptId, text: answer.choices[0]!.message.content!, reason: answer.choices[0]!.finish_reason };
	};
	const whole = await ask(more);
	const stop = whole.text.slice(2, 3);
	const cut = await ask({ ...more, stop: [stop] });
	expect(cut).toMatchObject({ text: whole.text.slice(0, whole.text.indexOf(stop)), reason: "stop" });
	for (const { receiptId } of [whole, cut])
		expect((await verifyReceipt(node.parts, receiptId)).firstDifference).toBeUndefined();
	const stands = eq(receipts.id, cut.receiptId);
	const [stored] = await node.parts.db.select().from(receipts).where(stands);
	for (const change of [{ topK: 11 }, { stop: ["?"] }, { minPPpm: undefined }, { repetitionPenaltyPpm: 1 }]) {
		const order = { ...(stored!.order as object), ...change };
		await node.parts.db.update(receipts).set({ order }).where(stands);
		expect((await verifyReceipt(node.parts, cut.receiptId)).firstDifference).toBe("prompt");
	}
	await node.parts.db.update(receipts).set({ order: stored!.order }).where(stands);
	expect((await verifyReceipt(node.parts, cut.receiptId)).identical).toBe(true);
});

test("behavior: a payment answers one request, as often as it is asked", async () => {
	const sent: { url: string; init: RequestInit }[] = [];
	const carry: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		const body = await request.clone().text();
		sent.push({ url: request.url, init: { method: "POST", headers: [...request.headers], body } });
		return await fetch(request);
	};
	const { ledger, keys } = node.parts;
	const options = { account: keys.account("payer"), chainId: 612055, maxWeiPerRequest: 10n ** 18n, fetch: carry };
	const pay = createPayingFetch({ ...options, token: ledger.addresses.openToken });
	const headers = { "content-type": "application/json" };
	const endpoint = `${url}/v1/chat/completions`;
	const first = await pay(endpoint, { method: "POST", headers, body: JSON.stringify(chat("Who wrote Hamlet?")) });
	expect(first.status).toBe(200);
	const before = await node.parts.db.select().from(requests);
	const { init } = sent.at(-1)!;
	const again = await fetch(endpoint, init);
	expect([again.status, await again.json()]).toEqual([200, await first.json()]);
	const other = await fetch(endpoint, { ...init, body: JSON.stringify(chat("Who wrote Emma?")) });
	expect(other.status).toBe(409);
	const forged = new Headers(init.headers as [string, string][]);
	const payment = JSON.parse(Buffer.from(forged.get("payment-signature")!, "base64").toString());
	payment.payload.authorization.nonce = `0x${"77".repeat(32)}`;
	forged.set("payment-signature", Buffer.from(JSON.stringify(payment)).toString("base64"));
	const refused = await fetch(endpoint, { ...init, headers: forged });
	expect(refused.status).toBe(402);
	expect(await refused.json()).toMatchObject({ error: { code: "payment/forged" } });
	expect(await node.parts.db.select().from(requests)).toEqual(before);
});

test("behavior: the API reads openly, changes with the token, and answers as this machine only", async () => {
	const token = readFileSync(join(world.config.home, "admin-token"), "utf8");
	const headers = { authorization: `Bearer ${token}` };
	const status = (await (await fetch(`${url}/api/status`)).json()) as Record<string, unknown>;
	expect(status).toMatchObject({ chainId: 612055, engineId: report.engineId, datanets: 1, models: 1 });
	expect(JSON.stringify(status) + JSON.stringify(await (await fetch(`${url}/api/wallets`)).json())).not.toContain(
		token,
	);
	for (const given of [undefined, "Bearer wrong"]) {
		const response = await fetch(`${url}/api/epochs/close`, {
			method: "POST",
			headers: given === undefined ? {} : { authorization: given },
		});
		expect(response.status).toBe(401);
	}
	const content =
		'{"prompt":"Who wrote Ulysses?","response":"James Joyce."}\n{"prompt":"Who wrote Faust?","response":"Goethe."}\n';
	const contribution = { contributor: "dora", format: "jsonl", content };
	const post = (path: string, body: unknown) =>
		fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
	const taken = await post("/api/datanets/world/contributions", contribution);
	expect(taken.status).toBe(201);
	const told = await taken.json();
	expect(told).toMatchObject({ acceptedRows: 1, status: "accepted", rejected: [{ line: 2, code: "duplicate" }] });
	expect(await (await post("/api/datanets/world/contributions", contribution)).json()).toEqual(told);
	const bad = await post("/api/datanets/world/contributions", { ...contribution, format: "xml" });
	expect([bad.status, ((await bad.json()) as { error: { code: string } }).error.code]).toEqual([400, "api/bad-body"]);
	expect((await fetch(`${url}/api/datanets/none`)).status).toBe(404);
	const model = (await (await fetch(`${url}/api/models/world-1`)).json()) as { history: unknown[] };
	expect(model.history.length).toBeGreaterThan(2);
	const file = await fetch(`${url}/api/models/world-1/files/adapter_model.safetensors`);
	expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(1000);
});

test("behavior: what a crash left open is brought to its end at the next start, once", async () => {
	const { db, ledger } = node.parts;
	const supply = await ledger.client.publicClient.readContract({
		address: ledger.addresses.openToken,
		abi: openTokenAbi,
		functionName: "totalSupply",
	});
	const [one] = report.asked;
	const open = await db.select().from(receipts).where(eq(receipts.id, one!.receiptId));
	expect(open).toHaveLength(1);
	await reopen(async () => {
		// As if the power had gone: after a payment, before its answer; after a contribution was taken, before the chain knew.
		await db.delete(shares).where(eq(shares.receiptId, one!.receiptId));
		await db.delete(scores).where(eq(scores.receiptId, one!.receiptId));
		await db.delete(spanReceipts).where(eq(spanReceipts.receiptId, one!.receiptId));
		await db.delete(receipts).where(eq(receipts.id, one!.receiptId));
		await db
			.update(requests)
			.set({ status: "claimed", receiptId: null, txHash: null })
			.where(eq(requests.receiptId, one!.receiptId));
		await db.update(contributions).set({ status: "stored" });
		await db.update(snapshots).set({ status: "stored" });
		await db.update(epochs).set({ status: "collecting", receiptsRoot: null, earningsRoot: null, totalWei: null });
	});
	expect(node.recovered).toEqual(["4 contributions brought to an end", "1 paid requests answered"]);
	const [again] = await node.parts.db.select().from(receipts).where(eq(receipts.id, one!.receiptId));
	expect(again!.receipt).toEqual(open[0]!.receipt);
	await node.parts.db.update(receipts).set({ epoch: 1, sequence: 0 }).where(eq(receipts.id, one!.receiptId));
	const final = await runMainJob(node, job);
	expect(final.claimedWei).toBe(final.paidWei);
	expect(await events("ContributionAccepted")).toHaveLength(4);
	expect(new Set((await events("PaymentCollected")).map(({ args }) => args.nonce)).size).toBe(
		(await events("PaymentCollected")).length,
	);
	expect(supply).toBe(10n ** 27n);
}, 60_000);

test("behavior: one wrong bit in anything committed is found and named", async () => {
	const { db, home, baseFolder } = node.parts;
	// One that somebody is paid for.
	const { receiptId } = report.asked.find(({ shares: by }) => by.length > 0)!;
	const first = async () => (await verifyReceipt(node.parts, receiptId)).firstDifference;
	expect(await first()).toBeUndefined();
	const model = await node.parts.db.query.models.findFirst();
	const [snapshot] = await db.select().from(snapshots);
	const run = join(home, "runs", model!.runFolder);
	const files: [string, string][] = [
		[join(run, "adapter", "adapter_model.safetensors"), "run"],
		[join(run, "features.bin"), "run"],
		[join(run, "run.json"), "run"],
		[join(home, "blobs", snapshot!.blob.slice(2, 4), snapshot!.blob.slice(4)), "rows"],
		[join(baseFolder, "model.safetensors"), "base"],
	];
	for (const [file, what] of files) {
		const bytes = readFileSync(file);
		const wrong = Buffer.from(bytes);
		// Of the run's record only the commitment chain and what it binds is committed, not the times and losses beside it.
		const chain = bytes.lastIndexOf('"hash":"0x');
		wrong[file.endsWith("run.json") ? chain + 20 : Math.floor(wrong.length / 2)]! ^= 1;
		writeFileSync(file, wrong);
		expect([file, await first()]).toEqual([file, what]);
		writeFileSync(file, bytes);
	}
	const [stored] = await db.select().from(receipts).where(eq(receipts.id, receiptId));
	const record = stored!.receipt as Record<string, unknown>;
	const changes: [Partial<typeof receipts.$inferInsert>, string][] = [
		[{ response: `${stored!.response}.` }, "answer"],
		[{ salt: `0x${"00".repeat(32)}` }, "prompt"],
		[{ signature: `0x${"11".repeat(64)}1b` }, "signature"],
		[{ receipt: { ...record, feeWei: "1" } }, "receipt"],
	];
	for (const [change, what] of changes) {
		await db.update(receipts).set(change).where(eq(receipts.id, receiptId));
		expect(await first()).toBe(what);
		await db.update(receipts).set(stored!).where(eq(receipts.id, receiptId));
	}
	const [share] = await db.select().from(shares).where(eq(shares.receiptId, receiptId));
	await db
		.update(shares)
		.set({ sharePpm: share!.sharePpm - 1 })
		.where(eq(shares.receiptId, receiptId));
	expect(await first()).toBe("shares");
	await db.update(shares).set({ sharePpm: share!.sharePpm }).where(eq(shares.receiptId, receiptId));
}, 60_000);

test("behavior: one node per home; another chain id, seed, windows or contracts are refused", async () => {
	await expect(openNode(world.config)).rejects.toMatchObject({ code: "home/locked" });
	await node.close();
	await expect(openNode({ ...world.config, seed: `0x${"22".repeat(32)}` })).rejects.toMatchObject({
		code: "keystore/other-seed",
	});
	await expect(openNode({ ...world.config, chainId: 1 })).rejects.toMatchObject({ code: "anvil/other-chain" });
	await expect(openNode({ ...world.config, windows: "by-hand" })).rejects.toMatchObject({ code: "home/other-windows" });
	// As a home would be that another version made.
	const windows = join(world.config.home, "windows");
	writeFileSync(windows, "by-hand");
	await expect(openNode(world.config)).rejects.toMatchObject({ code: "home/other-contracts" });
	writeFileSync(windows, "quick");
	node = await openNode(world.config);
}, 60_000);
