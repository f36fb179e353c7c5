// Reverse mode: walks a graph backwards and writes the gradient as another graph, which can be differentiated again.

import { TensorError } from "../errors.js";
import { sameShape, type Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topological.js";
import { add } from "../ops/add.js";
import { constant } from "../ops/input.js";

/**
 * Vector–Jacobian product: for each node in `wrt`, Σ cotangent · ∂output/∂node, as a graph of the node's shape.
 * Nodes in `wrt` are treated as independent variables (the walk stops at them). No path gives zeros.
 */
export function vjp(output: Tensor, wrt: readonly Tensor[], cotangent: Tensor): Tensor[] {
	if (!sameShape(output.shape, cotangent.shape)) {
		throw new TensorError(
			"shape",
			`vjp: the cotangent is [${cotangent.shape}], the output [${output.shape}]; they must be equal`,
		);
	}
	const targets = new Set(wrt);
	const order = topological([output], targets);
	const needed = new Set<Tensor>(targets);
	for (const n of order) if (!targets.has(n) && n.inputs.some((i) => needed.has(i))) needed.add(n);

	const gradients = new Map<Tensor, Tensor>([[output, cotangent]]);
	for (let i = order.length - 1; i >= 0; i--) {
		const n = order[i]!;
		const dy = gradients.get(n);
		if (dy === undefined || targets.has(n) || !needed.has(n)) continue;
		if (n.op.derivative === undefined) throw new TensorError("attribute", `vjp: op ${n.op.name} has no derivative`);
		const parts = n.op.derivative(n, dy);
		n.inputs.forEach((input, at) => {
			const part = parts[at];
			if (part === undefined || !needed.has(input)) return;
			const sofar = gradients.get(input);
			gradients.set(input, sofar === undefined ? part : add(sofar, part));
		});
	}
	return wrt.map((node) => gradients.get(node) ?? constant(0, node.shape));
}

/** ∂loss/∂node for each node in `wrt`; the loss must be a single number. */
export function gradient(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
	if (loss.shape.some((d) => d !== 1))
		throw new TensorError("shape", `gradient: the loss must be one number, got [${loss.shape}]`);
	return vjp(loss, wrt, constant(1, loss.shape));
}

/** Derivative of a fused gradient op: that of the composition it stands for, all its inputs independent. */
export function throughLowering(lower: (node: Tensor) => Tensor): (node: Tensor, dy: Tensor) => Tensor[] {
	return (node, dy) => vjp(lower(node), node.inputs, dy);
}
