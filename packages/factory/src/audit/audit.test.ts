// A run rebuilt from its recipe and rows must be that run, bit for bit; without rows it must not depend on what those rows say.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReplayTrainer, magic, meanLosses, type RecordedTraining, retrain } from "@openledger/attribution";
import { createEngine, encodeExample, tinyBase } from "@openledger/llm";
import { afterAll, describe, expect, test } from "vitest";
import type { RunRow } from "../holdOut.js";
import { parseRecipe } from "../parseRecipe.js";
import { killedRecipe, killedRows, killedSnapshot } from "../testing/killedRecipe.js";
import { trainAdapter } from "../trainAdapter.js";
import { createLossMeter } from "./createLossMeter.js";
import { type Counterfactuals, counterfactualBytes, openCounterfactuals } from "./openCounterfactuals.js";
import { openMagicFolder } from "./openMagicFolder.js";
import { checkReplay, recordedTrainingOf } from "./recordedTrainingOf.js";
import { retrainInTurns } from "./retrainInTurns.js";

const base = tinyBase();
const small = { epochs: 3, batchSize: 4, rank: 4, alpha: 8, learningRate: 0.01, commitEvery: 4, checkpoints: [0.5] };
const folders: string[] = [];
async function folder(): Promise<string> {
	const made = await mkdtemp(join(tmpdir(), "openledger-audit-"));
	folders.push(made);
	return made;
}
afterAll(() => Promise.all(folders.map((f) => rm(f, { recursive: true, force: true }))));

async function trained(recipe: object = {}, rows: readonly RunRow[] = killedRows) {
	const engine = createEngine(base);
	const parsed = parseRecipe({ ...small, ...recipe });
	const run = await trainAdapter({
		engine,
		rows,
		snapshotRoot: killedSnapshot,
		recipe: parsed,
		directory: await folder(),
	});
	return { engine, run, training: recordedTrainingOf(engine, run, rows) };
}
const query = (prompt: string, response: string) => encodeExample(base, prompt, response);
const queries = [query("Say a0?", "0."), query("Say x23?", "23."), query("Who?", "Nobody.")];

describe("recordedTrainingOf", () => {
	test.each<[string, object]>([
		["the plainest recipe", {}],
		["accumulation, packing, a line", { accumulate: 3, packing: true, schedule: "linear", warmupSteps: 2 }],
		["packing alone", { packing: true, weightDecay: 0.1, clip: 0.01 }],
		["validation, loss on everything", { validation: 5, validateEvery: 3, responsesOnly: false }],
		["rows left out", { maxLength: 11 }],
		["an early stop", { ...killedRecipe, keepBest: false }],
		["the best of an early stop", killedRecipe],
	])("default: replayed, it commits to the run's own bits: %s", async (_, recipe) => {
		const { run, training } = await trained(recipe);
		const state = retrain(training, new Set());
		expect(() => checkReplay(run, state)).not.toThrow();
		for (const [path, { A, B }] of run.adapter.weights) {
			expect(state.parameters.get(`${path}.lora_A`)).toEqual(A);
			expect(state.parameters.get(`${path}.lora_B`)).toEqual(B);
		}
		expect(training.total).toBe(run.keptStep);
		expect(run.rowsUsed!.leftOut.length > 0).toBe("maxLength" in recipe);
		expect(() => checkReplay(run, retrain(training, new Set(run.history[0]!.rows.slice(0, 1))))).toThrow(
			/committed to/,
		);
	});

	test("behavior: an early stop's record ends where its adapter does, on the rates of the whole plan", async () => {
		const { run, training } = await trained(killedRecipe);
		expect(run.keptStep).toBeLessThan(run.history.length);
		expect(run.history.length).toBeLessThan(run.plannedSteps);
		expect(training.step(run.keptStep - 1).learningRate).toBe(run.history[run.keptStep - 1]!.learningRate);
		expect(() => training.step(run.keptStep)).toThrow(RangeError);
	});

	test("behavior: other rows than the run's are refused by step", async () => {
		const { engine, run } = await trained();
		const refused = (rows: readonly RunRow[]) => {
			try {
				recordedTrainingOf(engine, run, rows);
			} catch (error) {
				return error;
			}
			return undefined;
		};
		expect(refused(killedRows.slice(0, 8))).toMatchObject({
			code: "run-mismatch",
			message: expect.stringMatching(/planned 18/),
		});
		const longer = killedRows.map((row, i) =>
			i === 3 ? { ...row, response: "A much longer answer than it was." } : row,
		);
		expect(refused(longer)).toMatchObject({
			code: "run-mismatch",
			message: expect.stringMatching(/^step \d+ of the run/),
		});
	});
});

describe("retrainInTurns", () => {
	test("default: the bits of retrain; what the left out rows say does not matter", async () => {
		const { engine, run, training } = await trained({ accumulate: 2 });
		const without = new Set([1, 5, 22]);
		const trainer = createReplayTrainer(training);
		const steps: number[] = [];
		const again = await retrainInTurns(training, without, { trainer, onStep: (done) => steps.push(done) });
		expect(steps).toEqual(Array.from({ length: training.total }, (_, i) => i + 1));
		expect(again).toEqual(retrain(training, without));
		// Rows of other words and the same lengths: the order stays, and of the left out ones nothing else may count.
		const other = killedRows.map((row, i) =>
			without.has(i) ? { prompt: row.prompt.replace("Say", "Yas"), response: row.response } : row,
		);
		const bent = recordedTrainingOf(engine, run, other);
		expect(await retrainInTurns(bent, without, { trainer })).toEqual(again);
		expect((await retrainInTurns(bent, new Set(), { trainer })).parameters).not.toEqual(
			(await retrainInTurns(training, new Set(), { trainer })).parameters,
		);
		trainer.close();
	});

	test("behavior: stopped, it throws the signal's reason at the next step", async () => {
		const { training } = await trained();
		const trainer = createReplayTrainer(training);
		const stop = new AbortController();
		const onStep = (done: number) => done === 4 && stop.abort(new Error("enough"));
		await expect(retrainInTurns(training, new Set(), { trainer, onStep, signal: stop.signal })).rejects.toThrow(
			"enough",
		);
		trainer.close();
	});
});

describe("openCounterfactuals", () => {
	test("default: each is trained once, and kept; their losses are those of retrain", async () => {
		const { run, training } = await trained();
		const directory = await folder();
		let kept = openCounterfactuals({ training, run, directory });
		const groups = [new Set<number>(), new Set([0, 1]), new Set([23])];
		const meter = createLossMeter(training, queries);
		const losses = async (from: Counterfactuals) => {
			const out: number[][] = [];
			for (const without of groups) out.push(meter.losses(await from.adapter(without)));
			return out;
		};
		const first = await losses(kept);
		expect(first).toEqual(groups.map((without) => meanLosses(training, retrain(training, without), queries)));
		expect(first[1]).not.toEqual(first[0]);
		kept.close();
		const files = await readdir(directory);
		expect(files).toHaveLength(3);
		for (const file of files) {
			const { length } = await readFile(join(directory, file));
			expect(length - counterfactualBytes(training)).toBeLessThan(8192);
		}
		kept = openCounterfactuals({ training: untrainable(training), run, directory });
		expect(await losses(kept)).toEqual(first);
		// A file that is damaged or was put in another's place is as good as none.
		const [a, b] = files.map((file) => join(directory, file)) as [string, string];
		const bytes = await readFile(a);
		bytes[bytes.length - 6]! ^= 1;
		await writeFile(b, await readFile(join(directory, files[2]!)));
		await writeFile(a, bytes);
		const there = await Promise.all(groups.map(async (without) => (await kept.find(without)) !== undefined));
		expect(there.filter(Boolean)).toHaveLength(1);
		kept.close();
		kept = openCounterfactuals({ training, run, directory });
		expect(await losses(kept)).toEqual(first);
		kept.close();
		meter.close();
	});

	test("behavior: a record that does not give the run is never counted from", async () => {
		const { run, training } = await trained();
		const step = (index: number) => ({ ...training.step(index), learningRate: 0.5 });
		const directory = await folder();
		const kept = openCounterfactuals({ training: { ...training, step }, run, directory });
		await expect(kept.adapter(new Set())).rejects.toMatchObject({ code: "run-mismatch" });
		expect(await readdir(directory)).toEqual([]);
		kept.close();
	});
});

describe("openMagicFolder", () => {
	test("default: a derivative that was stopped goes on from the folder, to the same bits", async () => {
		const { run, training } = await trained({ epsilonRoot: 1e-8, epochs: 2 });
		const whole = await magic(training, queries);
		checkReplay(run, whole.final);
		const directory = join(await folder(), "kept");
		let steps = 0;
		const counted = { ...training, step: (index: number) => training.step(index + 0 * steps++) };
		for (const most of [5, 17]) {
			const stop = new AbortController();
			const onProgress = ({ done }: { done: number }) => done >= most && stop.abort(new Error("enough"));
			const options = { store: openMagicFolder(directory), onProgress, signal: stop.signal };
			await expect(magic(training, queries, options)).rejects.toThrow("enough");
		}
		const store = openMagicFolder(directory);
		const again = await magic(counted, queries, { store });
		expect(again.influences).toEqual(whole.influences);
		expect(again.losses).toEqual(whole.losses);
		const resumed = steps;
		await store.clear();
		await expect(readdir(directory)).rejects.toThrow("ENOENT");
		steps = 0;
		await magic(counted, queries, { store });
		expect(resumed).toBeLessThan(steps);
	});

	test("behavior: names that lead elsewhere are refused", async () => {
		const store = openMagicFolder(await folder());
		for (const name of ["../out", "a/b", "", ".hidden", "x".repeat(101)]) {
			expect(() => store.read(name)).toThrow(RangeError);
			expect(() => store.write(name, new Uint8Array())).toThrow(RangeError);
		}
		expect(await store.read("none")).toBeUndefined();
	});
});

/** The same record, but whoever takes a step of it fails. */
function untrainable(training: RecordedTraining): RecordedTraining {
	return {
		...training,
		step() {
			throw new Error("a step was taken");
		},
	};
}
