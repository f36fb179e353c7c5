// One AdamW step of one parameter, written over the parameter and its moments: at the size of a whole model, copies of them would cost more
// memory than the model. The differentiable form is a composition of primitives; this one has its bits and no derivative.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, sameShape, size, type Tensor } from "../graph/tensor.js";

export interface AdamWStepSettings {
	readonly beta1: number;
	readonly beta2: number;
	readonly epsilon: number;
	readonly epsilonRoot: number;
	readonly weightDecay: number;
}

const SETTINGS = ["beta1", "rest1", "beta2", "rest2", "epsilon", "epsilonRoot", "weightDecay"] as const;

const operation: Operation = {
	name: "adamwStep",
	view: () => 0,
	updates: [0, 1, 2],
	scratchBytes: () => 4 * (4 + SETTINGS.length),
	bind: (kernels, n, { inputs, scratch }, memory) => {
		const [p, m, v, g, ...scalars] = inputs as [number, number, number, number, ...number[]];
		const count = size(n.shape);
		const numbers = Float32Array.from([0, 0, 0, 0, ...SETTINGS.map((key) => numberAttribute(n, key))]);
		return () => {
			const all = new Float32Array(memory.buffer);
			scalars.forEach((at, i) => {
				numbers[i] = all[at / 4]!;
			});
			all.set(numbers, scratch / 4);
			kernels.adamw(p, m, v, g, count, scratch);
		};
	},
	// The parameter after the step, not what is left in the moments: those are inputs, and f64 feeds are never written over.
	reference: (n, [p, m, v, g, ...scalars]) => {
		const [rate, correction1, correction2, factor] = scalars.map((x) => x[0]!) as [number, number, number, number];
		const [beta1, rest1, beta2, rest2, epsilon, epsilonRoot, decay] = SETTINGS.map((key) =>
			Math.fround(numberAttribute(n, key)),
		) as [number, number, number, number, number, number, number];
		return p!.map((value, i) => {
			const slope = g![i]! * factor;
			const first = beta1 * m![i]! + rest1 * slope;
			const second = beta2 * v![i]! + rest2 * slope * slope;
			const direction = (first * correction1) / (Math.sqrt(second * correction2 + epsilonRoot) + epsilon);
			return value - rate * (direction + decay * value);
		});
	},
};

/**
 * parameter, first and second moment (inputs of one shape, bound to buffers, all written over), their gradient times `factor`; scalars []
 * → the parameter after the step. It runs after everything else in the program, and only if the outputs are finite.
 */
export function adamwStep(
	state: { readonly parameter: Tensor; readonly first: Tensor; readonly second: Tensor },
	gradient: Tensor,
	scalars: {
		readonly learningRate: Tensor;
		/** 1/(1−β₁ᵗ) and 1/(1−β₂ᵗ) */
		readonly correction1: Tensor;
		readonly correction2: Tensor;
		readonly factor: Tensor;
	},
	settings: AdamWStepSettings,
): Tensor {
	const { parameter, first, second } = state;
	const numbers = [scalars.learningRate, scalars.correction1, scalars.correction2, scalars.factor];
	requireF32("adamwStep", parameter, first, second, gradient, ...numbers);
	if (
		[first, second, gradient].some((t) => !sameShape(t.shape, parameter.shape)) ||
		numbers.some((t) => size(t.shape) !== 1) ||
		[parameter, first, second].some((t) => t.op.name !== "input")
	) {
		throw new TensorError(
			"shape",
			`adamwStep: parameter [${parameter.shape}], moments [${first.shape}], [${second.shape}] must be inputs, the gradient [${gradient.shape}] of their shape, the scalars one number each`,
		);
	}
	const { beta1, beta2, epsilon, epsilonRoot, weightDecay } = settings;
	const attributes = { beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon, epsilonRoot, weightDecay };
	return node(operation, [parameter, first, second, gradient, ...numbers], parameter.shape, attributes);
}
