// Attention of new positions over key–value caches, for decoding. The one op that writes into its inputs: the caches are long-lived
// buffers, and copying them for every token would cost more than the token. It has no derivative; training uses `attention`.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, sameShape, size, type Tensor } from "../graph/tensor.js";
import { readSegments, requireSegments } from "./segments.js";

const operation: Operation = {
	name: "cachedAttention",
	// At the most: as if every cache were full.
	flops: (n) => 4 * size(n.shape) * n.inputs[3]!.shape[1]!,
	scratchBytes: (kernels, n) => kernels.attentionScratchBytes(n.inputs[3]!.shape[1]!, n.shape[2]!),
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const [R, H, D] = n.shape as readonly [number, number, number];
		const [S, C, G] = n.inputs[3]!.shape as readonly [number, number, number];
		const [q, k, v, keys, values, table] = inputs as [number, number, number, number, number, number];
		const [wide, narrow] = [4 * H * D, 4 * G * D];
		const scale = numberAttribute(n, "scale");
		return () => {
			const segments = readSegments("cachedAttention", memory, table, S, R);
			for (const { slot, start, count } of segments) {
				if (start < 0 || start + count > C) {
					throw new TensorError(
						"shape",
						`cachedAttention: positions ${start} to ${start + count - 1} of slot ${slot} do not fit a cache of ${C}`,
					);
				}
			}
			const bytes = new Uint8Array(memory.buffer);
			let used = 0;
			for (const { slot, first, start, count } of segments) {
				const own = slot * C * narrow;
				const [from, to] = [first * narrow, (first + count) * narrow];
				bytes.copyWithin(keys + own + start * narrow, k + from, k + to);
				bytes.copyWithin(values + own + start * narrow, v + from, v + to);
				const [query, out] = [q + first * wide, output + first * wide];
				const seen = start + count;
				kernels.attentionCached(query, keys + own, values + own, out, 1, count, seen, C, H, G, D, scale, scratch);
				used = first + count;
			}
			if (used < R) kernels.fill(output + used * wide, 0, (R - used) * H * D);
		};
	},
};

/**
 * q [R, H, D], new k and v [R, G, D], caches [S, C, G, D] (inputs bound to buffers), segments i32 [S, 4] → [R, H, D]. The rows of slot s
 * are its positions from `start` on and are written into its cache; row t of them sees its positions ≤ start + t: the same bits as
 * `attention` over the slot's whole sequence. Rows of no slot give zeros.
 */
export function cachedAttention(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	keys: Tensor,
	values: Tensor,
	segments: Tensor,
	scale: number,
): Tensor {
	requireF32("cachedAttention", q, k, v, keys, values);
	requireSegments("cachedAttention", segments);
	const [R, H, D] = q.shape as readonly [number, number, number];
	const [S, C, G] = keys.shape as readonly [number, number, number];
	const wanted =
		q.shape.length === 3 &&
		[k, v].every((t) => sameShape(t.shape, [R, G, D])) &&
		[keys, values].every((t) => sameShape(t.shape, [S, C, G, D]) && t.op.name === "input");
	if (!wanted || H % G !== 0 || segments.shape[0] !== S) {
		throw new TensorError(
			"shape",
			`cachedAttention: q [${q.shape}], k [${k.shape}], v [${v.shape}], caches [${keys.shape}], [${values.shape}], segments [${segments.shape}]: want [R,H,D], [R,G,D] twice, inputs [S,C,G,D] twice, i32 [S,4], G dividing H`,
		);
	}
	return node(operation, [q, k, v, keys, values, segments], q.shape, { scale });
}
