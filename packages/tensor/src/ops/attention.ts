// Causal scaled dot-product attention with grouped KV heads (Vaswani 2017; Ainslie 2023), fused forward and backward.

import { throughLowering, vjp } from "../autodiff/gradient.js";
import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { add } from "./add.js";
import { causalMask } from "./causalMask.js";
import { constant } from "./input.js";
import { matmul } from "./matmul.js";
import { mul } from "./mul.js";
import { reshape } from "./reshape.js";
import { pad, slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { broadcastTo } from "./sum.js";
import { transpose } from "./transpose.js";

interface Heads {
	readonly B: number;
	readonly T: number;
	readonly H: number;
	readonly G: number;
	readonly D: number;
}

function heads(q: Tensor, k: Tensor): Heads {
	const [B, T, H, D] = q.shape as readonly [number, number, number, number];
	return { B, T, H, G: k.shape[2]!, D };
}

/** So many products of [T, D] and [D, T], half of which lies under the mask. */
function attentionFlops(n: Tensor, products: number): number {
	const { B, T, H, D } = heads(n.inputs[0]!, n.inputs[1]!);
	return products * B * H * T * T * D;
}

function lowerAttention(q: Tensor, k: Tensor, v: Tensor, scale: number): Tensor {
	const { B, T, H, G, D } = heads(q, k);
	const spread = (x: Tensor) =>
		reshape(broadcastTo(reshape(transpose(x, [0, 2, 1, 3]), [B, G, 1, T, D]), [B, G, H / G, T, D]), [B, H, T, D]);
	const scores = mul(matmul(transpose(q, [0, 2, 1, 3]), spread(k), { transB: true }), constant(scale));
	const weights = softmax(add(scores, causalMask(T)));
	return transpose(matmul(weights, spread(v)), [0, 2, 1, 3]);
}

const attentionOperation: Operation = {
	name: "attention",
	lower: (n) => lowerAttention(n.inputs[0]!, n.inputs[1]!, n.inputs[2]!, numberAttribute(n, "scale")),
	derivative: (n, dy) => {
		const [q, k, v] = n.inputs as [Tensor, Tensor, Tensor];
		const [sizeQ, sizeK] = [size(q.shape), size(k.shape)];
		const all = node(gradOperation, [q, k, v, dy], [sizeQ + 2 * sizeK], n.attributes);
		return [
			reshape(slice(all, [0], [sizeQ]), q.shape),
			reshape(slice(all, [sizeQ], [sizeK]), k.shape),
			reshape(slice(all, [sizeQ + sizeK], [sizeK]), v.shape),
		];
	},
	flops: (n) => attentionFlops(n, 2),
	scratchBytes: (kernels, n) => kernels.attentionScratchBytes(n.shape[1]!, n.shape[3]!),
	bind: (kernels, n, { inputs, output, scratch }) => {
		const { B, T, H, G, D } = heads(n.inputs[0]!, n.inputs[1]!);
		const [q, k, v] = inputs as [number, number, number];
		const scale = numberAttribute(n, "scale");
		return () => kernels.attention(q, k, v, output, B, T, H, G, D, scale, scratch);
	},
};

function lowerGradient(n: Tensor): Tensor {
	const [q, k, v, dy] = n.inputs as [Tensor, Tensor, Tensor, Tensor];
	const parts = vjp(lowerAttention(q, k, v, numberAttribute(n, "scale")), [q, k, v], dy);
	let at = 0;
	return parts
		.map((part) => {
			const flat = reshape(part, [size(part.shape)]);
			const placed = pad(flat, [at], n.shape);
			at += size(part.shape);
			return placed;
		})
		.reduce(add);
}

const gradOperation: Operation = {
	name: "attentionGrad",
	lower: lowerGradient,
	derivative: throughLowering(lowerGradient),
	flops: (n) => attentionFlops(n, 5),
	scratchBytes: (kernels, n) => kernels.attentionGradScratchBytes(n.inputs[0]!.shape[1]!, n.inputs[0]!.shape[3]!),
	bind: (kernels, n, { inputs, output, scratch }) => {
		const { B, T, H, G, D } = heads(n.inputs[0]!, n.inputs[1]!);
		const [q, k, v, dy] = inputs as [number, number, number, number];
		const scale = numberAttribute(n, "scale");
		return () => kernels.attentionGrad(q, k, v, dy, output, B, T, H, G, D, scale, scratch);
	},
};

/** q [B, T, H, D], k and v [B, T, G, D] with G dividing H → [B, T, H, D]; position i sees positions ≤ i only. */
export function attention(q: Tensor, k: Tensor, v: Tensor, scale: number): Tensor {
	requireF32("attention", q, k, v);
	const same = q.shape.length === 4 && [k, v].every((t) => [0, 1, 3].every((i) => t.shape[i] === q.shape[i]));
	if (!same || k.shape[2] !== v.shape[2] || q.shape[2]! % k.shape[2]! !== 0) {
		throw new TensorError(
			"shape",
			`attention: q [${q.shape}], k [${k.shape}], v [${v.shape}]: want [B,T,H,D], [B,T,G,D], G dividing H`,
		);
	}
	return node(attentionOperation, [q, k, v], q.shape, { scale });
}
