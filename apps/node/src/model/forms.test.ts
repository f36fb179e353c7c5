// Rows of every form and a recipe with everything in it, the whole way: contribute, train, ask, verify.
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MIGRATIONS } from "../database/migrations.js";
import { openDatabase } from "../database/openDatabase.js";
import { rows } from "../database/schema.js";
import { openRow, sealedValues } from "../datanet/sealedRows.js";
import { verifyReceipt } from "../inference/verifyReceipt.js";
import type { MainJobReport } from "../mainJob/report.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import { showModel } from "./readModels.js";

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
}, 120_000);
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
