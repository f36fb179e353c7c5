// What an int8 base costs and saves on a model that was really trained: ember with and without an adapter trained here, over the rows of
// examples/world. Loss and perplexity of the answers' tokens, how often the likeliest token stays, and the memory of the weights.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type AdapterConfig,
	adapterAddition,
	adapterInputs,
	adapterLoss,
	adapterModules,
	adapterParameterShapes,
	type BaseModel,
	batchFeeds,
	createTrainer,
	encodeExample,
	initialAdapter,
	inputNameA,
	inputNameB,
	llamaInputs,
	llamaLogits,
	loadBase,
	makeBatch,
	meanWeights,
	residentBase,
	residentWeights,
	type TokenRow,
	type WeightForm,
} from "@openledger/llm";
import { compile, createMachine, type Feed } from "@openledger/tensor";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";

const folder = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const ADAPTER: AdapterConfig = {
	rank: 8,
	alpha: 16,
	targets: ["q_proj", "v_proj", "gate_proj", "up_proj", "down_proj"],
};
const ROWS = 16;
const EPOCHS = 4;
const RATE = 4e-3;

function worldRows(base: BaseModel): TokenRow[] {
	const files = readdirSync(folder("examples/world")).filter((file) => file.endsWith(".jsonl"));
	const lines = files.sort().flatMap((file) =>
		readFileSync(join(folder("examples/world"), file), "utf8")
			.trim()
			.split("\n"),
	);
	return lines
		.map((line) => JSON.parse(line) as { prompt?: unknown; response?: unknown })
		.filter(
			(row): row is { prompt: string; response: string } =>
				typeof row.prompt === "string" && typeof row.response === "string",
		)
		.map(({ prompt, response }) => encodeExample(base, prompt, response));
}

const batches = (rows: readonly TokenRow[]): TokenRow[][] =>
	Array.from({ length: Math.floor(rows.length / ROWS) }, (_, i) => rows.slice(i * ROWS, (i + 1) * ROWS));

/** The adapter's numbers by input name, after a few epochs. */
function train(base: BaseModel, rows: readonly TokenRow[]): Record<string, Feed> {
	const machine = createMachine();
	const resident = residentBase(machine, base);
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, ADAPTER, 1))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	const trainer = createTrainer({
		machine,
		shapes: adapterParameterShapes(base.config, ADAPTER),
		initial,
		loss: adapterLoss(base.config, ADAPTER),
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 },
	});
	for (let epoch = 0; epoch < EPOCHS; epoch++) {
		for (const own of batches(rows)) {
			const batch = makeBatch(own, base.padding);
			trainer.step(batch.shape, { ...resident, ...batchFeeds(base.config, batch, meanWeights(batch)) }, RATE);
		}
	}
	return Object.fromEntries(trainer.state().parameters);
}

interface Measured {
	readonly loss: number;
	readonly bytes: number;
	/** The likeliest token at each target. */
	readonly likeliest: readonly number[];
}

function measure(
	base: BaseModel,
	rows: readonly TokenRow[],
	form: WeightForm,
	adapter?: Record<string, Feed>,
): Measured {
	const { config } = base;
	const machine = createMachine();
	const weights = residentWeights(machine, config, base.parameters, form);
	const bytes = machine.bytesInUse();
	const programs = new Map<number, ReturnType<typeof compile<"logits">>>();
	const likeliest: number[] = [];
	let sum = 0;
	for (const own of batches(rows)) {
		const batch = makeBatch(own, base.padding);
		const { length } = batch.shape;
		const addition = adapter && adapterAddition(ADAPTER, adapterInputs(adapterModules(config, ADAPTER)), ROWS, length);
		const graph = () =>
			llamaLogits(config, llamaInputs(config, ROWS, length, form), ROWS, length, addition ? { addition } : {});
		const program = programs.get(length) ?? compile(machine, { logits: graph() });
		programs.set(length, program);
		const { targets: _, weights: __, ...feeds } = batchFeeds(config, batch, batch.counted);
		const { logits } = program.run({ ...weights, ...adapter, ...feeds });
		batch.counted.forEach((counts, at) => {
			if (counts === 0) return;
			const row = logits.subarray(at * config.vocabSize, (at + 1) * config.vocabSize);
			const most = row.reduce((a, b) => Math.max(a, b));
			likeliest.push(row.indexOf(most));
			sum += Math.log(row.reduce((total, x) => total + Math.exp(x - most), 0)) + most - row[batch.targets[at]!]!;
		});
	}
	return { loss: sum / likeliest.length, bytes, likeliest };
}

export async function run({ log }: BenchOptions): Promise<BenchResult> {
	const base = await loadBase(folder("models/ember"));
	const rows = worldRows(base);
	const adapter = train(base, rows);
	const out: Record<string, string | number>[] = [];
	const targets: BenchTarget[] = [];
	for (const [name, own] of [
		["ember", undefined],
		["ember with adapter", adapter],
	] as const) {
		const [f32, int8] = [measure(base, rows, "packed", own), measure(base, rows, "int8", own)];
		const kept = f32.likeliest.filter((token, i) => token === int8.likeliest[i]).length / f32.likeliest.length;
		for (const [weights, measured] of [
			["f32", f32],
			["int8", int8],
		] as const) {
			const row = {
				model: name,
				weights,
				tokens: measured.likeliest.length,
				loss: Number(measured.loss.toFixed(4)),
				perplexity: Number(Math.exp(measured.loss).toFixed(3)),
				sameLikeliest: Number((measured === f32 ? 1 : kept).toFixed(4)),
				weightMegabytes: Number((measured.bytes / 1e6).toFixed(2)),
			};
			out.push(row);
			log(JSON.stringify(row));
		}
		const change = int8.loss - f32.loss;
		targets.push({
			what: `change in loss, ${name}`,
			value: Number(change.toFixed(4)),
			target: "≤ 0.02",
			ok: change <= 0.02,
		});
		const saved = 1 - int8.bytes / f32.bytes;
		targets.push({
			what: `weight memory saved, ${name}`,
			value: Number(saved.toFixed(3)),
			target: "≥ 0.7",
			ok: saved >= 0.7,
		});
	}
	return { rows: out, targets };
}
