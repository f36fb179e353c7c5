// Root-mean-square norm over the last axis (Zhang & Sennrich 2019), and its two gradients.

import { throughLowering, vjp } from "../autodiff/gradient.js";
import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { add } from "./add.js";
import { div } from "./div.js";
import { constant } from "./input.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { sqrt } from "./sqrt.js";
import { sum } from "./sum.js";

function rows(n: Tensor): [number, number] {
	const width = n.inputs[0]!.shape.at(-1)!;
	return [size(n.inputs[0]!.shape) / width, width];
}

function lowerNorm(x: Tensor, w: Tensor, eps: number): Tensor {
	const width = x.shape.at(-1)!;
	const meanSquare = div(sum(mul(x, x), x.shape.length - 1), constant(width));
	const root = sqrt(add(meanSquare, constant(eps)));
	return mul(div(x, reshape(root, [...x.shape.slice(0, -1), 1])), w);
}

const normOperation: Operation = {
	name: "rmsNorm",
	inPlace: [0],
	lower: (n) => lowerNorm(n.inputs[0]!, n.inputs[1]!, numberAttribute(n, "eps")),
	derivative: (n, dy) => {
		const [x, w] = n.inputs as [Tensor, Tensor];
		return [
			node(gradXOperation, [x, w, dy], x.shape, n.attributes),
			node(gradWOperation, [x, w, dy], w.shape, n.attributes),
		];
	},
	bind: (kernels, n, { inputs, output }) => {
		const [x, w] = inputs as [number, number];
		const [count, width] = rows(n);
		const eps = numberAttribute(n, "eps");
		return () => kernels.rmsNorm(x, w, output, count, width, eps);
	},
};

function lowerGradient(which: 0 | 1): (n: Tensor) => Tensor {
	return (n) => {
		const [x, w, dy] = n.inputs as [Tensor, Tensor, Tensor];
		return vjp(lowerNorm(x, w, numberAttribute(n, "eps")), [x, w], dy)[which]!;
	};
}

const gradXOperation: Operation = {
	name: "rmsNormGradX",
	lower: lowerGradient(0),
	derivative: throughLowering(lowerGradient(0)),
	bind: (kernels, n, { inputs, output }) => {
		const [x, w, dy] = inputs as [number, number, number];
		const [count, width] = rows(n);
		const eps = numberAttribute(n, "eps");
		return () => kernels.rmsNormGradX(x, w, dy, output, count, width, eps);
	},
};

const gradWOperation: Operation = {
	name: "rmsNormGradW",
	lower: lowerGradient(1),
	derivative: throughLowering(lowerGradient(1)),
	bind: (kernels, n, { inputs, output }) => {
		const [x, , dy] = inputs as [number, number, number];
		const [count, width] = rows(n);
		const eps = numberAttribute(n, "eps");
		return () => kernels.rmsNormGradW(x, dy, output, count, width, eps);
	},
};

/** x / √(mean x² + eps) · w; x [..., width], w [width]. */
export function rmsNorm(x: Tensor, w: Tensor, eps: number): Tensor {
	requireF32("rmsNorm", x, w);
	if (w.shape.length !== 1 || w.shape[0] !== x.shape.at(-1)) {
		throw new TensorError(
			"shape",
			`rmsNorm: weight [${w.shape}] must be [${x.shape.at(-1)}], the last axis of [${x.shape}]`,
		);
	}
	return node(normOperation, [x, w], x.shape, { eps });
}
