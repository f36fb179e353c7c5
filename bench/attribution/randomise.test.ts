import { createReplayTrainer } from "@openledger/attribution";
import { createEngine, tinyAdapter, tinyBase } from "@openledger/llm";
import { createMachine } from "@openledger/tensor";
import { expect, test } from "vitest";
import { randomEngine, randomState } from "./randomise.js";

const base = tinyBase();
const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

test("default: matrices are other numbers of the same size, norms stay, the seed decides", () => {
	const engine = createEngine(base);
	const random = randomEngine(engine, 3, createMachine());
	for (const [name, values] of base.parameters) {
		const drawn = random.base.parameters.get(name)!;
		if (name.includes("norm")) expect(drawn).toEqual(values);
		else {
			expect(drawn).not.toEqual(values);
			if (values.length > 1000) expect(deviation(drawn) / deviation(values)).toBeCloseTo(1, 1);
		}
	}
	const tokens = [3, 4, 5, 6];
	expect(random.nextLogits(tokens)).not.toEqual(engine.nextLogits(tokens));
	expect(randomEngine(engine, 3, createMachine()).nextLogits(tokens)).toEqual(random.nextLogits(tokens));
	expect(randomEngine(engine, 4, createMachine()).nextLogits(tokens)).not.toEqual(random.nextLogits(tokens));
});

test("behavior: of a state the parameters are drawn anew and the second moments shuffled", () => {
	const { config, weights } = tinyAdapter(base);
	const parameters = new Map<string, Float32Array>(
		[...weights].flatMap(([path, { A, B }]) => [[`${path}.lora_A`, A] as const, [`${path}.lora_B`, B] as const]),
	);
	const trainer = createReplayTrainer({
		engine: createEngine(base),
		adapter: config,
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 },
		initial: parameters,
		rows: 0,
		total: 0,
		step: () => ({ learningRate: 0, batches: [] }),
	});
	const second = new Map([...parameters].map(([name, values]) => [name, values.map((_, i) => (i % 17) / 100)]));
	const state = { ...trainer.state(), second };
	trainer.close();
	const drawn = randomState(state, 3);
	for (const [name, values] of state.parameters) {
		expect(drawn.parameters.get(name)).not.toEqual(values);
		expect([...drawn.second.get(name)!].sort()).toEqual([...second.get(name)!].sort());
		expect(drawn.second.get(name)).not.toEqual(second.get(name));
	}
	expect(randomState(state, 3)).toEqual(drawn);
});
