// Full fine-tuning against PyTorch (files beside; made by packages/llm/oracles/fullTraining.py) and against finite differences in f64.

import { readFileSync } from "node:fs";
import { compile, createMachine, evaluateReference, gradient, type Machine, type Tensor } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { type BaseModel, readBase } from "../model/baseModel.js";
import { parameterShapes } from "../model/parameters.js";
import { ropeTables } from "../model/ropeTables.js";
import { writeBase } from "../model/writeBase.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { makeBatch, meanWeights, type TokenRow } from "./batch.js";
import { createFullTrainer } from "./fullTrainer.js";
import { batchFeeds, fullLoss } from "./loss.js";
import { parameterInputs } from "./stepGraph.js";
import type { Trainer } from "./trainer.js";

interface Sample {
	readonly norm: number;
	readonly at: readonly number[];
	readonly values: readonly number[];
}

interface Golden {
	readonly madeBy: string;
	readonly model: string;
	readonly rows: readonly TokenRow[];
	readonly settings: Record<"learningRate" | "beta1" | "beta2" | "epsilon" | "weightDecay" | "clip", number>;
	readonly losses: readonly number[];
	readonly gradientNorms: readonly number[];
	readonly gradients: Readonly<Record<string, Sample>>;
	readonly parameters: Readonly<Record<string, Sample>>;
}

const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
const goldenOf = (name: string): Golden =>
	JSON.parse(readFileSync(new URL(`./pytorch.${name}.golden.json`, import.meta.url), "utf8"));

function batchOf(base: BaseModel, rows: readonly TokenRow[]) {
	const batch = makeBatch(rows, base.padding);
	return { shape: batch.shape, feeds: batchFeeds(base.config, batch, meanWeights(batch)) };
}

function trainerOn(base: BaseModel, { settings }: Golden, machine: Machine = createMachine()): Trainer {
	return createFullTrainer(machine, base, { ...settings, epsilonRoot: 0 });
}

const models: readonly { name: string; base: BaseModel }[] = [
	{ name: "tiny", base: tinyBase() },
	...tinyFamilies().map(({ name, files }) => ({ name, base: readBase(files, name) })),
];

/** The largest miss of a sample, as a share of the tensor's root mean square. */
function miss(sample: Sample, got: Float32Array): number {
	const scale = sample.norm / Math.sqrt(got.length);
	return Math.max(
		Math.abs(norm(got) / sample.norm - 1),
		...sample.at.map((p, i) => Math.abs(got[p]! - sample.values[i]!) / scale),
	);
}

describe.each(models)("$name", ({ name, base }) => {
	const golden = goldenOf(name);
	const { shape, feeds } = batchOf(base, golden.rows);

	test(`default: loss and every parameter's gradient are those of ${golden.model} by ${golden.madeBy}`, () => {
		const inputs = parameterInputs(parameterShapes(base.config));
		const loss = fullLoss(base.config)(inputs, shape);
		const names = [...inputs.keys()];
		const gradients = gradient(loss, [...inputs.values()]);
		const outputs: Record<string, Tensor> = { loss };
		names.forEach((n, i) => {
			outputs[n] = gradients[i]!;
		});
		const program = compile(createMachine(), outputs);
		const found = program.run({ ...Object.fromEntries(base.parameters), ...feeds });
		expect(found.loss![0]).toBeCloseTo(golden.losses[0]!, 5);
		expect(names.sort()).toEqual(Object.keys(golden.gradients).sort());
		for (const n of names) expect(miss(golden.gradients[n]!, found[n]!), n).toBeLessThan(1e-4);
	});

	test("default: three AdamW steps go where PyTorch's go", () => {
		const trainer = trainerOn(base, golden);
		const steps = [0, 1, 2].map(() => trainer.step(shape, feeds, golden.settings.learningRate));
		steps.forEach((step, i) => {
			expect(step.loss / golden.losses[i]!).toBeCloseTo(1, 4);
			expect(step.gradientNorm / golden.gradientNorms[i]!).toBeCloseTo(1, 3);
		});
		const { parameters } = trainer.state();
		for (const [n, sample] of Object.entries(golden.parameters))
			expect(miss(sample, parameters.get(n)!), n).toBeLessThan(2e-3);
	});
});

describe("full fine-tuning", () => {
	const base = tinyBase();
	const golden = goldenOf("tiny");
	const { shape, feeds } = batchOf(base, golden.rows);
	const bits = (trainer: Trainer) => {
		const { parameters, first, second } = trainer.state();
		return Buffer.concat([parameters, first, second].flatMap((m) => [...m.values()].map((x) => Buffer.from(x.buffer))));
	};

	test("behavior: the gradient of the tied embedding, by central differences in f64", () => {
		const inputs = parameterInputs(parameterShapes(base.config));
		const loss = fullLoss(base.config)(inputs, shape);
		const tables = ropeTables(base.config, shape.length);
		const given = Object.fromEntries(
			Object.entries(feeds).map(([key, v]) => [key, Float64Array.from(v as Float32Array)]),
		);
		const all = { ...Object.fromEntries([...base.parameters].map(([n, x]) => [n, Float64Array.from(x)])), ...given };
		all.ropeCos = Float64Array.from(tables.cos);
		const key = "model.embed_tokens.weight";
		const [slope] = evaluateReference(gradient(loss, [inputs.get(key)!]), all) as [Float64Array];
		// Tokens that are read, that are only ever predicted against, and that are targets.
		const width = base.config.hiddenSize;
		for (const place of [40 * width, 77 * width + 3, 3 * width + 1, 5 * width + 2]) {
			const at = (step: number) => {
				const moved = Float64Array.from(all[key]!);
				moved[place]! += step;
				return evaluateReference([loss], { ...all, [key]: moved })[0]![0]!;
			};
			const [h, d] = [1e-5, slope[place]!];
			expect(Math.abs((at(h) - at(-h)) / (2 * h) - d)).toBeLessThan(1e-6 * Math.max(1, Math.abs(d)));
		}
	}, 120_000);

	test("behavior: the same bits on one thread and two", async () => {
		const machine = createMachine({ threads: 2 });
		while (!machine.ready()) await new Promise((r) => setTimeout(r, 5));
		const [one, two] = [trainerOn(base, golden), trainerOn(base, golden, machine)];
		for (let step = 0; step < 2; step++) for (const trainer of [one, two]) trainer.step(shape, feeds, 0.01);
		expect(bits(two).equals(bits(one))).toBe(true);
		machine.close();
	});

	test("behavior: resumed = uninterrupted, bit for bit", () => {
		const through = trainerOn(base, golden);
		for (let step = 0; step < 4; step++) through.step(shape, feeds, 0.01);
		const before = trainerOn(base, golden);
		for (let step = 0; step < 2; step++) before.step(shape, feeds, 0.01);
		const after = trainerOn(base, golden);
		after.restore(before.state());
		for (let step = 0; step < 2; step++) after.step(shape, feeds, 0.01);
		expect(bits(after).equals(bits(through))).toBe(true);
	});

	test("behavior: what was trained comes back from a base folder's files bit for bit", () => {
		for (const { name, files } of tinyFamilies()) {
			const family = readBase(files, name);
			const trainer = trainerOn(family, golden);
			const own = batchOf(family, golden.rows);
			trainer.step(own.shape, own.feeds, 0.01);
			const { parameters } = trainer.state();
			const written = writeBase(files, parameters);
			const read = readBase({ ...files, config: written["config.json"]!, model: written["model.safetensors"]! }, name);
			for (const [n, values] of parameters)
				expect(Buffer.from(read.parameters.get(n)!.buffer).equals(Buffer.from(values.buffer))).toBe(true);
			expect(read.config).toEqual(family.config);
			expect(read.digest).not.toBe(family.digest);
		}
	});
});
