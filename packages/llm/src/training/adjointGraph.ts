// A training step's graphs for going backwards through it: its gradient, and the vector–Jacobian products of the update and of the gradient.
// They know neither queries nor rows; who calls says what the cotangents are of.

import { add, constant, gradient, input, mul, type Shape, sumAll, type Tensor, vjp } from "@openledger/tensor";
import { type AdamWSettings, adamw, clipFactor, globalNorm } from "./adamw.js";
import { shareCommon } from "./adjointShare.js";
import { FIRST, parameterInputs, SECOND } from "./stepGraph.js";
import type { BatchShape, LossGraph } from "./trainer.js";

export const GRADIENT = "gradient:";
/** Prefixes of a cotangent's parts; what stands for the n-th of several has `n.` before it. */
export const COTANGENT = "cotangent:";
/** The gradient's cotangent. */
export const ALONG = "along:";
export const SLOPES = "slopes";

type Shapes = ReadonlyMap<string, Shape>;

/** Outputs `loss` and the gradient of each parameter, added to what the inputs of the same names hold where `isAdded`. */
export function gradientGraph(
	shapes: Shapes,
	loss: LossGraph,
	shape: BatchShape,
	isAdded: boolean,
): Record<string, Tensor> {
	const parameters = parameterInputs(shapes);
	const total = loss(parameters, shape);
	const outputs: Record<string, Tensor> = { loss: total };
	const gradients = gradient(total, [...parameters.values()]);
	[...shapes].forEach(([name, size], i) => {
		outputs[GRADIENT + name] = isAdded ? add(input(GRADIENT + name, size), gradients[i]!) : gradients[i]!;
	});
	return outputs;
}

/**
 * One AdamW update backwards. Inputs: the state before it, the gradient, the scalars, and the cotangent of the state after it. Outputs: the
 * cotangent of the state before it as far as it does not go through the gradient, and the gradient's (`along:`). `isClipped` says on which
 * side of the bound the gradient's norm was.
 */
export function updateAdjointGraph(
	shapes: Shapes,
	settings: AdamWSettings,
	isClipped: boolean,
): Record<string, Tensor> {
	const names = [...shapes.keys()];
	const inputs = (prefix: string) => names.map((name) => input(prefix + name, shapes.get(name)!));
	const [parameters, firsts, seconds, gradients] = ["", FIRST, SECOND, GRADIENT].map(inputs) as Tensor[][];
	const scalars = {
		learningRate: input("learningRate", []),
		correction1: input("correction1", []),
		correction2: input("correction2", []),
	};
	const factor = isClipped ? clipFactor(globalNorm(gradients!), settings.clip) : constant(1);
	const products = names.flatMap((name, i) => {
		const clipped = mul(gradients![i]!, factor);
		const next = adamw(parameters![i]!, clipped, firsts![i]!, seconds![i]!, settings, scalars);
		return [
			mul(next.parameter, input(COTANGENT + name, shapes.get(name)!)),
			mul(next.first, input(COTANGENT + FIRST + name, shapes.get(name)!)),
			mul(next.second, input(COTANGENT + SECOND + name, shapes.get(name)!)),
		];
	});
	const wrt = [...parameters!, ...firsts!, ...seconds!, ...gradients!];
	const parts = vjp(products.map(sumAll).reduce(add), wrt, constant(1));
	const keys = [COTANGENT, COTANGENT + FIRST, COTANGENT + SECOND, ALONG].flatMap((prefix) =>
		names.map((name) => prefix + name),
	);
	return shareCommon(Object.fromEntries(keys.map((key, i) => [key, parts[i]!])));
}

/** The one input of this name that a graph holds. */
function inputOf(output: Tensor, name: string): Tensor {
	const seen = new Set<Tensor>([output]);
	for (const n of seen) {
		if (n.op.name === "input" && n.attributes.name === name) return n;
		for (const i of n.inputs) seen.add(i);
	}
	throw new RangeError(`the loss has no input named ${name}; it must weigh each target by it`);
}

/**
 * The gradient backwards, for `count` cotangents u at once: forward and backward pass are shared. Outputs for each: the parameters' cotangent
 * plus H u, H the Hessian of the weighted loss, and `slopes` [rows·length] = ⟨u, ∂gradient/∂weight⟩ for each target's weight.
 */
export function gradientAdjointGraph(
	shapes: Shapes,
	loss: LossGraph,
	shape: BatchShape,
	count: number,
): Record<string, Tensor> {
	const parameters = parameterInputs(shapes);
	const wrt = [...parameters.values()];
	const total = loss(parameters, shape);
	const gradients = gradient(total, wrt);
	const weights = inputOf(total, "weights");
	const outputs: Record<string, Tensor> = {};
	for (let n = 0; n < count; n++) {
		const product = [...shapes].map(([name, size], i) =>
			sumAll(mul(gradients[i]!, input(`${n}.${ALONG}${name}`, size))),
		);
		const parts = vjp(product.reduce(add), [...wrt, weights], constant(1));
		[...shapes].forEach(([name, size], i) => {
			const key = `${n}.${COTANGENT}${name}`;
			outputs[key] = add(input(key, size), parts[i]!);
		});
		outputs[`${n}.${SLOPES}`] = parts.at(-1)!;
	}
	return shareCommon(outputs);
}
