import { compile, constant, input, sumAll, vjp } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { createEngine, type Engine } from "../generation/engine.js";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { adapterAddition, inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { llamaInputs } from "../model/llama.js";
import { LINEARS } from "../model/parameters.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { makeBatch, meanWeights, type TokenRow } from "./batch.js";
import { adapterLoss, adapterParameterShapes, adapterTensors, batchFeeds, rowLosses } from "./loss.js";
import { epochBatches } from "./order.js";
import { learningRateAt } from "./schedule.js";
import { createTrainer } from "./trainer.js";

const base = tinyBase();
const config: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS };
const rows: TokenRow[] = [
	{ tokens: [1, 40, 90, 2, 77, 3], from: 4 },
	{ tokens: [1, 60, 61, 62, 63, 2, 64, 65, 66, 67, 3], from: 6 },
	{ tokens: [1, 9, 2, 8, 3], from: 3 },
];

function initial(): Map<string, Float32Array> {
	const out = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, config, 3))
		out.set(inputNameA(path), A).set(
			inputNameB(path),
			B.map((_, i) => ((i % 5) - 2) / 30),
		);
	return out;
}

function trainer(engine: Engine) {
	const made = createTrainer({
		machine: engine.machine,
		shapes: adapterParameterShapes(base.config, config),
		initial: initial(),
		loss: adapterLoss(base.config, config),
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 },
	});
	const step = (which: readonly number[]) => {
		const batch = makeBatch(
			which.map((i) => rows[i]!),
			base.padding,
		);
		return made.step(batch.shape, { ...engine.resident, ...batchFeeds(base.config, batch, meanWeights(batch)) }, 0.01);
	};
	return { made, step };
}

describe("training", () => {
	test("default: the loss on a few rows falls", () => {
		const { step } = trainer(createEngine(base));
		const first = step([0, 1, 2]).loss;
		let last = first;
		for (let i = 0; i < 30; i++) last = step([0, 1, 2]).loss;
		expect(last).toBeLessThan(first / 3);
	});

	test("resumed training = uninterrupted training, bit for bit", () => {
		const through = trainer(createEngine(base));
		for (const ids of [
			[0, 1],
			[2, 0],
			[1, 2],
			[0, 1, 2],
		])
			through.step(ids);
		const before = trainer(createEngine(base));
		for (const ids of [
			[0, 1],
			[2, 0],
		])
			before.step(ids);
		const after = trainer(createEngine(base));
		after.made.restore(before.made.state());
		for (const ids of [
			[1, 2],
			[0, 1, 2],
		])
			after.step(ids);
		expect(after.made.state()).toEqual(through.made.state());
	});

	test("a row's loss and gradients are bit-equal alone and in any batch", () => {
		const engine = createEngine(base);
		const shapes = adapterParameterShapes(base.config, config);
		const perRow = (which: readonly number[]) => {
			const batch = makeBatch(
				which.map((i) => rows[i]!),
				base.padding,
			);
			const { rows: B, length: T } = batch.shape;
			const tensors = new Map([...shapes].map(([name, shape]) => [name, input(name, [B, ...shape])]));
			const losses = rowLosses(
				base.config,
				llamaInputs(base.config, B, T),
				batch.shape,
				adapterAddition(config, adapterTensors(base.config, config, tensors), B, T),
			);
			const gradients = vjp(sumAll(losses), [...tensors.values()], constant(1));
			const outputs = Object.fromEntries([
				["losses", losses],
				...[...tensors.keys()].map((name, i) => [name, gradients[i]!] as const),
			]);
			const adapters = Object.fromEntries(
				[...initial()].map(([name, values]) => [
					name,
					Float32Array.from({ length: B * values.length }, (_, i) => values[i % values.length]!),
				]),
			);
			const got = compile(engine.machine, outputs).run({
				...engine.resident,
				...adapters,
				...batchFeeds(base.config, batch, batch.counted),
			});
			return which.map((_, b) =>
				Object.entries(got).map(([, values]) => [
					...values.subarray((b * values.length) / B, ((b + 1) * values.length) / B),
				]),
			);
		};
		const together = perRow([0, 1, 2]);
		expect(perRow([0])[0]).toEqual(together[0]);
		expect(perRow([2, 1])).toEqual([together[2], together[1]]);
	});
});

describe("order and schedule", () => {
	test("every row once an epoch, another order each epoch", () => {
		const lengths = Array.from({ length: 101 }, (_, i) => 5 + (i % 9));
		const epoch = epochBatches(lengths, 16, 7, 0);
		expect(epoch.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
		expect(epochBatches(lengths, 16, 7, 0)).toEqual(epoch);
		expect(epochBatches(lengths, 16, 7, 1)).not.toEqual(epoch);
	});
	test("warms up, peaks, ends at the floor", () => {
		const s = { peak: 1, warmup: 0.1, floor: 0.2 };
		expect(learningRateAt(s, 0, 100)).toBeCloseTo(0.1);
		expect(learningRateAt(s, 9, 100)).toBe(1);
		expect(learningRateAt(s, 99, 100)).toBeCloseTo(0.2, 2);
	});
});
