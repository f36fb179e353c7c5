// The largest element along an axis.

import { TensorError } from "../errors.js";
import { listAttribute, node, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { div } from "./div.js";
import { greater } from "./greater.js";
import { constant } from "./input.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { sub } from "./sub.js";
import { around, broadcastTo, sum } from "./sum.js";

const operation: Operation = {
	name: "max",
	derivative: (n, dy) => {
		const x = n.inputs[0]!;
		const axis = listAttribute(n, "axis")[0]!;
		const keep = x.shape.map((d, i) => (i === axis ? 1 : d));
		const spread = (t: Tensor) => broadcastTo(reshape(t, keep), x.shape);
		// Ties share the gradient: a tie is where the maximum is not greater than x.
		const hit = sub(constant(1), greater(spread(n), x));
		return [mul(hit, spread(div(dy, sum(hit, axis))))];
	},
	bind: (kernels, n, { inputs, output }) => {
		const [outer, count, inner] = around(n.inputs[0]!.shape, listAttribute(n, "axis")[0]!);
		const [x] = inputs as [number];
		return () => kernels.reduceMax(x, output, outer, count, inner);
	},
	reference: (n, [x]) => {
		const [outer, count, inner] = around(n.inputs[0]!.shape, listAttribute(n, "axis")[0]!);
		const out = new Float64Array(size(n.shape)).fill(-Infinity);
		for (let o = 0; o < outer; o++) {
			for (let c = 0; c < count; c++) {
				for (let i = 0; i < inner; i++)
					out[o * inner + i] = Math.max(out[o * inner + i]!, x![(o * count + c) * inner + i]!);
			}
		}
		return out;
	},
};

/** Exact maximum over one axis, which disappears. */
export function max(x: Tensor, axis: number): Tensor {
	requireF32("max", x);
	if (axis < 0 || axis >= x.shape.length) throw new TensorError("shape", `max: axis ${axis} is not in [${x.shape}]`);
	return node(
		operation,
		[x],
		x.shape.filter((_, i) => i !== axis),
		{ axis: [axis] },
	);
}
