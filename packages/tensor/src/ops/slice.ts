// slice and its adjoint pad, in one file because each is the other's derivative.

import { TensorError } from "../errors.js";
import {
	listAttribute,
	node,
	type Operation,
	type Shape,
	sameShape,
	size,
	strides,
	type Tensor,
} from "../graph/tensor.js";
import { bindStrided, copyReference, STRIDED_SCRATCH_BYTES } from "./strided.js";

function offset(starts: readonly number[], shape: Shape): number {
	const own = strides(shape);
	return starts.reduce((at, start, i) => at + start * own[i]!, 0);
}

const flatView: Operation = {
	name: "sliceFlat",
	derivative: (n, dy) => [pad(dy, listAttribute(n, "starts"), n.inputs[0]!.shape)],
	view: (n) => 4 * offset(listAttribute(n, "starts"), n.inputs[0]!.shape),
	reference: (n, [x]) => {
		const from = offset(listAttribute(n, "starts"), n.inputs[0]!.shape);
		return x!.slice(from, from + size(n.shape));
	},
};

const sliceOperation: Operation = {
	name: "slice",
	derivative: (n, dy) => [pad(dy, listAttribute(n, "starts"), n.inputs[0]!.shape)],
	scratchBytes: () => STRIDED_SCRATCH_BYTES,
	bind: (kernels, n, at, memory) => {
		const whole = n.inputs[0]!.shape;
		const from = at.inputs[0]! + 4 * offset(listAttribute(n, "starts"), whole);
		return bindStrided(kernels, memory, at.scratch, from, at.output, n.shape, strides(whole), strides(n.shape));
	},
	reference: (n, [x]) => {
		const whole = n.inputs[0]!.shape;
		const out = new Float64Array(size(n.shape));
		copyReference(x!, out, n.shape, strides(whole), strides(n.shape), 0, offset(listAttribute(n, "starts"), whole));
		return out;
	},
};

/** The block of `shape` that begins at `starts`. Whole rows from the front axis are a view and cost nothing. */
export function slice(x: Tensor, starts: readonly number[], shape: Shape): Tensor {
	if (
		starts.length !== x.shape.length ||
		shape.length !== x.shape.length ||
		starts.some((s, i) => s < 0 || s + shape[i]! > x.shape[i]!)
	) {
		throw new TensorError("shape", `slice: block [${shape}] at [${starts}] does not lie inside [${x.shape}]`);
	}
	if (sameShape(shape, x.shape)) return x;
	const contiguous = shape.slice(1).every((d, i) => d === x.shape[i + 1]);
	// Kernels want 16-byte alignment, so only aligned fronts become views.
	const aligned = (offset(starts, x.shape) * 4) % 16 === 0;
	return node(contiguous && aligned ? flatView : sliceOperation, [x], shape, { starts }, x.dtype);
}

const padOperation: Operation = {
	name: "pad",
	derivative: (n, dy) => [slice(dy, listAttribute(n, "starts"), n.inputs[0]!.shape)],
	scratchBytes: () => STRIDED_SCRATCH_BYTES,
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const block = n.inputs[0]!.shape;
		const to = output + 4 * offset(listAttribute(n, "starts"), n.shape);
		const copy = bindStrided(kernels, memory, scratch, inputs[0]!, to, block, strides(block), strides(n.shape));
		const count = size(n.shape);
		return () => {
			kernels.fill(output, 0, count);
			copy();
		};
	},
	reference: (n, [x]) => {
		const block = n.inputs[0]!.shape;
		const out = new Float64Array(size(n.shape));
		copyReference(x!, out, block, strides(block), strides(n.shape), offset(listAttribute(n, "starts"), n.shape));
		return out;
	},
};

/** x placed at `starts` in zeros of `shape`. */
export function pad(x: Tensor, starts: readonly number[], shape: Shape): Tensor {
	if (sameShape(shape, x.shape)) return x;
	if (
		starts.length !== shape.length ||
		x.shape.length !== shape.length ||
		starts.some((s, i) => s < 0 || s + x.shape[i]! > shape[i]!)
	) {
		throw new TensorError("shape", `pad: block [${x.shape}] at [${starts}] does not lie inside [${shape}]`);
	}
	return node(padOperation, [x], shape, { starts });
}
