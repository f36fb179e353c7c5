// Audits by derivative on a real node: against retraining with weights a hair apart, and refused by recipes that are too rough for it.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { meanLosses, retrain } from "@openledger/attribution";
import { recordedTrainingOf } from "@openledger/factory";
import { encodeExample } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audits, models } from "../database/schema.js";
import { takeSnapshot } from "../datanet/takeSnapshot.js";
import { contributeAll } from "../mainJob/contributeAll.js";
import { queueTraining, runTraining } from "../model/trainModel.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallData, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import type { AuditEstimate } from "./estimateAudit.js";
import type { showAudit } from "./readAudits.js";
import { auditFolder } from "./runAudit.js";

type Shown = Awaited<ReturnType<typeof showAudit>>;

const queries = [
	{ prompt: "What is the capital of Peru?", response: "Lima." },
	{ prompt: "Which river flows through Paris?", response: "The Seine." },
];
/** Long warm-up, small rate, so much ε inside the root that a step is nearly linear in the gradient. */
const smooth = { ...tinyRecipe, epochs: 6, learningRate: 1e-3, warmup: 0.5, epsilonRoot: 1e-2, batchSize: 11 };
let world: SmallWorld;
let node: OpenNode;
let url: string;
let snapshot: { readonly datanetId: Hex; readonly snapshotVersion: number };

async function train(name: string, recipe: object): Promise<Hex> {
	const { jobId } = await queueTraining(node.parts, { ...snapshot, name, recipe });
	return (await runTraining(node.parts, jobId)).modelId;
}

beforeAll(async () => {
	world = await smallWorld({ stage: "contributed" });
	node = await openNode(world.config);
	({ url } = await node.serve());
	const { datanetId } = await contributeAll(node.parts, "world", smallData, () => {});
	snapshot = { datanetId, snapshotVersion: (await takeSnapshot(node.parts, datanetId)).version };
}, 300_000);
afterAll(async () => {
	await node.close();
	world.remove();
});

/** The truth computes for longer than a server keeps an idle connection, in this same process. */
const connection = "close";
async function post<T>(body: unknown): Promise<T> {
	const token = readFileSync(join(world.config.home, "admin-token"), "utf8");
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", connection };
	const answer = await fetch(`${url}/api/audits`, { method: "POST", headers, body: JSON.stringify(body) });
	return (await answer.json()) as T;
}
async function audited(id: string): Promise<Shown> {
	const { auditId } = await post<{ auditId: string }>({ id, method: "magic", queries });
	for (;;) {
		const shown = (await (await fetch(`${url}/api/audits/${auditId}`, { headers: { connection } })).json()) as Shown;
		if (shown.status === "done") return shown;
		if (shown.status !== "queued" && shown.status !== "running") throw new Error(JSON.stringify(shown));
		await sleep(20);
	}
}
const estimated = (id: string) =>
	post<{ estimate: AuditEstimate }>({ id, method: "magic", queries, estimate: true }).then(({ estimate }) => estimate);

test("default: the derivative of a smooth recipe, by contributor", async () => {
	const modelId = await train("smooth", smooth);
	const before = await estimated("smooth-1");
	expect(before).toMatchObject({
		trainings: 3,
		message: expect.stringMatching(/^first 3 trainings to see .* then the derivative of 6 steps/),
	});
	const { record, smoothness, id } = await audited("smooth-1");
	expect(record).toMatchObject({ method: "magic", asked: "magic", because: null, smoothness: { smooth: true } });
	expect(smoothness).toEqual(record!.smoothness);
	expect(record!.signs.map(({ sign }) => sign)).toEqual(["batch"]);

	const { run, rows } = await node.parts.shelf.serve(modelId);
	const training = recordedTrainingOf(node.parts.engine, run, rows);
	const encoded = queries.map(({ prompt, response }) => encodeExample(node.parts.engine.base, prompt, response));
	expect(record!.queries.map(({ loss }) => loss)).toEqual(
		meanLosses(training, retrain(training, new Set()), encoded).map(String),
	);
	expect(record!.contributors).toHaveLength(3);
	for (const { contributor, effects, positive } of record!.contributors) {
		// By central differences: all the contributor's rows a little heavier, and a little lighter.
		const weighed = (weight: number) =>
			meanLosses(
				training,
				retrain(training, (row) => (rows[row]!.contributor === contributor ? weight : 1)),
				encoded,
			);
		const h = 1 / 64;
		const [more, less] = [weighed(1 + h), weighed(1 - h)];
		effects.forEach((effect, q) => {
			const slope = (less[q]! - more[q]!) / (2 * h);
			expect(Math.abs(Number(effect) - slope)).toBeLessThan(2e-5 + 0.02 * Math.abs(slope));
			expect(Number(positive![q])).toBeGreaterThanOrEqual(Number(effect));
			expect(Number(positive![q])).toBeGreaterThanOrEqual(0);
		});
	}
	// What it worked on is gone; how smooth the recipe is stays, and is not asked again.
	const folder = auditFolder(node.parts, run.runCommitment);
	expect(readdirSync(folder)).toEqual(["smoothness.json"]);
	expect(await estimated("smooth-1")).toMatchObject({ message: "it is done already" });
	await node.parts.db.delete(audits).where(eq(audits.id, id));
	expect(await estimated("smooth-1")).toMatchObject({
		trainings: 0,
		message: expect.stringMatching(/^the derivative of/),
	});
	expect((await audited("smooth-1")).record).toEqual(record);
	// A judgement that is damaged, or was put here for another run, is made anew.
	await node.parts.db.delete(audits).where(eq(audits.id, id));
	writeFileSync(join(folder, "smoothness.json"), '{"smooth":false}');
	expect((await audited("smooth-1")).record).toEqual(record);
}, 300_000);

test("behavior: a rough recipe is recognised before the work, and audited by retraining", async () => {
	await train("rough", { ...tinyRecipe, epochs: 24, learningRate: 0.3, warmup: 0 });
	const { record, smoothness } = await audited("rough-1");
	expect(record).toMatchObject({
		method: "leave-one-contributor-out",
		asked: "magic",
		because: expect.stringMatching(/^the recipe is too rough for a derivative: a hair's weight/),
		smoothness: { smooth: false },
	});
	expect(smoothness).toEqual(record!.smoothness);
	const [model] = await node.parts.db.select().from(models).where(eq(models.servedName, "rough-1"));
	const { run } = await node.parts.shelf.serve(model!.id);
	const files = readdirSync(auditFolder(node.parts, run.runCommitment));
	expect(files.filter((file) => file.endsWith(".safetensors"))).toHaveLength(4);
	// Asked for by its name it is the same truth; the judgement stands beside the record, not in it.
	const exact = { id: "rough-1", method: "leave-one-contributor-out", queries };
	expect(await post({ ...exact, estimate: true })).toMatchObject({ estimate: { trainings: 0, kept: 4 } });
	const { auditId } = await post<{ auditId: string }>(exact);
	await node.parts.turns("audit", async () => {});
	const shown = (await (await fetch(`${url}/api/audits/${auditId}`, { headers: { connection } })).json()) as Shown;
	expect(shown.record).toMatchObject({ contributors: record!.contributors, because: null, smoothness: null });
	expect(shown.smoothness).toEqual(record!.smoothness);
}, 300_000);

test("behavior: a recipe without a derivative is not even judged", async () => {
	const modelId = await train("sharp", { ...smooth, epsilonRoot: 0 });
	expect((await estimated("sharp-1")).message).toMatch(/^its recipe.epsilonRoot is 0, .*; instead 4 trainings/);
	const { record } = await audited("sharp-1");
	expect(record).toMatchObject({
		method: "leave-one-contributor-out",
		because: expect.stringMatching(/epsilonRoot is 0/),
	});
	const { run } = await node.parts.shelf.serve(modelId);
	expect(existsSync(join(auditFolder(node.parts, run.runCommitment), "smoothness.json"))).toBe(true);
}, 300_000);
