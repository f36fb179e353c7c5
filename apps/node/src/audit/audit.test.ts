// Audits on a real node over its socket, held against trainings done once more without it; killed, stopped, and asked for badly.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { meanLosses, retrain } from "@openledger/attribution";
import { recordedTrainingOf } from "@openledger/factory";
import { encodeChat } from "@openledger/llm";
import type { Address, Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { verifyMessage } from "viem";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { audits, receipts, shares } from "../database/schema.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallData, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import type { AuditRecord } from "./auditRecord.js";
import { distancePpm, rankCorrelation } from "./compareShares.js";
import type { showAudit } from "./readAudits.js";

type Shown = Awaited<ReturnType<typeof showAudit>>;

let world: SmallWorld;
let node: OpenNode;
let url: string;
let receiptId: Hex;

const open = async () => {
	node = await openNode(world.config);
	({ url } = await node.serve());
};
beforeAll(async () => {
	world = await smallWorld({ stage: "contributed" });
	await open();
	const recipe = { ...tinyRecipe, epochs: 40, learningRate: 0.01 };
	const report = await runMainJob(node, { data: smallData, recipe, questions: [{ prompt: "Who wrote Hamlet?" }] });
	receiptId = report.asked[0]!.receiptId;
}, 300_000);
afterAll(async () => {
	await node.close();
	world.remove();
});

/** The truth computes for longer than a server keeps an idle connection, in this same process. */
const connection = "close";
async function post(body: unknown, path = "/audits"): Promise<{ status: number; body: never }> {
	const token = readFileSync(join(world.config.home, "admin-token"), "utf8");
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", connection };
	const answer = await fetch(`${url}/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
	return { status: answer.status, body: (await answer.json()) as never };
}
const get = async <T>(path: string): Promise<T> =>
	(await (await fetch(`${url}/api${path}`, { headers: { connection } })).json()) as T;
async function ended(auditId: string): Promise<Shown> {
	for (;;) {
		const shown = await get<Shown>(`/audits/${auditId}`);
		if (shown.status !== "queued" && shown.status !== "running") return shown;
		await sleep(20);
	}
}
async function audited(body: unknown): Promise<Shown> {
	const { status, body: queued } = await post(body);
	expect([status, queued]).toMatchObject([202, { auditId: expect.stringMatching(/^audit-[0-9a-f]{16}$/) }]);
	const shown = await ended((queued as { auditId: string }).auditId);
	expect(shown).toMatchObject({ status: "done", error: null });
	return shown;
}
const folder = () => join(world.config.home, "audits");
const adapters = (): string[] =>
	existsSync(folder())
		? (readdirSync(folder(), { recursive: true }) as string[]).filter((file) => file.endsWith(".safetensors")).sort()
		: [];
const forget = () => rmSync(folder(), { recursive: true, force: true });
const wanted = () => ({ id: receiptId, method: "leave-one-contributor-out" });

/** The truth by the room's own retraining: losses with everybody's rows, and effects by account. */
async function truth(queries: readonly { tokens: readonly number[]; from: number }[]) {
	const { engine } = node.parts;
	const [stored] = await node.parts.db.select().from(receipts).where(eq(receipts.id, receiptId));
	const { run, rows } = await node.parts.shelf.serve(stored!.modelId);
	const training = recordedTrainingOf(engine, run, rows);
	const losses = meanLosses(training, retrain(training, new Set()), queries);
	const effects: Record<Address, string[]> = {};
	for (const account of new Set(rows.map(({ contributor }) => contributor))) {
		const own = new Set(rows.flatMap((row, i) => (row.contributor === account ? [i] : [])));
		const without = meanLosses(training, retrain(training, own), queries);
		effects[account] = without.map((loss, q) => String(loss - losses[q]!));
	}
	return { losses: losses.map(String), effects };
}
const effectsOf = ({ contributors }: AuditRecord) =>
	Object.fromEntries(contributors.map(({ contributor, effects }) => [contributor, effects]));

test("default: a receipt is audited to the truth, signed, and the second time found", async () => {
	const first = await post({ ...wanted(), estimate: true });
	expect(first).toMatchObject({
		status: 200,
		body: {
			status: null,
			estimate: { trainings: 4, kept: 0, message: expect.stringMatching(/^4 trainings of 120/) },
		},
	});
	expect(await get("/audits")).toEqual({ audits: [] });
	const shown = await audited(wanted());
	const record = shown.record!;
	const [stored] = await node.parts.db.select().from(receipts).where(eq(receipts.id, receiptId));
	const again = await node.parts.backend.generate(stored!.order as never);
	const tokens = [...again.promptTokens, ...again.responseTokens, node.parts.engine.base.endOfText];
	const real = await truth([{ tokens, from: again.promptTokens.length }]);
	expect(effectsOf(record)).toEqual(real.effects);
	expect(record.queries.map(({ loss }) => loss)).toEqual(real.losses);
	expect(Object.keys(real.effects)).toHaveLength(3);

	// Shares are the positive effects; beside them stands what the receipt pays.
	const helpful = record.contributors.map(({ effects }) => Math.max(0, Number(effects[0])));
	const all = helpful.reduce((sum, effect) => sum + effect, 0);
	const truthPpm = record.contributors.map(({ sharePpm }) => sharePpm!);
	expect(truthPpm.reduce((sum, ppm) => sum + ppm, 0)).toBe(1_000_000);
	for (const [i, ppm] of truthPpm.entries()) expect(Math.abs(ppm - (1e6 * helpful[i]!) / all)).toBeLessThan(2);
	const leaves = await node.parts.db.select().from(shares).where(eq(shares.receiptId, receiptId));
	const paid = record.contributors.map(({ contributor }) =>
		leaves.filter((leaf) => leaf.contributor === contributor).reduce((sum, { sharePpm }) => sum + sharePpm, 0),
	);
	expect(record.contributors.map(({ paidPpm }) => paidPpm)).toEqual(paid);
	expect(record.comparison!.distancePpm).toBe(truthPpm.reduce((sum, ppm, i) => sum + Math.abs(ppm - paid[i]!), 0));

	const signer = node.parts.keys.address("node");
	expect(shown.signer).toBe(signer.toLowerCase());
	const signature = shown.signature!;
	expect(await verifyMessage({ address: signer, message: { raw: shown.digest! }, signature })).toBe(true);
	expect(shown.names).toMatchObject({
		[record.contributors[0]!.contributor]: expect.stringMatching(/^(ada|bob|cleo)$/),
	});

	const kept = adapters();
	expect(kept).toHaveLength(4);
	expect(await post(wanted())).toMatchObject({
		body: { auditId: shown.id, status: "done", estimate: { trainings: 0, message: "it is done already" } },
	});
	expect(await get("/audits")).toMatchObject({
		audits: [{ id: shown.id, model: "world-1", receiptId, status: "done" }],
	});

	// A record that was tampered with is not the one that was signed.
	const { db } = node.parts;
	await db
		.update(audits)
		.set({ record: { ...record, steps: 121 } })
		.where(eq(audits.id, shown.id));
	expect((await get<Shown>(`/audits/${shown.id}`)).signer).toBeNull();
	await db.update(audits).set({ record }).where(eq(audits.id, shown.id));
	expect((await get<Shown>(`/audits/${shown.id}`)).signer).toBe(signer.toLowerCase());
}, 300_000);

test("default: a model is audited for given answers, for everybody or for one", async () => {
	const queries = [
		{ prompt: "What is the capital of Peru?", response: "Lima." },
		{ prompt: "Which river flows through Paris?", response: "The Seine." },
	];
	const asked = { id: "world-1", method: "leave-one-contributor-out", queries };
	const shown = await audited(asked);
	// Nothing was trained again for new questions about the same run.
	expect(adapters()).toHaveLength(4);
	const { base } = node.parts.engine;
	const rows = queries.map(({ prompt, response }) => {
		const read = encodeChat(base, [{ role: "user", content: prompt }]);
		return {
			tokens: [...read, ...base.tokenizer.encode(response, { special: false }), base.endOfText],
			from: read.length,
		};
	});
	const real = await truth(rows);
	expect(effectsOf(shown.record!)).toEqual(real.effects);
	expect(shown.record).toMatchObject({ paidBy: "model", receiptId: null });
	const one = await audited({ ...asked, contributors: ["bob"] });
	expect(one.id).not.toBe(shown.id);
	expect(one.record!.contributors).toHaveLength(1);
	const [bob] = one.record!.contributors;
	expect(bob).toMatchObject({ effects: real.effects[bob!.contributor], sharePpm: null });
	expect(one.record!.comparison).toBeNull();
}, 300_000);

test("behavior: killed with SIGKILL again and again, it goes on, and trains nothing twice that it had kept", async () => {
	const [before] = await get<{ audits: Shown[] }>("/audits").then(({ audits: all }) =>
		all.filter((one) => one.receiptId),
	);
	const { record } = await get<Shown>(`/audits/${before!.id}`);
	await node.parts.db.delete(audits);
	await node.close();
	forget();
	const script = inject("programs")["apps/node/src/testing/killedAudit.ts"];
	const { log: _, ...config } = world.config;
	const made = new Map<string, number>();
	let kills = 0;
	for (let count = 1; count <= 2; count++) {
		const args = [script, JSON.stringify(config), JSON.stringify(wanted())];
		const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
		const exited = new Promise((done) => child.once("exit", (code) => done(code)));
		while (child.exitCode === null && adapters().length < count) await sleep(10);
		// In the middle of the next training.
		await sleep(30);
		kills += await killed(child, exited);
		for (const file of adapters()) {
			const { mtimeMs } = statSync(join(folder(), file));
			expect([file, made.get(file) ?? mtimeMs]).toEqual([file, mtimeMs]);
			made.set(file, mtimeMs);
		}
	}
	expect(kills).toBe(2);
	await open();
	// The node takes it up by itself.
	const shown = await ended(before!.id);
	expect(shown.record).toEqual(record);
	expect(adapters()).toHaveLength(4);
	for (const [file, time] of made) expect(statSync(join(folder(), file)).mtimeMs).toBe(time);
	expect(made.size).toBeGreaterThanOrEqual(2);
}, 300_000);

test("behavior: stopped, it stays stopped until it is asked for again; the node answers meanwhile, and closes", async () => {
	await node.parts.db.delete(audits);
	forget();
	const { auditId } = (await post(wanted())).body as { auditId: string };
	while (adapters().length < 1) await sleep(5);
	const asking = performance.now();
	const [status, stopped] = await Promise.all([get("/status"), post({}, `/audits/${auditId}/stop`)]);
	expect(performance.now() - asking).toBeLessThan(1000);
	expect([status, stopped.body]).toMatchObject([{ models: 1 }, { auditId, status: "stopped" }]);
	await node.parts.turns("audit", async () => {});
	const kept = adapters().length;
	expect(kept).toBeLessThan(4);
	await node.close();
	await open();
	expect(await ended(auditId)).toMatchObject({ status: "stopped", record: null });
	// Asked for again, and closed upon: that leaves it open for the next start.
	await post(wanted());
	while (adapters().length < kept + 1) await sleep(5);
	await node.close();
	await open();
	expect(await ended(auditId)).toMatchObject({ status: "done" });
	expect((await post({}, `/audits/${auditId}/stop`)).body).toMatchObject({ status: "done" });
}, 300_000);

test("behavior: what cannot be audited is refused in words", async () => {
	const query = { prompt: "Who?", response: "Nobody." };
	const method = "leave-one-contributor-out";
	const refusals: [unknown, number, string, RegExp][] = [
		[{ id: "world-9", method }, 404, "model/not-found", /id of a receipt/],
		[{ id: receiptId, method, queries: [query] }, 400, "audit/queries-of-a-receipt", /instead of the receipt's/],
		[{ id: "world-1", method }, 400, "audit/no-query", /at least one question/],
		[{ id: "world-1", method, queries: Array(65).fill(query) }, 400, "audit/too-many-queries", /at most 64/],
		[{ id: "world-1", method, queries: [{ prompt: "", response: "x" }] }, 400, "audit/bad-query", /prompt of query 1/],
		[
			{ id: "world-1", method, queries: [query, { prompt: "a", response: "\ud800" }] },
			400,
			"audit/bad-query",
			/response of query 2/,
		],
		[
			{ id: "world-1", method, queries: [{ prompt: "x ".repeat(300), response: "y" }] },
			400,
			"audit/query-too-long",
			/base reads 128/,
		],
		[
			{ id: "world-1", method, queries: [query], contributors: ["zoe"] },
			400,
			"audit/no-such-contributor",
			/from ada, bob, cleo/,
		],
		[{ id: "world-1", method: "guess", queries: [query] }, 400, "api/bad-body", /method/],
		[{ id: "world-1", method, queries: [query], more: 1 }, 400, "api/bad-body", /more/],
	];
	const before = await get("/audits");
	for (const [body, status, code, says] of refusals) {
		const answer = await post(body);
		expect([body, answer]).toMatchObject([
			body,
			{ status, body: { error: { code, message: expect.stringMatching(says) } } },
		]);
	}
	expect(await get("/audits/audit-0000000000000000")).toMatchObject({ error: { code: "audit/not-found" } });
	expect((await post({}, "/audits/audit-00/stop")).status).toBe(404);
	expect(await get("/audits")).toEqual(before);
});

test("behavior: an answer that the model no longer gives is not audited", async () => {
	const { db } = node.parts;
	const [stored] = await db.select().from(receipts).where(eq(receipts.id, receiptId));
	await db
		.update(receipts)
		.set({ salt: `0x${"00".repeat(32)}` })
		.where(eq(receipts.id, receiptId));
	expect(await post(wanted())).toMatchObject({ status: 400, body: { error: { code: "audit/answer-differs" } } });
	await db.update(receipts).set({ salt: stored!.salt }).where(eq(receipts.id, receiptId));
});

test("default: shares are compared as scipy's spearmanr and a sum do", () => {
	// scipy 1.17.1: spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) = 0.8207826816681233; with ties [1, 2, 2, 3] and [1, 1, 3, 2]: 0.5
	expect(rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])).toBeCloseTo(0.8207826816681233, 14);
	expect(rankCorrelation([1, 2, 2, 3], [1, 1, 3, 2])).toBeCloseTo(0.5, 14);
	expect(rankCorrelation([1, 2, 3], [30, 20, 10])).toBe(-1);
	expect([rankCorrelation([1, 1], [1, 2]), rankCorrelation([], [])]).toEqual([undefined, undefined]);
	expect(distancePpm([600_000, 400_000, 0], [500_000, 250_000, 250_000])).toBe(500_000);
});

async function killed(child: ChildProcess, exited: Promise<unknown>): Promise<number> {
	const hit = child.exitCode === null && child.kill("SIGKILL");
	expect([null, 0]).toContain(await exited);
	return hit ? 1 : 0;
}
