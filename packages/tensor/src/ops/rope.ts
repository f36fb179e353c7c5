// Rotary position embedding (Su et al. 2021), in the half-rotation layout of Hugging Face. A rotation's adjoint is the rotation back.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, type Tensor } from "../graph/tensor.js";
import { add } from "./add.js";
import { constant } from "./input.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { pad, slice } from "./slice.js";
import { sub } from "./sub.js";

function lower(n: Tensor): Tensor {
	const [x, cos, sin] = n.inputs as [Tensor, Tensor, Tensor];
	const [B, T, H, D] = x.shape as readonly [number, number, number, number];
	const half = [B, T, H, D / 2];
	const [low, high] = [slice(x, [0, 0, 0, 0], half), slice(x, [0, 0, 0, D / 2], half)];
	const c = reshape(cos, [1, T, 1, D / 2]);
	const s = mul(reshape(sin, [1, T, 1, D / 2]), constant(numberAttribute(n, "sign")));
	const first = sub(mul(low, c), mul(high, s));
	const second = add(mul(high, c), mul(low, s));
	return add(pad(first, [0, 0, 0, 0], x.shape), pad(second, [0, 0, 0, D / 2], x.shape));
}

const operation: Operation = {
	name: "rope",
	lower,
	// The tables are positions, not parameters: no gradient flows to them.
	derivative: (n, dy) => [
		node(operation, [dy, n.inputs[1]!, n.inputs[2]!], n.shape, { sign: -numberAttribute(n, "sign") }),
		undefined,
		undefined,
	],
	bind: (kernels, n, { inputs, output }) => {
		const [B, T, H, D] = n.shape as readonly [number, number, number, number];
		const [x, cos, sin] = inputs as [number, number, number];
		const sign = numberAttribute(n, "sign");
		return () => kernels.rope(x, cos, sin, output, B, T, H, D, sign);
	},
};

/** x [B, T, heads, D] turned by the angles of cos, sin [T, D/2]. */
export function rope(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
	requireF32("rope", x, cos, sin);
	const [, T, , D] = x.shape;
	if (x.shape.length !== 4 || D! % 2 !== 0 || [cos, sin].some((t) => t.shape[0] !== T || t.shape[1] !== D! / 2)) {
		throw new TensorError(
			"shape",
			`rope: x [${x.shape}] must be [B, T, heads, even D], tables [T, D/2]; got [${cos.shape}], [${sin.shape}]`,
		);
	}
	return node(operation, [x, cos, sin], x.shape, { sign: 1 });
}
