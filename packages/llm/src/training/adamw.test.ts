import {
	add,
	constant,
	drawNormals,
	evaluateReference,
	gradient,
	input,
	matmul,
	mul,
	sub,
	sumAll,
	type Tensor,
} from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { type AdamWSettings, adamw, clipFactor, globalNorm } from "./adamw.js";

const SETTINGS: AdamWSettings = {
	beta1: 0.9,
	beta2: 0.95,
	epsilon: 1e-8,
	epsilonRoot: 1e-6,
	weightDecay: 0.01,
	clip: 0.5,
};
const [ROWS, WIDTH, STEPS] = [6, 4, 3];
const draw = (count: number, step: number) => Float64Array.from(drawNormals({ seed: 21, purpose: 6, step }, count));
const feeds = {
	x: draw(ROWS * WIDTH, 0),
	y: draw(ROWS, 1),
	query: draw(2 * WIDTH, 2),
	start: draw(WIDTH, 3),
	weights: draw(ROWS, 4).map((w) => 1 + 0.1 * w),
};

/** The loss on a query after three clipped AdamW steps of weighted least squares, as one graph. */
function lossAfterTraining(weights: Tensor): Tensor {
	const [x, y] = [input("x", [ROWS, WIDTH]), input("y", [ROWS, 1])];
	let theta: Tensor = input("start", [WIDTH, 1]);
	let first: Tensor = constant(0, [WIDTH, 1]);
	let second: Tensor = constant(0, [WIDTH, 1]);
	for (let t = 1; t <= STEPS; t++) {
		const miss = sub(matmul(x, theta), y);
		const [g] = gradient(sumAll(mul(mul(miss, miss), weights)), [theta]) as [Tensor];
		const clipped = mul(g, clipFactor(globalNorm([g]), SETTINGS.clip));
		const scalars = {
			learningRate: constant(0.05),
			correction1: constant(1 / (1 - SETTINGS.beta1 ** t)),
			correction2: constant(1 / (1 - SETTINGS.beta2 ** t)),
		};
		({ parameter: theta, first, second } = adamw(theta, clipped, first, second, SETTINGS, scalars));
	}
	const answer = matmul(input("query", [2, WIDTH]), theta);
	return sumAll(mul(answer, add(answer, constant(1))));
}

describe("adamw", () => {
	test("the derivative of the loss after three steps by the data's weights = brute force in f64", () => {
		const weights = input("weights", [ROWS, 1]);
		const loss = lossAfterTraining(weights);
		const [slope] = evaluateReference(gradient(loss, [weights]), feeds) as [Float64Array];
		for (let row = 0; row < ROWS; row++) {
			const at = (sign: number) => {
				const moved = feeds.weights.map((w, i) => (i === row ? w + sign * 1e-5 : w));
				return evaluateReference([loss], { ...feeds, weights: moved })[0]![0]!;
			};
			expect(slope[row]!).toBeCloseTo((at(1) - at(-1)) / 2e-5, 6);
		}
		expect(Math.max(...slope.map(Math.abs))).toBeGreaterThan(1e-3);
	});

	// Worked by hand from Algorithm 2 of Loshchilov & Hutter 2019 with ε inside the root: after one step from zero moments, m̂ = g and v̂ = g².
	test("one step from rest moves by rate · (g/√(g² + ε₀) + decay · θ)", () => {
		const one = {
			learningRate: constant(0.1),
			correction1: constant(1 / (1 - 0.9)),
			correction2: constant(1 / (1 - 0.95)),
		};
		const zero = constant(0, [1]);
		const { parameter } = adamw(
			constant(2, [1]),
			constant(3, [1]),
			zero,
			zero,
			{ ...SETTINGS, epsilon: 0, epsilonRoot: 0.25 },
			one,
		);
		expect(evaluateReference([parameter], {})[0]![0]!).toBeCloseTo(2 - 0.1 * (3 / Math.sqrt(9.25) + 0.01 * 2), 6);
	});

	test("clipping brings a long gradient to the bound and leaves a short one alone", () => {
		const factor = (g: number) => evaluateReference([clipFactor(globalNorm([constant(g, [1])]), 0.5)], {})[0]![0]!;
		expect(factor(4)).toBeCloseTo(0.125, 7);
		expect(factor(0.25)).toBe(1);
	});
});
