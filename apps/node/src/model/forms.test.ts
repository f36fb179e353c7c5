// Rows of every form and a recipe with everything in it, the whole way: contribute, train, ask, verify, take the run again.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { historyRoot, measureSteps, openRunReplay, recipeFields, type TrainedRun } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MIGRATIONS } from "../database/migrations.js";
import { openDatabase } from "../database/openDatabase.js";
import { rows } from "../database/schema.js";
import { openRow, sealedValues } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { verifyReceipt } from "../inference/verifyReceipt.js";
import type { MainJobReport } from "../mainJob/report.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { newDatabase } from "../testing/newDatabase.js";
import { type SmallWorld, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import { checkCommitments } from "./checkCommitments.js";
import { estimateTraining, readEstimate } from "./estimateTraining.js";
import { readLines } from "./jobLog.js";
import { readCurve } from "./readCurve.js";
import { listJobs, readJob } from "./readJobs.js";
import { readLineage } from "./readLineage.js";
import { findModel, listModels, showModel } from "./readModels.js";
import { queueReplay } from "./replay/queueReplay.js";
import { readReplay } from "./replay/readReplays.js";
import { runReplay } from "./replay/runReplay.js";
import { stopTraining } from "./stopTraining.js";
import { isStopped, queueTraining, requeueTraining, runTraining } from "./trainModel.js";

const said = (role: string, content: string) => ({ role, content });
const talk = [said("user", "Which river flows through Cairo?"), said("assistant", "The Nile.")];
const lines = [
	{ prompt: "What is the capital of Peru?", response: "Lima." },
	{ instruction: "What is the capital of this country?", input: "Kenya", output: "Nairobi." },
	{ messages: [said("system", "Be brief."), ...talk, said("user", "And Paris?"), said("assistant", "The Seine.")] },
	{ text: "The Danube flows through Vienna and ends in the Black Sea." },
	{ prompt: "What is the capital of Chile?", completion: "Santiago." },
	{ messages: talk },
	{ prompt: "Who wrote Faust?", response: "Goethe." },
	{ messages: [said("assistant", "Hello.")] },
];
const recipe = {
	...tinyRecipe,
	...{ epochs: 4, batchSize: 2, accumulate: 2, packing: true, schedule: "linear", validation: 1, keepBest: true },
};
const data = [
	{ name: "ada.jsonl", content: lines.map((line) => `${JSON.stringify({ ...line, contributor: "ada" })}\n`).join("") },
];

let world: SmallWorld;
let node: OpenNode;
let report: MainJobReport;

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	report = await runMainJob(node, { data, recipe });
});
afterAll(async () => {
	await node.close();
	world.remove();
});

test("default: each form is a row, its answers are paid and verify", async () => {
	expect([report.rows, report.rejected]).toEqual([7, 1]);
	expect(report.asked.map(({ prompt }) => prompt)).toContain("The Danube flows through Vienna and ends in");
	for (const { receiptId } of report.asked) {
		const { identical, checks, firstDifference } = await verifyReceipt(node.parts, receiptId);
		expect([identical, firstDifference, checks.at(-1)?.what]).toEqual([true, undefined, "spans"]);
	}
});

test("default: a model is shown with its whole recipe and its losses on rows held out", async () => {
	const shown = await showModel(node.parts, "world-1");
	expect(shown.recipe).toMatchObject({ ...recipe, warmupSteps: null, responsesOnly: true, minDelta: 0 });
	expect(shown.validations).toHaveLength(4);
	expect(shown.rowsUsed).toEqual({ learnt: 6, heldOut: [expect.any(Number)], leftOut: [] });
	for (const { loss, perplexity } of shown.validations) expect(perplexity).toBeCloseTo(Math.exp(loss), 10);
	expect(shown.validations.map(({ step }) => step)).toContain(shown.keptStep);
});

test("default: a finished training is listed with its times, log, losses and what was guessed of it", async () => {
	const { parts } = node;
	const { jobs, next } = await listJobs(parts, { limit: 10 });
	expect(jobs).toMatchObject([{ name: "world", status: "done", model: "world-1", datanet: { name: "world" } }]);
	expect(next).toBeNull();
	const job = await readJob(parts, jobs[0]!.id);
	expect(job.beganAt! >= job.queuedAt! && job.trainedAt! >= job.beganAt! && job.endedAt! >= job.trainedAt!).toBe(true);
	const { history, validations } = await showModel(parts, "world-1");
	const curve = await readCurve(parts, job.start.slice(2));
	expect(curve.steps).toEqual(history.map(({ step, loss }) => ({ step, loss })));
	expect(curve.validations).toEqual(validations.map(({ step, loss }) => ({ step, loss })));
	const estimate = (await readEstimate(parts, job.start))!;
	expect(estimate).toMatchObject({ steps: history.length, learnt: 6, heldOut: 1, leftOut: 0, links: 4, seconds: null });
	const tokens = history.reduce((sum, { tokens }) => sum + tokens!, 0);
	expect(estimate.training.tokens).toBe(tokens);
	const lines = (await readLines(parts, job.id, { limit: 100 })).map(({ line }) => line);
	expect([lines[0], lines.at(-1)]).toEqual(["queued", expect.stringContaining("published as model 0x")]);
	// Whether this run was too short to tell a rate, so that a few steps are taken, depends on the machine.
	const asked = await estimateTraining(parts, { datanetId: job.datanet.id, snapshotVersion: 1, recipe });
	expect(["runs", "steps"]).toContain(asked.from?.kind);
	expect(asked.seconds!.training).toBeGreaterThan(0);
	const rows = await readSnapshotRows(parts, job.datanet.id, 1);
	const few = measureSteps({ engine: parts.engine, rows, recipe: job.recipe });
	expect(few.tokens > 0 && few.seconds > 0 && few.flops > few.tokens).toBe(true);
	const flags = recipeFields().filter(({ kind }) => kind === "flag");
	expect(flags.map(({ key }) => key)).toEqual(["rankStabilised", "responsesOnly", "packing", "keepBest"]);
});

test("default: the model's way from rows to answers, and each commitment on chain against the files", async () => {
	const lineage = await readLineage(node.parts, "world-1");
	expect(lineage.rows).toMatchObject({ total: 7, contributors: 1, largest: [{ name: "ada", rows: 7 }] });
	expect(lineage.answers.total).toBe(report.asked.length);
	const { checks } = await checkCommitments(node.parts, "world-1");
	expect(checks.map(({ same }) => same)).toEqual(Array(7).fill(true));
	const [model] = await listModels(node.parts);
	expect(model).toMatchObject({ answers: report.asked.length, erasedRows: 0, datanet: { name: "world" } });
	expect(model!.feesWei).toBeGreaterThan(0n);
});

const replayed = async (stretch: { fromStep?: number; toStep?: number } = {}) => {
	const { replayId } = await queueReplay(node.parts, { model: "world-1", ...stretch });
	await runReplay(node.parts, replayId);
	return (await readReplay(node.parts, replayId)).result!;
};

test("default: the run taken again is identical, step by step, and so is what it gives", async () => {
	const whole = await replayed();
	const { history, keptStep } = await showModel(node.parts, "world-1");
	expect(whole).toMatchObject({ identical: true, steps: history.length, sameLosses: history.length });
	expect(whole.links.map(({ step, same }) => [step, same])).toEqual([2, 4, 6, 8].map((step) => [step, true]));
	expect(whole.things.map(({ what }) => what).slice(-2)).toEqual([
		"adapter_model.safetensors",
		"features of all rows learnt from",
	]);
	expect(whole.things.every(({ same }) => same)).toBe(true);
	const { run } = await readLineage(node.parts, "world-1");
	const from = run.stretches.from.find((step) => step > 0);
	if (from !== undefined) expect(await replayed({ fromStep: from })).toMatchObject({ identical: true });
	expect(await replayed({ toStep: 4 })).toMatchObject({ identical: true, steps: 4, linksCompared: 2 });
	await expect(replayed({ toStep: 3 })).rejects.toMatchObject({ code: "replay/bad-stretch" });
	expect(keptStep).toBeLessThanOrEqual(history.length);
});

test("behavior: a run that tells of another loss, or commits to a state that does not follow, is found at its first step", async () => {
	const { parts } = node;
	const { runFolder, datanetId } = await findModel(parts, "world-1");
	const file = join(parts.home, "runs", runFolder, "run.json");
	const honest = readFileSync(file, "utf8");
	try {
		const told = JSON.parse(honest) as { steps: { loss: number }[] };
		told.steps[2]!.loss += 1e-6;
		writeFileSync(file, JSON.stringify(told));
		expect((await replayed()).firstDifference).toMatchObject({ what: "loss of step 3", step: 3 });

		const run = JSON.parse(honest) as TrainedRun;
		const rows = await readSnapshotRows(parts, datanetId, 1);
		const replay = openRunReplay({ engine: parts.engine, rows, snapshotRoot: run.snapshotRoot, recipe: run.recipe });
		const chain = [];
		let at = replay.initial();
		let hash: Hex = replay.start;
		for (const { validation } of run.chain) {
			const { index, state } = replay.advance(at);
			const [name, values] = [...state.parameters][0]!;
			const lied = new Map([...state.parameters, [name, values.map((x, i) => (i === 0 ? x + 0.5 : x))]]);
			const link = replay.linkOf(hash, index, index === 1 ? { ...state, parameters: lied } : state, validation);
			chain.push(link);
			hash = link.hash;
			at = { index, state, hash };
		}
		replay.close();
		writeFileSync(file, JSON.stringify({ ...JSON.parse(honest), chain, historyRoot: historyRoot(chain) }));
		const found = await replayed();
		expect(found).toMatchObject({ identical: false, linksCompared: 1, firstDifference: { step: 2 } });
		expect(found.things.filter(({ same }) => !same).map(({ what }) => what)).toEqual([
			"run commitment on chain",
			"history root on chain",
		]);
		const { checks } = await checkCommitments(parts, "world-1");
		expect(checks.filter(({ same }) => !same).map(({ what }) => what)).toEqual(["Run commitment", "History root"]);
	} finally {
		writeFileSync(file, honest);
	}
});

test("behavior: a training that is stopped stays so until it is asked for again, and says so to whoever waits for it", async () => {
	const { parts } = node;
	const { datanetId } = await findModel(parts, "world-1");
	const wanted = { datanetId, snapshotVersion: 1, name: "later", recipe: { ...tinyRecipe, epochs: 400 } };
	const { jobId } = await queueTraining(parts, wanted);
	const running = runTraining(parts, jobId).catch((error: unknown) => error);
	while ((await readJob(parts, jobId)).progress === null) await sleep(20);
	const live = await readCurve(parts, (await readJob(parts, jobId)).start.slice(2));
	expect(live.steps.length).toBeGreaterThan(0);
	expect(await stopTraining(parts, jobId)).toMatchObject({ status: "stopped" });
	expect(isStopped(await running)).toBe(true);
	// Whoever had the same training wait meanwhile learns it too.
	await expect(runTraining(parts, jobId)).rejects.toMatchObject({ code: "job/stopped" });
	expect(await requeueTraining(parts, jobId)).toBe(true);
	expect((await readJob(parts, jobId)).status).toBe("queued");
	await stopTraining(parts, jobId);
	const lines = (await readLines(parts, jobId, { limit: 100 })).map(({ line }) => line);
	expect(lines.filter((line) => line === "stopped")).toHaveLength(2);
}, 30_000);

test("behavior: a conversation changed in the database is found", async () => {
	const [receipt] = report.asked;
	const stored = await node.parts.db.select().from(rows);
	const talks = stored.flatMap((kept) => {
		const { row } = openRow(node.parts, kept)!;
		return row.before === undefined ? [] : [{ kept, row }];
	});
	expect(talks).toHaveLength(1);
	const [{ kept, row }] = talks as [(typeof talks)[number]];
	const changed = { ...row, before: [{ role: "system" as const, content: "Be long." }] };
	const { sealed } = sealedValues(node.parts, kept.digest, changed);
	await node.parts.db.update(rows).set({ sealed }).where(eq(rows.digest, kept.digest));
	const { firstDifference, checks } = await verifyReceipt(node.parts, receipt!.receiptId);
	expect([firstDifference, checks.at(-1)?.detail]).toEqual([
		"rows",
		expect.stringContaining("the conversation of row 2"),
	]);
});

test("behavior: a home made before there were conversations opens, with its rows as they were", async () => {
	const folder = `${world.config.home}-old`;
	await newDatabase(folder);
	const old = await openDatabase(folder, MIGRATIONS.slice(0, 1));
	await old.db.execute(sql`insert into datanets values ('0x1', 'old', '0x2', 'CC0-1.0', 'created')`);
	await old.db.execute(sql`insert into contributions values ('0x3', '0x1', 1, 'ada', '0x4', '0x5', 1, 1, 'accepted')`);
	await old.db.execute(sql`insert into rows values ('0x1', 0, '0x3', 1, 'Peru?', 'Lima.', '0x6', '0x7', '0x8', 0)`);
	await old.close();
	const now = await openDatabase(folder);
	expect(await now.db.select().from(rows)).toMatchObject([
		{ prompt: "Peru?", response: "Lima.", before: null, salt: "0x7" },
	]);
	await now.close();
});
