// The fused update against the composition that is differentiated (adamw.ts): the same bits, on one thread and two.

import { compile, createMachine, drawNormals, input, mul } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { type AdamWSettings, adamw, clipFactor, globalNorm } from "./adamw.js";
import { FIRST, parameterInputs, SECOND, updateGraph } from "./stepGraph.js";

const shapes = new Map([
	["a", [7, 11]],
	["b", [3]],
	["c", [260, 257]],
]);
const count = (name: string) => shapes.get(name)!.reduce((n, d) => n * d, 1);
const draw = (name: string, purpose: number, scale = 1) =>
	drawNormals({ seed: 9, purpose, step: count(name) }, count(name)).map((x) => x * scale);
const scalars = {
	learningRate: Float32Array.of(0.01),
	correction1: Float32Array.of(5.3),
	correction2: Float32Array.of(9.7),
};
const names = [...shapes.keys()];

function start(name: string) {
	return { p: draw(name, 1), m: draw(name, 2, 0.1), v: draw(name, 3).map((x) => x * x), g: draw(name, 4, 0.3) };
}

function composed(settings: AdamWSettings): Map<string, Float32Array> {
	const inputs = {
		learningRate: input("learningRate", []),
		correction1: input("correction1", []),
		correction2: input("correction2", []),
	};
	const gradients = names.map((name) => input(`g:${name}`, shapes.get(name)!));
	const factor = clipFactor(globalNorm(gradients), settings.clip);
	const outputs = Object.fromEntries(
		names.flatMap((name, i) => {
			const [p, m, v] = ["p", "m", "v"].map((kind) => input(`${kind}:${name}`, shapes.get(name)!));
			const next = adamw(p!, mul(gradients[i]!, factor), m!, v!, settings, inputs);
			return [
				[name, next.parameter],
				[FIRST + name, next.first],
				[SECOND + name, next.second],
			];
		}),
	);
	const feeds = Object.fromEntries(
		names.flatMap((name) => Object.entries(start(name)).map(([kind, values]) => [`${kind}:${name}`, values])),
	);
	return new Map(Object.entries(compile(createMachine(), outputs).run({ ...feeds, ...scalars })));
}

async function fused(settings: AdamWSettings, threads: number): Promise<Map<string, Float32Array>> {
	const machine = createMachine({ threads });
	while (!machine.ready()) await new Promise((r) => setTimeout(r, 5));
	const gradients = names.map((name) => input(`g:${name}`, shapes.get(name)!));
	const program = compile(machine, updateGraph(parameterInputs(shapes), gradients, settings));
	const state = Object.fromEntries(
		names.flatMap((name) => {
			const { p, m, v } = start(name);
			const made = (values: Float32Array) => machine.buffer(shapes.get(name)!, values);
			return [
				[name, made(p)],
				[FIRST + name, made(m)],
				[SECOND + name, made(v)],
			];
		}),
	);
	const grads = Object.fromEntries(names.map((name) => [`g:${name}`, start(name).g]));
	program.run({ ...state, ...grads, ...scalars }, { read: ["gradientNorm"] });
	machine.close();
	return new Map(Object.entries(state).map(([name, buffer]) => [name, buffer.read()]));
}

const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 };

describe("updateGraph", () => {
	for (const weightDecay of [0, 0.1]) {
		for (const threads of [1, 2]) {
			test(`default: the bits of the composition; weight decay ${weightDecay}, ${threads} threads`, async () => {
				const expected = composed({ ...settings, weightDecay });
				const found = await fused({ ...settings, weightDecay }, threads);
				expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
				for (const [name, values] of found)
					expect(Buffer.from(values.buffer)).toEqual(Buffer.from(expected.get(name)!.buffer));
			});
		}
	}

	test("behavior: a gradient that is not finite leaves parameters and moments as they were", () => {
		const machine = createMachine();
		const one = new Map([["b", [3]]]);
		const program = compile(machine, updateGraph(parameterInputs(one), [input("g", [3])], settings));
		const state = {
			b: machine.buffer([3], [1, 2, 3]),
			[`${FIRST}b`]: machine.buffer([3]),
			[`${SECOND}b`]: machine.buffer([3]),
		};
		const run = (g: number) => () => program.run({ ...state, ...scalars, g: Float32Array.of(1, g, 1) });
		expect(run(Number.NaN)).toThrow(/not.*NaN|NaN/);
		expect([...state.b!.read(), ...state[`${FIRST}b`]!.read()]).toEqual([1, 2, 3, 0, 0, 0]);
		run(1)();
		expect(state.b!.read()[0]).toBeLessThan(1);
	});

	test("behavior: an array cannot be fed where the program writes", () => {
		const one = new Map([["b", [3]]]);
		const program = compile(createMachine(), updateGraph(parameterInputs(one), [input("g", [3])], settings));
		const zeros = new Float32Array(3);
		expect(() => program.run({ ...scalars, g: zeros, b: zeros, [`${FIRST}b`]: zeros, [`${SECOND}b`]: zeros })).toThrow(
			/b is written over; feed a buffer/,
		);
	});
});
