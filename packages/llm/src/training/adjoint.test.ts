// Steps taken backwards, on weighted least squares: small enough for the whole run to be one graph whose slopes are had in f64 by brute force.

import {
	add,
	compile,
	constant,
	createMachine,
	drawNormals,
	evaluateReference,
	gradient,
	input,
	matmul,
	mul,
	type Shape,
	sub,
	sumAll,
	type Tensor,
} from "@openledger/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AdamWSettings, adamw, clipFactor, globalNorm } from "./adamw.js";
import { createAdjoint, type StepTrace } from "./adjoint.js";
import { shareCommon } from "./adjointShare.js";
import { createTrainer, type LossGraph, type MicroBatch } from "./trainer.js";

const [ROWS, WIDTH, STEPS] = [6, 4, 4];
const RATE = 0.05;
const shape = { rows: ROWS, length: 1 };
const shapes = new Map<string, Shape>([["theta", [WIDTH, 1]]]);
const draw = (count: number, step: number) => drawNormals({ seed: 21, purpose: 9, step }, count);
const data = { x: draw(ROWS * WIDTH, 0), y: draw(ROWS, 1) };
const weights = draw(ROWS, 2).map((w) => 1 + 0.2 * w);
const initial = new Map([["theta", draw(WIDTH, 3)]]);

/** Each row's target is of its own weight. */
const loss: LossGraph = (parameters, { rows }) => {
	const miss = sub(matmul(input("x", [rows, WIDTH]), parameters.get("theta")!), input("y", [rows, 1]));
	return sumAll(mul(mul(miss, miss), input("weights", [rows, 1])));
};

function lossAfterTraining(settings: AdamWSettings): { readonly loss: Tensor; readonly weights: Tensor } {
	const [x, y, w] = [input("x", [ROWS, WIDTH]), input("y", [ROWS, 1]), input("weights", [ROWS, 1])];
	let theta: Tensor = input("theta", [WIDTH, 1]);
	let [first, second]: [Tensor, Tensor] = [constant(0, [WIDTH, 1]), constant(0, [WIDTH, 1])];
	const missed = (at: Tensor) => sub(matmul(x, at), y);
	for (let t = 1; t <= STEPS; t++) {
		const [g] = gradient(sumAll(mul(mul(missed(theta), missed(theta)), w)), [theta]) as [Tensor];
		const clipped = mul(g, clipFactor(globalNorm([g]), settings.clip));
		const scalars = {
			learningRate: constant(RATE),
			correction1: constant(1 / (1 - settings.beta1 ** t)),
			correction2: constant(1 / (1 - settings.beta2 ** t)),
		};
		({ parameter: theta, first, second } = adamw(theta, clipped, first, second, settings, scalars));
	}
	return { loss: sumAll(mul(missed(theta), missed(theta))), weights: w };
}

/** The rows as one batch, or as two of three. */
function batchesOf(isCut: boolean): MicroBatch[] {
	const part = (from: number, to: number): MicroBatch => ({
		shape: { rows: to - from, length: 1 },
		feeds: {
			x: data.x.slice(from * WIDTH, to * WIDTH),
			y: data.y.slice(from, to),
			weights: weights.slice(from, to),
		},
	});
	return isCut ? [part(0, 3), part(3, ROWS)] : [part(0, ROWS)];
}

const settings: AdamWSettings = {
	beta1: 0.9,
	beta2: 0.95,
	epsilon: 1e-8,
	epsilonRoot: 1e-4,
	weightDecay: 0.1,
	clip: 0.5,
};
const zeros = new Map([["theta", new Float32Array(WIDTH)]]);
const beginning = { step: 0, parameters: initial, first: zeros, second: zeros };

describe("adjoint", () => {
	for (const clip of [0.5, 1e3])
		for (const isCut of [false, true])
			test(`default: four steps back = the whole run's slopes in f64; clip ${clip}, ${isCut ? 2 : 1} batches`, () => {
				const whole = lossAfterTraining({ ...settings, clip });
				const at = (row: number, step: number) => {
					const moved = Float64Array.from(weights, (w, i) => (i === row ? w + step : w));
					const feeds = { x: Float64Array.from(data.x), y: Float64Array.from(data.y), weights: moved };
					return evaluateReference([whole.loss], { ...feeds, theta: Float64Array.from(initial.get("theta")!) })[0]![0]!;
				};
				const adjoint = createAdjoint({ machine: createMachine(), shapes, loss, settings: { ...settings, clip } });
				const batches = batchesOf(isCut);
				adjoint.restore(beginning);
				const traces: StepTrace[] = [];
				for (let t = 0; t < STEPS; t++) traces.push(adjoint.forward(batches, RATE, true));
				const plain = { x: data.x, y: data.y, weights: new Float32Array(ROWS).fill(1) };
				const { loss: last, cotangent } = adjoint.cotangentOf({ shape, feeds: plain });
				expect(Math.abs(last / at(0, 0) - 1)).toBeLessThan(1e-5);
				const slopes = new Float64Array(ROWS);
				for (let t = STEPS - 1; t >= 0; t--) {
					const [ofBatches] = adjoint.backward(traces[t]!, batches, RATE, [cotangent]);
					ofBatches!
						.flatMap((of) => [...of])
						.forEach((slope, row) => {
							slopes[row]! += slope;
						});
				}
				const expected = Array.from({ length: ROWS }, (_, row) => (at(row, 1e-5) - at(row, -1e-5)) / 2e-5);
				const scale = Math.max(...expected.map(Math.abs));
				expect(scale).toBeGreaterThan(1e-2);
				slopes.forEach((slope, row) => {
					expect(Math.abs(slope - expected[row]!)).toBeLessThan(1e-4 * scale);
				});
			});

	for (const isCut of [false, true])
		test(`default: forwards it has the bits of the trainer; ${isCut ? 2 : 1} batches`, () => {
			const machine = createMachine();
			const trainer = createTrainer({ machine, shapes, initial, loss, settings });
			const adjoint = createAdjoint({ machine, shapes, loss, settings });
			adjoint.restore(beginning);
			for (let t = 0; t < STEPS; t++) {
				const { gradientNorm } = trainer.stepOver(batchesOf(isCut), RATE);
				expect(adjoint.forward(batchesOf(isCut), RATE, true).gradientNorm).toBe(gradientNorm);
				expect(adjoint.state()).toEqual(trainer.state());
			}
		});

	test("behavior: a loss that weighs no target is refused", () => {
		const unweighed: LossGraph = (parameters) => sumAll(mul(parameters.get("theta")!, parameters.get("theta")!));
		const adjoint = createAdjoint({ machine: createMachine(), shapes, loss: unweighed, settings });
		adjoint.restore(beginning);
		const batches = [{ shape, feeds: {} }];
		const trace = adjoint.forward(batches, RATE, true);
		expect(() => adjoint.backward(trace, batches, RATE, [adjoint.cotangent(beginning)])).toThrow(
			/no input named weights/,
		);
	});
});

describe("shareCommon", () => {
	test("default: the same bits in fewer steps, for any graph that says things twice", () => {
		const machine = createMachine();
		const inputs = [input("a", [5]), input("b", [5])];
		const feeds = { a: draw(5, 7), b: draw(5, 8) };
		const step = fc.tuple(fc.constantFrom(add, mul, sub), fc.nat(9), fc.nat(9));
		const say = (steps: readonly (readonly [typeof add, number, number])[]) => {
			const nodes = [...inputs];
			for (const [op, i, j] of steps) nodes.push(op(nodes[i % nodes.length]!, nodes[j % nodes.length]!));
			return nodes.at(-1)!;
		};
		const holds = (steps: readonly (readonly [typeof add, number, number])[]) => {
			// Both inputs at the end, so that both are fed.
			const graph = () => add(add(say(steps), add(say(steps), inputs[0]!)), inputs[1]!);
			const [plain, shared] = [compile(machine, { y: graph() }), compile(machine, shareCommon({ y: graph() }))];
			expect(shared.run(feeds).y).toEqual(plain.run(feeds).y);
			expect(shared.steps).toBeLessThan(plain.steps);
		};
		fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 9 }), holds), { numRuns: 40, seed: 3 });
	});

	test("behavior: what is said twice is one node; numbers that differ by their sign alone are two", () => {
		const x = () => input("x", [3]);
		const { twice, signs } = shareCommon({
			twice: add(mul(x(), constant(2)), mul(x(), constant(2))),
			signs: add(add(x(), constant(0)), add(x(), constant(-0))),
		});
		expect(twice.inputs[0]).toBe(twice.inputs[1]);
		expect(signs.inputs[0]).not.toBe(signs.inputs[1]);
		expect(signs.inputs[0]!.inputs[0]).toBe(twice.inputs[0]!.inputs[0]);
	});
});
