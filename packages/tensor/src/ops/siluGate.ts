// silu(gate) · up, the middle of a SwiGLU feed-forward (Shazeer 2020), fused forward and backward.

import { throughLowering, vjp } from "../autodiff/gradient.js";
import { TensorError } from "../errors.js";
import { node, type Operation, requireF32, sameShape, size, type Tensor } from "../graph/tensor.js";
import { add } from "./add.js";
import { div } from "./div.js";
import { exp } from "./exp.js";
import { constant } from "./input.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";
import { reshape } from "./reshape.js";
import { pad, slice } from "./slice.js";

function lowerGate(gate: Tensor, up: Tensor): Tensor {
	return mul(div(gate, add(constant(1), exp(neg(gate)))), up);
}

const gateOperation: Operation = {
	name: "siluGate",
	lower: (n) => lowerGate(n.inputs[0]!, n.inputs[1]!),
	derivative: (n, dy) => {
		const [gate, up] = n.inputs as [Tensor, Tensor];
		const count = size(gate.shape);
		const both = node(gradOperation, [gate, up, dy], [2 * count]);
		return [reshape(slice(both, [0], [count]), gate.shape), reshape(slice(both, [count], [count]), gate.shape)];
	},
	bind: (kernels, n, { inputs, output }) => {
		const [gate, up] = inputs as [number, number];
		const count = size(n.shape);
		return () => kernels.siluGate(gate, up, output, count);
	},
};

function lowerGradient(n: Tensor): Tensor {
	const [gate, up, dy] = n.inputs as [Tensor, Tensor, Tensor];
	const count = size(gate.shape);
	const [dGate, dUp] = vjp(lowerGate(gate, up), [gate, up], dy) as [Tensor, Tensor];
	return add(pad(reshape(dGate, [count]), [0], n.shape), pad(reshape(dUp, [count]), [count], n.shape));
}

const gradOperation: Operation = {
	name: "siluGateGrad",
	lower: lowerGradient,
	derivative: throughLowering(lowerGradient),
	bind: (kernels, n, { inputs, output }) => {
		const [gate, up, dy] = inputs as [number, number, number];
		const count = size(n.inputs[0]!.shape);
		return () => kernels.siluGateGrad(gate, up, dy, output, count);
	},
};

/** gate · sigmoid(gate) · up, element by element; equal shapes. */
export function siluGate(gate: Tensor, up: Tensor): Tensor {
	requireF32("siluGate", gate, up);
	if (!sameShape(gate.shape, up.shape))
		throw new TensorError("shape", `siluGate: gate [${gate.shape}] and up [${up.shape}] must be equal`);
	return node(gateOperation, [gate, up], gate.shape);
}
