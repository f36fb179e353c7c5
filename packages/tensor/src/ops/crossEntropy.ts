// Softmax cross-entropy per row, fused forward and backward.

import { throughLowering, vjp } from "../autodiff/gradient.js";
import { TensorError } from "../errors.js";
import { node, type Operation, requireF32, type Tensor } from "../graph/tensor.js";
import { add } from "./add.js";
import { exp } from "./exp.js";
import { log } from "./log.js";
import { max } from "./max.js";
import { mul } from "./mul.js";
import { oneHot } from "./oneHot.js";
import { requireIds } from "./requireIds.js";
import { reshape } from "./reshape.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";

function lowerLoss(logits: Tensor, targets: Tensor): Tensor {
	const [rows, V] = logits.shape as readonly [number, number];
	const top = max(logits, 1);
	const shifted = sub(logits, reshape(top, [rows, 1]));
	const chosen = sum(mul(logits, oneHot(targets, V)), 1);
	return sub(add(log(sum(exp(shifted), 1)), top), chosen);
}

const lossOperation: Operation = {
	name: "crossEntropy",
	lower: (n) => lowerLoss(n.inputs[0]!, n.inputs[1]!),
	derivative: (n, dy) => [node(gradOperation, [n.inputs[0]!, n.inputs[1]!, dy], n.inputs[0]!.shape), undefined],
	bind: (kernels, n, { inputs, output }, memory) => {
		const [rows, V] = n.inputs[0]!.shape as readonly [number, number];
		const [logits, targets] = inputs as [number, number];
		return () => {
			requireIds("crossEntropy", memory, targets, rows, V);
			kernels.crossEntropy(logits, targets, output, rows, V);
		};
	},
};

function lowerGradient(n: Tensor): Tensor {
	const [logits, targets, dy] = n.inputs as [Tensor, Tensor, Tensor];
	return vjp(lowerLoss(logits, targets), [logits], dy)[0]!;
}

const gradOperation: Operation = {
	name: "crossEntropyGrad",
	inPlace: [0],
	lower: lowerGradient,
	derivative: throughLowering(lowerGradient),
	bind: (kernels, n, { inputs, output }, memory) => {
		const [logits, targets, dy] = inputs as [number, number, number];
		const [rows, V] = n.shape as readonly [number, number];
		return () => {
			requireIds("crossEntropyGrad", memory, targets, rows, V);
			kernels.crossEntropyGrad(logits, targets, dy, output, rows, V);
		};
	},
};

/** −log softmax(logits)[target] for each row; logits [rows, V], targets i32 [rows] in [0, V) → [rows]. */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
	requireF32("crossEntropy", logits);
	if (
		targets.dtype !== "i32" ||
		targets.shape.length !== 1 ||
		logits.shape.length !== 2 ||
		targets.shape[0] !== logits.shape[0]
	) {
		throw new TensorError(
			"shape",
			`crossEntropy: want logits [rows, V] and i32 targets [rows]; got [${logits.shape}], [${targets.shape}]`,
		);
	}
	return node(lossOperation, [logits, targets], [logits.shape[0]!]);
}
