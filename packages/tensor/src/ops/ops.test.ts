// Every op against outside truths: its gradient against central finite differences in f64, its gradient's gradient likewise,
// and the WASM engine against the f64 reference.

import { describe, expect, test } from "vitest";
import {
	add,
	attention,
	broadcastTo,
	compile,
	constant,
	cos,
	createMachine,
	crossEntropy,
	div,
	drawNormals,
	evaluateReference,
	exp,
	gather,
	gradient,
	greater,
	input,
	log,
	matmul,
	max,
	mul,
	neg,
	packedAttention,
	pad,
	reshape,
	rmsNorm,
	rope,
	type Shape,
	scatterAdd,
	siluGate,
	sin,
	size,
	slice,
	softmax,
	sqrt,
	sub,
	sum,
	sumAll,
	type Tensor,
	transpose,
	vjp,
} from "../index.js";

interface Case {
	readonly name: string;
	readonly shapes: readonly Shape[];
	readonly build: (...inputs: Tensor[]) => Tensor;
	/** Values stay this far above zero (log, sqrt, divisors). */
	readonly positive?: boolean;
	readonly ids?: readonly (readonly number[])[];
	/** How many of the inputs are differentiated; the rest are tables. */
	readonly differentiated?: number;
}

const ids = (...values: number[]) => [values];
const cases: Case[] = [
	{
		name: "add",
		shapes: [
			[3, 5],
			[3, 5],
		],
		build: add,
	},
	{
		name: "add, b stretched",
		shapes: [
			[3, 5],
			[1, 5],
		],
		build: add,
	},
	{ name: "sub, b one number", shapes: [[3, 5], []], build: sub },
	{
		name: "mul",
		shapes: [
			[2, 7],
			[2, 7],
		],
		build: mul,
	},
	{ name: "mul, a one number", shapes: [[], [2, 7]], build: mul },
	{ name: "mul with itself", shapes: [[9]], build: (a) => mul(a, a) },
	{
		name: "div",
		shapes: [
			[2, 7],
			[2, 7],
		],
		build: div,
		positive: true,
	},
	{ name: "greater", shapes: [[11], [11]], build: (a, b) => mul(greater(a, b), a) },
	{ name: "neg", shapes: [[5]], build: neg },
	{ name: "exp", shapes: [[17]], build: exp },
	{ name: "log", shapes: [[17]], build: log, positive: true },
	{ name: "sqrt", shapes: [[17]], build: sqrt, positive: true },
	{ name: "sin", shapes: [[17]], build: sin },
	{ name: "cos", shapes: [[17]], build: cos },
	{ name: "sum, last axis", shapes: [[3, 21]], build: (x) => sum(x, 1) },
	{ name: "sum, first axis", shapes: [[3, 5, 2]], build: (x) => sum(x, 0) },
	{ name: "sumAll", shapes: [[3, 5]], build: sumAll },
	{ name: "max", shapes: [[4, 9]], build: (x) => max(x, 1) },
	{ name: "max, middle axis", shapes: [[2, 5, 3]], build: (x) => max(x, 1) },
	{ name: "broadcastTo", shapes: [[3, 1]], build: (x) => broadcastTo(x, [2, 3, 4]) },
	{ name: "reshape", shapes: [[6, 2]], build: (x) => reshape(x, [3, 4]) },
	{ name: "transpose", shapes: [[2, 3, 4]], build: (x) => transpose(x, [2, 0, 1]) },
	{ name: "slice", shapes: [[5, 6]], build: (x) => slice(x, [1, 2], [3, 3]) },
	{ name: "slice, a view", shapes: [[8, 4]], build: (x) => mul(slice(x, [2, 0], [3, 4]), slice(x, [5, 0], [3, 4])) },
	{ name: "pad", shapes: [[2, 3]], build: (x) => pad(x, [1, 1], [4, 5]) },
	{ name: "softmax", shapes: [[3, 11]], build: softmax },
	{
		name: "matmul",
		shapes: [
			[5, 7],
			[7, 9],
		],
		build: (a, b) => matmul(a, b),
	},
	{
		name: "matmul, a transposed",
		shapes: [
			[7, 5],
			[7, 9],
		],
		build: (a, b) => matmul(a, b, { transA: true }),
	},
	{
		name: "matmul, b transposed",
		shapes: [
			[5, 7],
			[9, 7],
		],
		build: (a, b) => matmul(a, b, { transB: true }),
	},
	{
		name: "matmul, both transposed",
		shapes: [
			[7, 5],
			[9, 7],
		],
		build: (a, b) => matmul(a, b, { transA: true, transB: true }),
	},
	{
		name: "matmul, batched",
		shapes: [
			[3, 5, 4],
			[3, 4, 6],
		],
		build: (a, b) => matmul(a, b),
	},
	{
		name: "matmul, shared right side",
		shapes: [
			[3, 5, 4],
			[6, 4],
		],
		build: (a, b) => matmul(a, b, { transB: true }),
	},
	{
		name: "matmul, shared left side",
		shapes: [
			[5, 4],
			[3, 4, 6],
		],
		build: (a, b) => matmul(a, b),
	},
	{ name: "gather", shapes: [[6, 5]], ids: ids(4, 0, 4, 2), build: (t, i) => gather(t, i!) },
	{ name: "scatterAdd", shapes: [[4, 5]], ids: ids(4, 0, 4, 2), build: (t, i) => scatterAdd(i!, t, 6) },
	{ name: "rmsNorm", shapes: [[3, 12], [12]], build: (x, w) => rmsNorm(x, w, 1e-5) },
	{
		name: "rope",
		shapes: [
			[2, 3, 2, 8],
			[3, 4],
			[3, 4],
		],
		differentiated: 1,
		build: rope,
	},
	{
		name: "attention",
		shapes: [
			[2, 9, 4, 8],
			[2, 9, 2, 8],
			[2, 9, 2, 8],
		],
		build: (q, k, v) => attention(q, k, v, 0.35),
	},
	{
		name: "packedAttention",
		shapes: [
			[1, 11, 4, 8],
			[1, 11, 2, 8],
			[1, 11, 2, 8],
		],
		ids: ids(0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 3),
		build: (q, k, v, rows) => packedAttention(q, k, v, rows!, 0.35, { slots: 5 }),
	},
	{
		name: "siluGate",
		shapes: [
			[3, 8],
			[3, 8],
		],
		build: siluGate,
	},
	{ name: "crossEntropy", shapes: [[4, 13]], ids: ids(3, 12, 0, 7), build: (x, t) => crossEntropy(x, t!) },
];

function dot(a: Float64Array, b: Float64Array): number {
	return a.reduce((s, x, i) => s + x * b[i]!, 0);
}

function draw(shape: Shape, seed: number, positive = false): Float32Array {
	return drawNormals({ seed, purpose: 1 }, size(shape)).map((x) => (positive ? 0.6 + Math.abs(x) : x));
}

function setUp(c: Case) {
	const floats = c.shapes.map((shape, i) => input(`x${i}`, shape));
	const idInputs = (c.ids ?? []).map((values, i) => input(`ids${i}`, [values.length], "i32"));
	const feeds: Record<string, Float32Array | Int32Array> = {};
	c.shapes.forEach((shape, i) => {
		feeds[`x${i}`] = draw(shape, 7 + i, c.positive);
	});
	(c.ids ?? []).forEach((values, i) => {
		feeds[`ids${i}`] = Int32Array.from(values);
	});
	const y = c.build(...floats, ...idInputs);
	const weights = input("weights", y.shape);
	feeds.weights = draw(y.shape, 99);
	return { loss: sumAll(mul(y, weights)), y, feeds, wrt: floats.slice(0, c.differentiated ?? floats.length) };
}

/** Directional derivative of a scalar graph by central differences in f64. */
function finiteDifference(
	scalar: Tensor,
	feeds: Record<string, ArrayLike<number>>,
	name: string,
	direction: Float64Array,
): number {
	const step = 1e-5;
	const at = (sign: number) => {
		const moved = Float64Array.from(feeds[name]!, (x, i) => x + sign * step * direction[i]!);
		return evaluateReference([scalar], { ...feeds, [name]: moved })[0]![0]!;
	};
	return (at(1) - at(-1)) / (2 * step);
}

describe("ops", () => {
	for (const c of cases) {
		test(`${c.name}: gradient = finite differences, in f64`, () => {
			const { loss, feeds, wrt } = setUp(c);
			const gradients = evaluateReference(gradient(loss, wrt), feeds);
			wrt.forEach((x, i) => {
				const direction = Float64Array.from(draw(x.shape, 200 + i));
				const expected = finiteDifference(loss, feeds, `x${i}`, direction);
				expect(dot(gradients[i]!, direction)).toBeCloseTo(expected, 5);
			});
		});

		test(`${c.name}: Hessian–vector product = finite differences of the gradient`, () => {
			const { loss, feeds, wrt } = setUp(c);
			const directions = wrt.map((x, i) => draw(x.shape, 300 + i));
			const vs = wrt.map((x, i) => input(`v${i}`, x.shape));
			const all: Record<string, ArrayLike<number>> = { ...feeds };
			directions.forEach((d, i) => {
				all[`v${i}`] = d;
			});
			const slope = gradient(loss, wrt)
				.map((g, i) => sumAll(mul(g, vs[i]!)))
				.reduce(add);
			const second = evaluateReference(vjp(slope, wrt, constant(1)), all);
			wrt.forEach((x, i) => {
				const direction = Float64Array.from(draw(x.shape, 400 + i));
				const expected = finiteDifference(slope, all, `x${i}`, direction);
				expect(dot(second[i]!, direction)).toBeCloseTo(expected, 4);
			});
		});

		test(`${c.name}: engine = f64 reference`, () => {
			const { loss, y, feeds, wrt } = setUp(c);
			const gradients = gradient(loss, wrt);
			const outputs: Record<string, Tensor> = { y };
			gradients.forEach((g, i) => {
				outputs[`g${i}`] = g;
			});
			const got = compile(createMachine(), outputs).run(
				Object.fromEntries(
					Object.entries(feeds).filter(([name]) => compile(createMachine(), outputs).inputNames.includes(name)),
				),
			);
			const expected = evaluateReference([y, ...gradients], feeds);
			[got.y!, ...gradients.map((_, i) => got[`g${i}`]!)].forEach((values, i) => {
				const scale = Math.max(1, ...expected[i]!.map(Math.abs));
				values.forEach((x, j) => {
					expect(Math.abs(x - expected[i]![j]!) / scale).toBeLessThan(2e-5);
				});
			});
		});
	}
});
