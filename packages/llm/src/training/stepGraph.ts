// A training step as a graph: loss, gradients, clipping by the global norm, and an AdamW update written over the parameters and moments.

import { adamwStep, gradient, input, type Shape, type Tensor } from "@openledger/tensor";
import { type AdamWSettings, clipFactor, globalNorm } from "./adamw.js";
import type { BatchShape, LossGraph } from "./trainer.js";

export const FIRST = "adamw.first:";
export const SECOND = "adamw.second:";

type Parameters = ReadonlyMap<string, Tensor>;

export function parameterInputs(shapes: ReadonlyMap<string, Shape>): Map<string, Tensor> {
	return new Map([...shapes].map(([name, shape]) => [name, input(name, shape)]));
}

/** Outputs of one update, given the gradients in the order of `parameters`: `gradientNorm`, and each parameter by name. */
export function updateGraph(
	parameters: Parameters,
	gradients: readonly Tensor[],
	settings: AdamWSettings,
): Record<string, Tensor> {
	const norm = globalNorm(gradients);
	const scalars = {
		learningRate: input("learningRate", []),
		correction1: input("correction1", []),
		correction2: input("correction2", []),
		factor: clipFactor(norm, settings.clip),
	};
	const outputs: Record<string, Tensor> = { gradientNorm: norm };
	[...parameters].forEach(([name, parameter], i) => {
		const first = input(FIRST + name, parameter.shape);
		const second = input(SECOND + name, parameter.shape);
		outputs[name] = adamwStep({ parameter, first, second }, gradients[i]!, scalars, settings);
	});
	return outputs;
}

/** Outputs of a whole step: `loss`, `gradientNorm`, and each parameter by name. */
export function stepGraph(
	shapes: ReadonlyMap<string, Shape>,
	loss: LossGraph,
	settings: AdamWSettings,
	shape: BatchShape,
): Record<string, Tensor> & { readonly loss: Tensor } {
	const parameters = parameterInputs(shapes);
	const total = loss(parameters, shape);
	return { loss: total, ...updateGraph(parameters, gradient(total, [...parameters.values()]), settings) };
}
