// Causal attention of rows that lie end to end in one sequence and do not see each other: each row is a call of the kernel of its own, so its
// bits are those it has alone. The twin of `attention` for batches without padding.

import { throughLowering, vjp } from "../autodiff/gradient.js";
import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { add } from "./add.js";
import { causalMask } from "./causalMask.js";
import { constant } from "./input.js";
import { matmul } from "./matmul.js";
import { mul } from "./mul.js";
import { oneHot } from "./oneHot.js";
import { reshape } from "./reshape.js";
import { pad, slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { sub } from "./sub.js";
import { broadcastTo } from "./sum.js";
import { transpose } from "./transpose.js";

/** Equal neighbours: `count` rows of `length` positions each, from position `first` on; one call serves them all. */
interface Run {
	readonly first: number;
	readonly length: number;
	count: number;
}

function runsOf(ids: Int32Array): Run[] {
	const out: Run[] = [];
	for (let first = 0; first < ids.length; ) {
		let end = first + 1;
		while (end < ids.length && ids[end] === ids[first]) end++;
		const before = out.at(-1);
		if (before?.length === end - first) before.count++;
		else out.push({ first, length: end - first, count: 1 });
		first = end;
	}
	return out;
}

interface Heads {
	readonly N: number;
	readonly H: number;
	readonly G: number;
	readonly D: number;
}

function heads(q: Tensor, k: Tensor): Heads {
	const [, N, H, D] = q.shape as readonly [number, number, number, number];
	return { N, H, G: k.shape[2]!, D };
}

const APART = 1e30;

function lowerAttention(q: Tensor, k: Tensor, v: Tensor, rows: Tensor, scale: number, slots: number): Tensor {
	const { N, H, G, D } = heads(q, k);
	const spread = (x: Tensor) =>
		reshape(broadcastTo(reshape(transpose(x, [0, 2, 1, 3]), [1, G, 1, N, D]), [1, G, H / G, N, D]), [1, H, N, D]);
	const row = oneHot(rows, slots);
	const apart = mul(sub(matmul(row, row, { transB: true }), constant(1)), constant(APART));
	const scores = mul(matmul(transpose(q, [0, 2, 1, 3]), spread(k), { transB: true }), constant(scale));
	const weights = softmax(add(scores, add(causalMask(N), apart)));
	return transpose(matmul(weights, spread(v)), [0, 2, 1, 3]);
}

const lower = (q: Tensor, k: Tensor, v: Tensor, rows: Tensor, n: Tensor) =>
	lowerAttention(q, k, v, rows, numberAttribute(n, "scale"), numberAttribute(n, "slots"));

const operation: Operation = {
	name: "packedAttention",
	lower: (n) => lower(n.inputs[0]!, n.inputs[1]!, n.inputs[2]!, n.inputs[3]!, n),
	derivative: (n, dy) => {
		const [q, k, v, rows] = n.inputs as [Tensor, Tensor, Tensor, Tensor];
		const [sizeQ, sizeK] = [size(q.shape), size(k.shape)];
		const all = node(gradOperation, [q, k, v, rows, dy], [sizeQ + 2 * sizeK], n.attributes);
		return [
			reshape(slice(all, [0], [sizeQ]), q.shape),
			reshape(slice(all, [sizeQ], [sizeK]), k.shape),
			reshape(slice(all, [sizeQ + sizeK], [sizeK]), v.shape),
			undefined,
		];
	},
	scratchBytes: (kernels, n) => kernels.attentionScratchBytes(n.shape[1]!, n.shape[3]!),
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const { N, H, G, D } = heads(n.inputs[0]!, n.inputs[1]!);
		const [q, k, v, rows] = inputs as [number, number, number, number];
		const [wide, narrow] = [4 * H * D, 4 * G * D];
		const scale = numberAttribute(n, "scale");
		return () => {
			for (const { first, length, count } of runsOf(new Int32Array(memory.buffer, rows, N))) {
				const [from, to] = [q + first * wide, output + first * wide];
				kernels.attention(from, k + first * narrow, v + first * narrow, to, count, length, H, G, D, scale, scratch);
			}
		};
	},
};

function lowerGradient(n: Tensor): Tensor {
	const [q, k, v, rows, dy] = n.inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
	const parts = vjp(lower(q, k, v, rows, n), [q, k, v], dy);
	let at = 0;
	return parts
		.map((part) => {
			const placed = pad(reshape(part, [size(part.shape)]), [at], n.shape);
			at += size(part.shape);
			return placed;
		})
		.reduce(add);
}

const ALIGNED = 64;
const kernelScratch = (bytes: number) => Math.ceil(bytes / ALIGNED) * ALIGNED;

const gradOperation: Operation = {
	name: "packedAttentionGrad",
	lower: lowerGradient,
	derivative: throughLowering(lowerGradient),
	// Beside the kernel's own: the gradients of one run, which are scattered afterwards.
	scratchBytes: (kernels, n) => {
		const [, N, , D] = n.inputs[0]!.shape as readonly [number, number, number, number];
		return kernelScratch(kernels.attentionGradScratchBytes(N, D)) + 4 * n.shape[0]!;
	},
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const { N, H, G, D } = heads(n.inputs[0]!, n.inputs[1]!);
		const [q, k, v, rows, dy] = inputs as [number, number, number, number, number];
		const [wide, narrow] = [4 * H * D, 4 * G * D];
		const scale = numberAttribute(n, "scale");
		const made = scratch + kernelScratch(kernels.attentionGradScratchBytes(N, D));
		const places = [
			[output, wide],
			[output + N * wide, narrow],
			[output + N * (wide + narrow), narrow],
		] as const;
		return () => {
			const bytes = new Uint8Array(memory.buffer);
			for (const { first, length, count } of runsOf(new Int32Array(memory.buffer, rows, N))) {
				const [a, b, c, d] = [q + first * wide, k + first * narrow, v + first * narrow, dy + first * wide];
				kernels.attentionGrad(a, b, c, d, made, count, length, H, G, D, scale, scratch);
				let from = made;
				for (const [to, width] of places) {
					bytes.copyWithin(to + first * width, from, from + count * length * width);
					from += count * length * width;
				}
			}
		};
	},
};

/**
 * q [1, N, H, D], k and v [1, N, G, D] with G dividing H, rows i32 [N] below `slots` → [1, N, H, D]. Neighbours with the same number are one
 * row; position i sees the positions ≤ i of its own row only. A number may not come back after another one.
 */
export function packedAttention(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	rows: Tensor,
	scale: number,
	options: { readonly slots: number },
): Tensor {
	requireF32("packedAttention", q, k, v);
	const same = q.shape.length === 4 && [k, v].every((t) => [0, 1, 3].every((i) => t.shape[i] === q.shape[i]));
	const numbered = rows.dtype === "i32" && rows.shape.length === 1 && rows.shape[0] === q.shape[1];
	if (!same || !numbered || q.shape[0] !== 1 || k.shape[2] !== v.shape[2] || q.shape[2]! % k.shape[2]! !== 0) {
		throw new TensorError(
			"shape",
			`packedAttention: q [${q.shape}], k [${k.shape}], v [${v.shape}], rows ${rows.dtype} [${rows.shape}]: want [1,N,H,D], [1,N,G,D] twice, i32 [N], G dividing H`,
		);
	}
	return node(operation, [q, k, v, rows], q.shape, { scale, slots: options.slots });
}
