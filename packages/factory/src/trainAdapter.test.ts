// Runs on a tiny seeded base: the same code and bits as on a real one, in under a second.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAttributor } from "@openledger/attribution";
import { createEngine, encodeChat, tinyBase } from "@openledger/llm";
import { afterAll, describe, expect, test } from "vitest";
import { RunError } from "./errors.js";
import { loadRun } from "./loadRun.js";
import { parseRecipe } from "./parseRecipe.js";
import type { TrainOptions } from "./progress.js";
import { trainAdapter } from "./trainAdapter.js";

const base = tinyBase();
const rows = Array.from({ length: 24 }, (_, i) => ({
	prompt: `Say ${String.fromCharCode(97 + i)}${i}?`,
	response: `${i}.`,
}));
const recipe = parseRecipe({ epochs: 6, batchSize: 8, rank: 4, alpha: 8, learningRate: 0.01, commitEvery: 4 });
const snapshotRoot = `0x${"12".repeat(32)}` as const;
const folders: string[] = [];

async function folder(): Promise<string> {
	const made = await mkdtemp(join(tmpdir(), "openledger-factory-"));
	folders.push(made);
	return made;
}

function options(directory: string, more: Partial<TrainOptions> = {}): TrainOptions {
	return { engine: createEngine(base), rows, snapshotRoot, recipe, directory, ...more };
}

afterAll(() => Promise.all(folders.map((f) => rm(f, { recursive: true }))));

describe("trainAdapter", () => {
	test("default: two runs are the same run; a finished one is only loaded", async () => {
		const [a, b] = [await folder(), await folder()];
		const first = await trainAdapter(options(a));
		const second = await trainAdapter(options(b));
		const identity = (r: typeof first) => [r.adapterDigest, r.runCommitment, r.historyRoot, r.featuresRoot];
		expect(identity(second)).toEqual(identity(first));
		let steps = 0;
		const again = await trainAdapter(options(a, { onProgress: () => steps++ }));
		expect([identity(again), steps]).toEqual([identity(first), 0]);
		expect(first.history).toHaveLength(18);
		expect(first.history.at(-1)!.loss).toBeLessThan(first.history[0]!.loss);
	});

	test("behavior: stopped anywhere, it goes on to the same bits", async () => {
		const whole = await trainAdapter(options(await folder()));
		const directory = await folder();
		for (const stopAt of [2, 5, 7, 13]) {
			const stop = new AbortController();
			const run = trainAdapter(
				options(directory, { signal: stop.signal, onProgress: (p) => p.done >= stopAt && stop.abort() }),
			);
			await expect(run).rejects.toMatchObject({ code: "cancelled" });
		}
		const resumed = await trainAdapter(options(directory));
		expect(resumed.adapterDigest).toBe(whole.adapterDigest);
		expect(resumed.runCommitment).toBe(whole.runCommitment);
		expect(resumed.featuresRoot).toBe(whole.featuresRoot);
	});

	test("behavior: another seed, recipe or snapshot is another run, and a folder holds one", async () => {
		const directory = await folder();
		const run = await trainAdapter(options(directory));
		await expect(trainAdapter(options(directory, { recipe: { ...recipe, seed: 2 } }))).rejects.toMatchObject({
			code: "run-mismatch",
		});
		const other = await trainAdapter(options(await folder(), { recipe: { ...recipe, seed: 2 } }));
		expect(other.adapterDigest).not.toBe(run.adapterDigest);
	});

	test("behavior: a wrong bit in any file of a run is found, and the file named", async () => {
		const directory = await folder();
		const run = await trainAdapter(options(directory));
		const checkpoint = `checkpoint-${run.checkpoints[0]!.step}.safetensors`;
		for (const name of [checkpoint, "features.bin", "adapter/adapter_model.safetensors", "run.json"]) {
			const path = join(directory, name);
			const whole = await readFile(path);
			const bent = Buffer.from(whole);
			// In run.json a digit of a digest; elsewhere the lowest bit of a number near the end.
			const at = name === "run.json" ? whole.indexOf('"hash":"0x') + 12 : whole.length - 8;
			bent[at] = name === "run.json" ? (bent[at] === 0x30 ? 0x31 : 0x30) : bent[at]! ^ 1;
			await writeFile(path, bent);
			const error = await loadRun(directory, createEngine(base)).catch((e: unknown) => e);
			expect(error).toBeInstanceOf(RunError);
			expect((error as RunError).message).toContain(name);
			await writeFile(path, whole);
		}
		expect((await loadRun(directory, createEngine(base))).adapterDigest).toBe(run.adapterDigest);
	});

	test("behavior: what hashes the same but is written otherwise is found too", async () => {
		const directory = await folder();
		const run = await trainAdapter(options(directory));
		const other = run.chain.find(({ step }) => !run.checkpoints.some((checkpoint) => checkpoint.step === step));
		const edits: [string, (text: string) => string][] = [
			[`checkpoint-${run.checkpoints[0]!.step}.safetensors`, (text) => text.replace('"step":"', '"step":"1')],
			["adapter/adapter_model.safetensors", (text) => text.replace('"pt"', '"pu"')],
			["adapter/adapter_config.json", (text) => text.replace("CAUSAL_LM", "CAUSAL_LN")],
			["adapter/adapter_config.json", () => "null"],
			["run.json", (text) => text.replace('"engineId":"0x', '"engineId":"0y')],
			[
				"run.json",
				(text) => text.replace(/"checkpoints":\[[\d,]+\],"features"/, `"checkpoints":[${other!.step}],"features"`),
			],
			["run.json", (text) => text.replace('"rank":', '"rang":')],
			["run.json", () => "null"],
			["run.json", (text) => text.replace('"chain":', '"chains":')],
			["run.json", (text) => text.replace('"features":', '"feature":')],
		];
		for (const [name, edit] of edits) {
			const path = join(directory, name);
			const whole = await readFile(path);
			const bent = Buffer.from(edit(whole.toString("latin1")), "latin1");
			// A safetensors header keeps its length.
			if (name.startsWith("checkpoint")) bent.writeBigUInt64LE(whole.readBigUInt64LE(0) + 1n, 0);
			expect(bent.equals(whole)).toBe(false);
			await writeFile(path, bent);
			const error = await loadRun(directory, createEngine(base)).catch((e: unknown) => e);
			expect(error).toBeInstanceOf(RunError);
			expect((error as RunError).message).toMatch(name === "run.json" ? /run.json|trained by engine/ : name);
			await writeFile(path, whole);
		}
	});

	test("an answer's feature and scores repeat bit for bit on a fresh engine", async () => {
		const directory = await folder();
		await trainAdapter(options(directory));
		const people = rows.map((_, i) => ({ contributor: `0x${String(i % 3).repeat(40)}` as const, cluster: i }));
		const ask = async () => {
			const engine = createEngine(base);
			const run = await loadRun(directory, engine);
			const messages = [{ role: "user" as const, content: rows[5]!.prompt }];
			const { responseTokens } = engine.generate({ messages, maxTokens: 8 }, run.adapter);
			return createAttributor(engine, run, people).attribute({
				promptTokens: encodeChat(base, messages),
				responseTokens,
			});
		};
		const first = await ask();
		expect(await ask()).toEqual(first);
		expect(first.shares.reduce((sum, s) => sum + s.sharePpm, first.unattributedPpm)).toBe(1_000_000);
		expect(first.scores).toHaveLength(rows.length);
	});
});

describe("parseRecipe", () => {
	test("writes every default out, refuses what it does not know", () => {
		expect(parseRecipe({}).epochs).toBeGreaterThan(0);
		for (const wrong of [
			{ lr: 1 },
			{ toString: 1 },
			{ rank: 6 },
			{ epochs: 0.5 },
			{ targets: ["lm_head"] },
			{ checkpoints: [2] },
			[],
			{ learningRate: "fast" },
		]) {
			expect(() => parseRecipe(wrong)).toThrow(RunError);
		}
		expect(() => parseRecipe({ lr: 1 })).toThrow("recipe.lr is unknown");
	});
});
