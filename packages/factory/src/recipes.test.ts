// What recipes can ask for, on a tiny seeded base: every run repeats, resumes after kill -9 to the same bits, and is replayed when it is read.

import { spawn } from "node:child_process";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAttributor } from "@openledger/attribution";
import { createEngine, encodeChat, readSafetensors, tinyBase, writeSafetensors } from "@openledger/llm";
import { rowDigest } from "@openledger/protocol";
import { afterAll, describe, expect, inject, test } from "vitest";
import { RunError } from "./errors.js";
import { firstBrokenLink, historyRoot, nextLink, runStart, stateDigest } from "./history.js";
import { holdOut, type RunRow } from "./holdOut.js";
import { loadRun } from "./loadRun.js";
import { parseRecipe } from "./parseRecipe.js";
import type { TrainOptions, TrainProgress } from "./progress.js";
import type { TrainedRun } from "./readRun.js";
import { LATER } from "./recipe.js";
import { parseRecipeText } from "./recipeFile.js";
import { killedRecipe, killedRows, killedSnapshot } from "./testing/killedRecipe.js";
import { trainAdapter } from "./trainAdapter.js";
import { verdict } from "./validation.js";

const base = tinyBase();
const rows = killedRows;
const small = {
	epochs: 4,
	batchSize: 4,
	rank: 4,
	alpha: 8,
	learningRate: 0.01,
	commitEvery: 4,
	checkpoints: [0.3, 0.8],
};
const folders: string[] = [];
async function folder(): Promise<string> {
	const made = await mkdtemp(join(tmpdir(), "openledger-recipes-"));
	folders.push(made);
	return made;
}
afterAll(() => Promise.all(folders.map((f) => rm(f, { recursive: true, force: true }))));

const train = async (recipe: object, more: Partial<TrainOptions> = {}): Promise<TrainedRun> =>
	trainAdapter({
		engine: createEngine(base),
		rows,
		snapshotRoot: killedSnapshot,
		recipe: parseRecipe({ ...small, ...recipe }),
		directory: await folder(),
		...more,
	});
const identity = (run: TrainedRun) => [run.adapterDigest, run.runCommitment, run.historyRoot, run.featuresRoot];
const fault = async (run: Promise<unknown>): Promise<RunError> => {
	const error = await run.catch((e: unknown) => e);
	expect(error).toBeInstanceOf(RunError);
	return error as RunError;
};

describe("recipes", () => {
	test("default: packing changes no bit of the adapter, nor who earned it", async () => {
		const [padded, packed] = [await train({ accumulate: 2 }), await train({ accumulate: 2, packing: true })];
		expect(packed.adapterDigest).toBe(padded.adapterDigest);
		expect(packed.featuresRoot).toBe(padded.featuresRoot);
		expect(packed.runCommitment).not.toBe(padded.runCommitment);
	});

	test("default: a step of several batches meets the rows of all of them, and an epoch meets each row once", async () => {
		const run = await train({ accumulate: 2, epochs: 2 });
		// 24 rows in batches of 4 are 6 batches: 3 steps an epoch.
		expect(run.history.map(({ rows: ids }) => ids.length)).toEqual([8, 8, 8, 8, 8, 8]);
		const met = run.history.slice(0, 3).flatMap(({ rows: ids }) => ids);
		expect([...met].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
		expect(run.adapterDigest).not.toBe((await train({ epochs: 2 })).adapterDigest);
	});

	test.each<[string, object]>([
		["accumulation, packing, a line", { accumulate: 3, packing: true, schedule: "linear", warmupSteps: 2 }],
		["validation every 3 steps", { validation: 5, validateEvery: 3, responsesOnly: false }],
		["an early stop", { ...killedRecipe, keepBest: false }],
		["the best of an early stop", killedRecipe],
	])("behavior: stopped anywhere, it goes on to the same bits: %s", async (_, recipe) => {
		const whole = await train(recipe);
		const directory = await folder();
		for (const stopAt of [1, 4, 7]) {
			const stop = new AbortController();
			const run = train(recipe, {
				directory,
				signal: stop.signal,
				onProgress: (p) => p.stage === "train" && p.done >= stopAt && stop.abort(),
			});
			await run.catch((error) => expect(error).toMatchObject({ code: "cancelled" }));
		}
		expect(identity(await train(recipe, { directory }))).toEqual(identity(whole));
	});

	test("behavior: killed with SIGKILL again and again, it goes on to the same bits", { timeout: 120_000 }, async () => {
		const whole = await train(killedRecipe);
		const directory = await folder();
		const program = inject("programs")["packages/factory/src/testing/killedRun.ts"];
		let kills = 0;
		for (let lines = 3; ; lines += 4) {
			const child = spawn(process.execPath, [program, directory], { stdio: ["ignore", "pipe", "inherit"] });
			let told = 0;
			child.stdout.on("data", (text: Buffer) => {
				told += text.toString().split("\n").length - 1;
				if (told >= lines) child.kill("SIGKILL");
			});
			const [code] = await new Promise<[number | null]>((done) => child.once("exit", (c) => done([c])));
			if (code === 0) break;
			expect(code).toBeNull();
			kills++;
		}
		expect(kills).toBeGreaterThan(1);
		expect(identity(await loadRun(directory, createEngine(base)))).toEqual(identity(whole));
	});

	test("behavior: damaged progress is not gone on from; progress without a digest is", async () => {
		const whole = await train({});
		const stopped = async () => {
			const directory = await folder();
			const stop = new AbortController();
			const run = train({}, { directory, signal: stop.signal, onProgress: (p) => p.done >= 13 && stop.abort() });
			await expect(run).rejects.toMatchObject({ code: "cancelled" });
			return directory;
		};
		const first = async (directory: string) => {
			const done: number[] = [];
			const run = await train({}, { directory, onProgress: (p) => p.stage === "train" && done.push(p.done) });
			expect(identity(run)).toEqual(identity(whole));
			return done[0];
		};
		const sound = await stopped();
		const file = (directory: string) => join(directory, "progress.safetensors");
		const bytes = await readFile(file(sound));
		const { tensors, metadata } = readSafetensors(bytes, "progress");
		expect(metadata.digest).toMatch(/^0x[0-9a-f]{64}$/);
		expect(await first(sound)).toBe(13);

		const bent = await stopped();
		const other = Buffer.from(bytes);
		other[other.length - 8]! ^= 1;
		await writeFile(file(bent), other);
		expect(await first(bent)).toBe(1);

		const cut = await stopped();
		await writeFile(file(cut), bytes.subarray(0, bytes.length / 2));
		expect(await first(cut)).toBe(1);

		const old = await stopped();
		await writeFile(file(old), writeSafetensors(new Map(tensors), "F32", { step: metadata.step! }));
		expect(await first(old)).toBe(13);
	});

	test.each<[string, object, number]>([
		["a regular expression", { targets: "model\\.layers\\.1\\.(self_attn|mlp)\\..*_proj", rankStabilised: true }, 7],
		["ends of paths", { targets: ["layers.0.mlp.up_proj", "q_proj"] }, 3],
		["all of them", { targets: "all-linear" }, 14],
	])("default: targets as PEFT takes them: %s", async (_, recipe, modules) => {
		const directory = await folder();
		const run = await train({ ...recipe, epochs: 1 }, { directory });
		expect(run.adapter.weights.size).toBe(modules);
		const written = JSON.parse(await readFile(join(directory, "adapter", "adapter_config.json"), "utf8"));
		expect(written.use_rslora).toBe("rankStabilised" in recipe);
		expect(identity(await loadRun(directory, createEngine(base)))).toEqual(identity(run));
	});

	test("behavior: targets that this base does not have are told in the recipe's words", async () => {
		for (const targets of [
			"model\\.layers\\.[01]\\.mlp\\..*",
			"model\\.layers\\.7\\..*_proj",
			["layers.9.mlp.up_proj"],
		]) {
			const { code, message } = await fault(train({ targets }));
			expect([code, message]).toEqual([
				"recipe-malformed",
				expect.stringMatching(/^recipe\.targets does not suit base tiny: .*(no linear layer)/),
			]);
		}
	});

	test("behavior: a run as an older program wrote it, without what came later, is the same run", async () => {
		const directory = await folder();
		const run = await train({}, { directory });
		const path = join(directory, "run.json");
		const { rows: _, ...stored } = JSON.parse(await readFile(path, "utf8"));
		const older = {
			...stored,
			recipe: Object.fromEntries(Object.entries(stored.recipe).filter(([key]) => !Object.hasOwn(LATER, key))),
			steps: stored.steps.map(({ tokens: _, ...step }: { tokens?: number }) => step),
		};
		await writeFile(path, JSON.stringify(older));
		await rm(join(directory, "recipe.yaml"));
		const again = await loadRun(directory, createEngine(base));
		expect(identity(again)).toEqual(identity(run));
		expect(again.recipe).toEqual(run.recipe);
		// And training it again finds it done.
		expect(identity(await train({}, { directory }))).toEqual(identity(run));
	});

	test("default: the folder says every field of the recipe from the first moment", async () => {
		const directory = await folder();
		const run = train({ packing: true }, { directory, signal: AbortSignal.abort() });
		await expect(run).rejects.toMatchObject({ code: "cancelled" });
		const text = await readFile(join(directory, "recipe.yaml"), "utf8");
		expect(parseRecipeText(text, "recipe.yaml")).toEqual(parseRecipe({ ...small, packing: true }));
		await expect(access(join(directory, "run.json"))).rejects.toThrow();
	});
});

describe("memory", () => {
	test("behavior: a batch that does not fit the machine is refused before the first step, in the recipe's words", async () => {
		for (const recipe of [{}, { accumulate: 2 }, { packing: true }]) {
			const engine = createEngine(base);
			// A machine with room for some programs, but not for the largest of the run.
			const machine = { ...engine.machine, arenaRoom: () => 30_000 };
			const told: TrainProgress[] = [];
			const refused = fault(train(recipe, { engine: { ...engine, machine }, onProgress: (p) => told.push(p) }));
			const { code, message } = await refused;
			expect(code).toBe("out-of-memory");
			expect(message).toMatch(/lower recipe\.batchSize \(4\) and raise recipe\.accumulate/);
			expect(told).toEqual([]);
		}
	});
});

describe("memory for what comes between and after the steps", () => {
	const told: TrainProgress[] = [];
	/** A run whose rows are short but those at `places`, on a machine that says how large a program may be. */
	const tight = (
		arenaRoom: () => number,
		recipe: object,
		places: readonly number[],
		some: readonly RunRow[] = rows,
	) => {
		told.length = 0;
		const engine = createEngine(base);
		return train(recipe, {
			engine: { ...engine, machine: { ...engine.machine, arenaRoom } },
			rows: some.map((row, i) => (places.includes(i) ? { ...row, response: "so on ".repeat(9) } : row)),
			onProgress: (p: TrainProgress) => told.push(p),
		});
	};

	test("behavior: a look at long rows held out is refused before the first step, and says how many would fit", async () => {
		// One cluster is held out, all of it long but the row that draws its lot.
		const clustered = rows.map((row, i) => ({ ...row, cluster: i < 18 ? 0 : i }));
		const all = rows.map((_, i) => i);
		const isHeld = (n: number) => holdOut(clustered, all, parseRecipe({ validation: 1, seed: n })).includes(0);
		const seed = [...Array(1000).keys()].find(isHeld)!;
		const recipe = { batchSize: 16, validation: 1, validateEvery: 3, seed };
		const room = () => 750_000;
		const { code, message } = await fault(tight(room, recipe, all.slice(1, 18), clustered));
		expect([code, told]).toEqual(["out-of-memory", []]);
		const [, most] = /recipe\.batchSize \(16\).*a validation of 16 rows of 48 .* (\d+) rows of that length fit/.exec(
			message,
		)!;
		const run = await tight(room, { ...recipe, batchSize: Number(most) }, all.slice(1, 18), clustered);
		expect(run.validations.length).toBeGreaterThan(0);
		expect(
			(await fault(tight(room, { ...recipe, batchSize: Number(most) + 1 }, all.slice(1, 18), clustered))).code,
		).toBe("out-of-memory");
	});

	test("default: influence is measured on as many rows at once as fit, which changes no bit", async () => {
		const recipe = { batchSize: 1, epochs: 1 };
		const much = await tight(() => 1e9, recipe, [3]);
		const features = () => told.filter(({ stage }) => stage === "features").length;
		const before = features();
		const little = await tight(() => 2_200_000, recipe, [3]);
		expect(features()).toBeGreaterThan(before);
		expect(identity(little)).toEqual(identity(much));
	});

	test("behavior: where not even one row's influence fits, that is said before the first step", async () => {
		let asked = 0;
		const { code, message } = await fault(tight(() => (asked++ === 0 ? 1e9 : 1000), {}, [3]));
		expect([code, told]).toEqual(["out-of-memory", []]);
		expect(message).toMatch(
			/^the influence of the longest row does not fit the machine; lower recipe\.maxLength \(\d+\): /,
		);
	});
});

describe("validation", () => {
	test("default: losses on rows that are never learnt from, in progress and in the run", async () => {
		const seen: TrainProgress[] = [];
		const run = await train({ validation: 0.25 }, { onProgress: (p) => seen.push(p) });
		const held = holdOut(
			rows,
			rows.map((_, i) => i),
			run.recipe,
		);
		expect(held.length).toBeGreaterThan(0);
		expect(run.history.flatMap(({ rows: ids }) => ids).filter((i) => held.includes(i))).toEqual([]);
		expect(run.validations).toHaveLength(small.epochs);
		const last = seen.filter(({ stage }) => stage === "train").at(-1)!;
		expect(last.validation).toMatchObject(run.validations.at(-1)!);
		expect(last.validation!.perplexity).toBeCloseTo(Math.exp(last.validation!.loss), 10);
		expect(last.tokensPerSecond).toBeGreaterThan(0);
		// Rows that taught nothing earn nothing.
		for (const i of held) expect(run.features.scales[i]).toBe(0);
	});

	test("default: patience ends the run, and the best adapter can be kept", async () => {
		const [last, best] = [await train({ ...killedRecipe, keepBest: false }), await train(killedRecipe)];
		const found = verdict(best.recipe, best.validations)!;
		expect(found.stopAt).toBeLessThan(best.plannedSteps);
		expect([best.history.length, best.keptStep]).toEqual([found.stopAt, found.best]);
		const named = new Map<string, Float32Array>();
		for (const [path, { A, B }] of best.adapter.weights) named.set(`${path}.lora_A`, A).set(`${path}.lora_B`, B);
		expect(stateDigest(named)).toBe(best.chain.find(({ step }) => step === found.best)!.adapterDigest);
		expect(last.keptStep).toBe(found.stopAt);
		expect(last.adapterDigest).not.toBe(best.adapterDigest);
		expect(best.checkpoints.every(({ step }) => step <= found.best)).toBe(true);
	});

	test("behavior: what a run says of its validations must be what it committed to and what follows from it", async () => {
		const directory = await folder();
		const run = await train(killedRecipe, { directory });
		const path = join(directory, "run.json");
		const whole = await readFile(path, "utf8");
		type Stored = {
			chain: { step: number; validation?: { loss: number; planned: number } }[];
			recipe: Record<string, unknown>;
			steps: unknown[];
		};
		const edits: ((stored: Stored) => void)[] = [
			(s) => (s.chain.find(({ validation }) => validation)!.validation!.loss += 1e-9),
			(s) => (s.chain.find(({ validation }) => validation)!.validation!.planned += 1),
			(s) => delete s.chain.find(({ validation }) => validation)!.validation,
			(s) => (s.recipe.patience = 5),
			(s) => (s.recipe.keepBest = false),
			(s) => s.chain.pop(),
			(s) => s.steps.pop(),
		];
		for (const edit of edits) {
			const stored = JSON.parse(whole) as Stored;
			edit(stored);
			await writeFile(path, JSON.stringify(stored));
			expect((await fault(loadRun(directory, createEngine(base)))).message).toContain("run.json");
		}
		await writeFile(path, whole);
		expect(identity(await loadRun(directory, createEngine(base)))).toEqual(identity(run));
	});

	test("behavior: whoever commits to a run that should have stopped, or should not have, is found out too", async () => {
		const directory = await folder();
		const run = await train({ ...killedRecipe, keepBest: false, patience: 0 }, { directory });
		const path = join(directory, "run.json");
		// An honest chain under another recipe: all links made anew, as a liar would.
		const stored = JSON.parse(await readFile(path, "utf8"));
		const recipe = { ...run.recipe, patience: 1 };
		const inputs = { ...stored, recipe };
		let [hash, at] = [runStart(inputs), 0];
		stored.chain = run.chain.map((link) => {
			const ids = run.history.slice(at, link.step).flatMap((s) => s.rows);
			const made = nextLink(hash, link.step, link.adapterDigest, link.optimizerDigest, ids, link.validation);
			[hash, at] = [made.hash, link.step];
			return made;
		});
		expect(firstBrokenLink(inputs, stored.steps, stored.chain)).toBeUndefined();
		await writeFile(path, JSON.stringify({ ...stored, recipe, historyRoot: historyRoot(stored.chain) }));
		expect((await fault(loadRun(directory, createEngine(base)))).message).toMatch(
			/by its validation losses it ends after step/,
		);
	});

	test("behavior: lots hang on a row and the seed, not on its neighbours; clusters share one", () => {
		const many = Array.from({ length: 400 }, (_, i) => ({ prompt: `p${i}`, response: `${i}` }));
		const all = many.map((_, i) => i);
		const recipe = parseRecipe({ validation: 0.2 });
		const held = holdOut(many, all, recipe);
		expect(held.length).toBeGreaterThan(50);
		expect(held.length).toBeLessThan(110);
		const digests = new Set(held.map((i) => rowDigest(many[i]!)));
		const turned = [...many].reverse().slice(0, 300);
		for (const i of holdOut(
			turned,
			turned.map((_, k) => k),
			recipe,
		))
			expect(digests).toContain(rowDigest(turned[i]!));
		expect(holdOut(many, all, parseRecipe({ validation: 0.2, seed: 2 }))).not.toEqual(held);
		expect(holdOut(many, all, parseRecipe({ validation: 7 }))).toHaveLength(7);
		const clustered = many.map((row, i) => ({ ...row, cluster: Math.floor(i / 4) }));
		for (const i of holdOut(clustered, all, recipe)) expect(holdOut(clustered, all, recipe)).toContain(i - (i % 4));
		expect(() => holdOut(many.slice(0, 1), [0], recipe)).toThrow(RunError);
		expect(() => holdOut(many, all, parseRecipe({ validation: 400 }))).toThrow("none would be left");
		expect(holdOut(many.slice(0, 2), [0, 1], parseRecipe({ validation: 0.001 }))).toHaveLength(1);
	});
});

describe("rows", () => {
	const mixed = [
		{ prompt: "Say a?", response: "One and two." },
		{ prompt: "", response: "The river runs to the sea and on." },
		{
			before: [
				{ role: "system" as const, content: "Be brief." },
				{ role: "user" as const, content: "Peru?" },
				{ role: "assistant" as const, content: "Lima." },
			],
			prompt: "Three?",
			response: "The capital.",
		},
		{ prompt: "Is it?\nYes", response: "No." },
	];

	test("default: a mix of forms is learnt from, and an answer's shares go to each form", async () => {
		const directory = await folder();
		const run = await train({ epochs: 12 }, { rows: mixed, directory });
		expect([...new Set(run.history.flatMap(({ rows: ids }) => ids))].sort()).toEqual([0, 1, 2, 3]);
		const engine = createEngine(base);
		const people = mixed.map((_, i) => ({ contributor: `0x${String(i).repeat(40)}` as const, cluster: i }));
		const attributor = createAttributor(engine, await loadRun(directory, engine), people);
		mixed.forEach((row, i) => {
			const asked = [...(row.before ?? []), { role: "user" as const, content: row.prompt || "The river" }];
			const { shares, scores, unattributedPpm } = attributor.attribute({
				promptTokens: encodeChat(base, asked),
				responseTokens: base.tokenizer.encode(row.response),
			});
			expect(shares.reduce((sum, { sharePpm }) => sum + sharePpm, unattributedPpm)).toBe(1_000_000);
			// Each row is what moved the model most towards its own answer. Plain text was never learnt as an answer to anything, and of a
			// conversation its earlier answers were learnt too: of four rows that says nothing of which is nearest.
			if (row.prompt !== "" && row.before === undefined)
				expect(scores.indexOf(Math.max(...scores)), `answer of row ${i}`).toBe(i);
		});
		attributor.close();
	});

	test("behavior: rows that cannot be used are left out by reason; a row beyond the context is told before anything runs", async () => {
		const long = { prompt: "Long?", response: "One and two are three. ".repeat(8) };
		const told: TrainProgress[] = [];
		const directory = await folder();
		const run = await train({ maxLength: 60 }, { rows: [...mixed, long], directory, onProgress: (p) => told.push(p) });
		expect(told[0]!.leftOut).toBe(1);
		expect(run.rowsUsed).toMatchObject({
			learnt: 4,
			leftOut: [{ row: 4, reason: expect.stringContaining("maxLength is 60") }],
		});
		const beyond = await fault(train({ maxLength: 512 }, { rows: [...mixed, long] }));
		expect(beyond.code).toBe("sequence-too-long");
		expect(beyond.message).toMatch(
			/row 4 has \d+ tokens, the context of base tiny holds 64; set recipe.maxLength to 64/,
		);
		expect((await fault(train({ maxLength: 8 }, { rows: [long] }))).code).toBe("rows-unusable");
	});

	test("behavior: a row that the base's template refuses is left out, not the run", async () => {
		const strict = {
			...base,
			chatTemplate: `{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system here') }}{% endif %}${"<|{{ m.role }}|>{{ m.content }}"}{% endfor %}<|assistant|>`,
		};
		const directory = await folder();
		await train({}, { rows: mixed, engine: createEngine(strict), directory });
		const stored = JSON.parse(await readFile(join(directory, "run.json"), "utf8"));
		expect(stored.rows.leftOut).toEqual([{ row: 2, reason: expect.stringContaining("no system here") }]);
	});
});
