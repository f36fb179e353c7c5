// A step from several batches: what it must equal (one batch of all rows, within rounding) and what its bits are (sums in the batches' order).
import { compile, gradient, input } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { createEngine } from "../generation/engine.js";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { LINEARS } from "../model/parameters.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { makeBatch, stepWeights, type TokenRow } from "./batch.js";
import { adapterLoss, adapterParameterShapes, batchFeeds } from "./loss.js";
import { createTrainer, type MicroBatch } from "./trainer.js";

const base = tinyBase();
const config: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS };
const rows: TokenRow[] = [
	{ tokens: [1, 40, 90, 2, 77, 3], from: 4 },
	{ tokens: [1, 60, 61, 62, 63, 2, 64, 65, 66, 67, 3], from: 6 },
	{ tokens: [1, 9, 2, 8, 3], from: 3 },
	{ tokens: [1, 12, 13, 2, 14, 15, 16, 17, 18, 19, 20, 3], from: 4 },
];
const shapes = adapterParameterShapes(base.config, config);
const initial = new Map<string, Float32Array>();
for (const [path, { A, B }] of initialAdapter(base.config, config, 3))
	initial.set(inputNameA(path), A).set(
		inputNameB(path),
		B.map((_, i) => ((i % 5) - 2) / 30),
	);
const loss = adapterLoss(base.config, config);
const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0.01, clip: 100 };

function world() {
	const engine = createEngine(base);
	const trainer = createTrainer({ machine: engine.machine, shapes, initial, loss, settings });
	const micro = (...groups: readonly (readonly number[])[]): MicroBatch[] => {
		const batches = groups.map((ids) =>
			makeBatch(
				ids.map((i) => rows[i]!),
				base.padding,
			),
		);
		const weights = stepWeights(batches);
		return batches.map((batch, i) => ({
			shape: batch.shape,
			feeds: { ...engine.resident, ...batchFeeds(base.config, batch, weights[i]!) },
		}));
	};
	return { engine, trainer, micro };
}

describe("accumulation", () => {
	test("default: three batches give the update of one of all rows, within rounding", () => {
		const [one, many] = [world(), world()];
		const whole = one.trainer.stepOver(one.micro([0, 1, 2, 3]), 0.01);
		const parts = many.trainer.stepOver(many.micro([0, 1], [2], [3]), 0.01);
		expect(parts.loss).toBeCloseTo(whole.loss, 5);
		expect(parts.gradientNorm).toBeCloseTo(whole.gradientNorm, 5);
		// AdamW's first step moves every number by about the rate, whatever its gradient; moments say more.
		const [a, b] = [one.trainer.state(), many.trainer.state()];
		for (const name of shapes.keys()) {
			const [x, y] = [a.first.get(name)!, b.first.get(name)!];
			const size = Math.max(...x.map(Math.abs));
			x.forEach((value, i) => {
				expect(Math.abs(value - y[i]!)).toBeLessThan(2e-5 * size + 1e-12);
			});
		}
	});

	test("behavior: the bits are those of gradients added in the batches' order, from +0", () => {
		const { engine, trainer, micro } = world();
		const batches = micro([3], [0, 2], [1]);
		const name = [...shapes.keys()][0]!;
		const sum = new Float32Array(initial.get(name)!.length);
		for (const { shape, feeds } of batches) {
			const inputs = new Map([...shapes].map(([key, s]) => [key, input(key, s)]));
			const [g] = gradient(loss(inputs, shape), [inputs.get(name)!]);
			const out = compile(engine.machine, { g: g! }).run({ ...feeds, ...Object.fromEntries(initial) });
			out.g.forEach((value, i) => {
				sum[i] = sum[i]! + value;
			});
		}
		const { gradientNorm } = trainer.stepOver(batches, 0.01);
		// From zero, the first moment is (1 − β₁)·clipped gradient; the norm is below the clip here, so the factor is 1.
		expect(gradientNorm).toBeLessThan(settings.clip);
		const wanted = sum.map((value) => Math.fround(Math.fround(0) + Math.fround(value * Math.fround(1 - 0.9))));
		expect(trainer.state().first.get(name)).toEqual(wanted);
	});

	test("behavior: a single batch is an ordinary step, bit for bit, and a step repeats", () => {
		const [a, b] = [world(), world()];
		const [only] = a.micro([0, 1, 2]);
		a.trainer.step(only!.shape, only!.feeds, 0.01);
		b.trainer.stepOver(b.micro([0, 1, 2]), 0.01);
		expect(b.trainer.state()).toEqual(a.trainer.state());
		a.trainer.stepOver(a.micro([0, 1], [2, 3]), 0.01);
		b.trainer.stepOver(b.micro([0, 1], [2, 3]), 0.01);
		expect(b.trainer.state()).toEqual(a.trainer.state());
		const order = world();
		order.trainer.restore(a.trainer.state());
		expect(order.trainer.state()).toEqual(a.trainer.state());
	});
});
