// AdamW (Loshchilov & Hutter 2019) with ε inside the root as well, and clipping by the global norm: all as graphs, so a step can be
// differentiated like anything else.

import { add, constant, div, greater, mul, sqrt, sub, sumAll, type Tensor } from "@openledger/tensor";

export interface AdamWSettings {
	readonly beta1: number;
	readonly beta2: number;
	/** Added to the root. */
	readonly epsilon: number;
	/** Added inside the root; keeps the step's derivative bounded. */
	readonly epsilonRoot: number;
	readonly weightDecay: number;
	/** Largest global gradient norm. */
	readonly clip: number;
}

export interface AdamWScalars {
	readonly learningRate: Tensor;
	/** 1/(1−β₁ᵗ) and 1/(1−β₂ᵗ) */
	readonly correction1: Tensor;
	readonly correction2: Tensor;
}

/** [1/(1−βᵗ)], by repeated multiplication: the same everywhere. */
export function momentCorrection(beta: number, t: number): Float32Array {
	let power = 1;
	for (let i = 0; i < t; i++) power *= beta;
	return Float32Array.of(1 / (1 - power));
}

/** ‖all gradients‖₂ as one number. */
export function globalNorm(gradients: readonly Tensor[]): Tensor {
	return sqrt(gradients.map((g) => sumAll(mul(g, g))).reduce(add));
}

/** The factor that brings a norm down to `clip`, or 1. */
export function clipFactor(norm: Tensor, clip: number): Tensor {
	const over = greater(norm, constant(clip));
	const shrink = div(constant(clip), add(norm, constant(1e-12)));
	return add(mul(over, shrink), sub(constant(1), over));
}

/** One update of one parameter; returns the new parameter, first and second moment. */
export function adamw(
	parameter: Tensor,
	gradient: Tensor,
	first: Tensor,
	second: Tensor,
	settings: AdamWSettings,
	scalars: AdamWScalars,
): { parameter: Tensor; first: Tensor; second: Tensor } {
	const { beta1, beta2, epsilon, epsilonRoot, weightDecay } = settings;
	const m = add(mul(first, constant(beta1)), mul(gradient, constant(1 - beta1)));
	const v = add(mul(second, constant(beta2)), mul(mul(gradient, gradient), constant(1 - beta2)));
	const root = sqrt(add(mul(v, scalars.correction2), constant(epsilonRoot)));
	const direction = div(mul(m, scalars.correction1), add(root, constant(epsilon)));
	const decayed = weightDecay === 0 ? direction : add(direction, mul(parameter, constant(weightDecay)));
	return { parameter: sub(parameter, mul(decayed, scalars.learningRate)), first: m, second: v };
}
