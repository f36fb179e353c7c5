// Reorders axes; the numbers move.

import { TensorError } from "../errors.js";
import { listAttribute, node, type Operation, size, strides, type Tensor } from "../graph/tensor.js";
import { bindStrided, copyReference, STRIDED_SCRATCH_BYTES } from "./strided.js";

const operation: Operation = {
	name: "transpose",
	derivative: (n, dy) => {
		const order = listAttribute(n, "order");
		const inverse = order.map((_, i) => order.indexOf(i));
		return [transpose(dy, inverse)];
	},
	scratchBytes: () => STRIDED_SCRATCH_BYTES,
	bind: (kernels, n, { inputs, output, scratch }, memory) =>
		bindStrided(kernels, memory, scratch, inputs[0]!, output, n.shape, permutedStrides(n), strides(n.shape)),
	reference: (n, [x]) => {
		const out = new Float64Array(size(n.shape));
		copyReference(x!, out, n.shape, permutedStrides(n), strides(n.shape));
		return out;
	},
};

function permutedStrides(n: Tensor): number[] {
	const own = strides(n.inputs[0]!.shape);
	return listAttribute(n, "order").map((axis) => own[axis]!);
}

/** Axis i of the result is axis order[i] of x. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
	if (order.length !== x.shape.length || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
		throw new TensorError("shape", `transpose: [${order}] must name each axis of [${x.shape}] once`);
	}
	if (order.every((axis, i) => axis === i)) return x;
	return node(
		operation,
		[x],
		order.map((axis) => x.shape[axis]!),
		{ order },
		x.dtype,
	);
}
