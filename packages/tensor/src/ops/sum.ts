// sum and its adjoint broadcastTo, in one file because each is the other's derivative.

import { TensorError } from "../errors.js";
import {
	listAttribute,
	node,
	type Operation,
	requireF32,
	type Shape,
	sameShape,
	size,
	strides,
	type Tensor,
} from "../graph/tensor.js";
import { reshape } from "./reshape.js";
import { bindStrided, copyReference, STRIDED_SCRATCH_BYTES } from "./strided.js";

const sumOperation: Operation = {
	name: "sum",
	derivative: (n, dy) => [broadcastTo(reshape(dy, keepAxis(n.inputs[0]!.shape, axisOf(n))), n.inputs[0]!.shape)],
	bind: (kernels, n, { inputs, output }) => {
		const [outer, count, inner] = around(n.inputs[0]!.shape, axisOf(n));
		const [x] = inputs as [number];
		return () => kernels.reduceSum(x, output, outer, count, inner);
	},
	reference: (n, [x]) => {
		const [outer, count, inner] = around(n.inputs[0]!.shape, axisOf(n));
		const out = new Float64Array(outer * inner);
		for (let o = 0; o < outer; o++) {
			for (let c = 0; c < count; c++)
				for (let i = 0; i < inner; i++) out[o * inner + i]! += x![(o * count + c) * inner + i]!;
		}
		return out;
	},
};

function axisOf(n: Tensor): number {
	return listAttribute(n, "axis")[0]!;
}

function keepAxis(shape: Shape, axis: number): number[] {
	return shape.map((d, i) => (i === axis ? 1 : d));
}

/** [outer, count, inner] sizes around one axis. */
export function around(shape: Shape, axis: number): [number, number, number] {
	return [size(shape.slice(0, axis)), shape[axis]!, size(shape.slice(axis + 1))];
}

/** Σ over one axis, which disappears. Innermost axes use 8 strided partial sums and a fixed tree; others add in order. */
export function sum(x: Tensor, axis: number): Tensor {
	requireF32("sum", x);
	if (axis < 0 || axis >= x.shape.length) throw new TensorError("shape", `sum: axis ${axis} is not in [${x.shape}]`);
	return node(
		sumOperation,
		[x],
		x.shape.filter((_, i) => i !== axis),
		{ axis: [axis] },
	);
}

/** Σ over everything, a scalar of shape []. */
export function sumAll(x: Tensor): Tensor {
	return sum(reshape(x, [size(x.shape)]), 0);
}

const broadcastOperation: Operation = {
	name: "broadcastTo",
	derivative: (n, dy) => [sumTo(dy, n.inputs[0]!.shape)],
	scratchBytes: () => STRIDED_SCRATCH_BYTES,
	bind: (kernels, n, at, memory) => {
		const from = broadcastStrides(n.inputs[0]!.shape, n.shape);
		return bindStrided(kernels, memory, at.scratch, at.inputs[0]!, at.output, n.shape, from, strides(n.shape));
	},
	reference: (n, [x]) => {
		const out = new Float64Array(size(n.shape));
		copyReference(x!, out, n.shape, broadcastStrides(n.inputs[0]!.shape, n.shape), strides(n.shape));
		return out;
	},
};

function broadcastStrides(from: Shape, to: Shape): number[] {
	const own = strides(from);
	const lead = to.length - from.length;
	return to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : own[i - lead]!));
}

/** Repeats x along new leading axes and axes of length one (NumPy's rule). */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
	if (sameShape(x.shape, shape)) return x;
	const lead = shape.length - x.shape.length;
	if (lead < 0 || x.shape.some((d, i) => d !== 1 && d !== shape[i + lead])) {
		throw new TensorError("shape", `broadcastTo: [${x.shape}] does not stretch to [${shape}]; axes must match or be 1`);
	}
	if (size(x.shape) === size(shape)) return reshape(x, shape);
	return node(broadcastOperation, [x], shape, {}, x.dtype);
}

/** Sums x down to a shape that would broadcast back to it. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
	if (sameShape(x.shape, shape)) return x;
	if (size(shape) === 1) return reshape(sumAll(x), shape);
	let out = x;
	while (out.shape.length > shape.length) out = sum(out, 0);
	for (let i = 0; i < shape.length; i++) {
		if (shape[i] === 1 && out.shape[i] !== 1) out = reshape(sum(out, i), keepAxis(out.shape, i));
	}
	return out;
}
