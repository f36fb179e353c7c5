// Attention of new positions over a key–value cache, for decoding. The one op that writes into its inputs: the caches are long-lived
// buffers, and copying them for every token would cost more than the token. It has no derivative; training uses `attention`.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";

const operation: Operation = {
	name: "cachedAttention",
	scratchBytes: (kernels, n) => kernels.attentionScratchBytes(n.inputs[3]!.shape[1]!, n.shape[3]!),
	execute: (kernels, n, at, memory) => {
		const [B, T, H, D] = n.shape as readonly [number, number, number, number];
		const [, C, G] = n.inputs[3]!.shape as readonly [number, number, number];
		const [q, k, v, keys, values, positions] = at.inputs as [number, number, number, number, number, number];
		const starts = new Int32Array(memory.buffer, positions, B);
		const bytes = new Uint8Array(memory.buffer);
		const [fresh, whole, query] = [4 * T * G * D, 4 * C * G * D, 4 * T * H * D];
		for (let b = 0; b < B; b++) {
			const start = starts[b]!;
			if (start < 0 || start + T > C) {
				throw new TensorError(
					"shape",
					`cachedAttention: positions ${start} to ${start + T - 1} do not fit a cache of ${C}`,
				);
			}
			const place = b * whole + 4 * start * G * D;
			bytes.copyWithin(keys + place, k + b * fresh, k + (b + 1) * fresh);
			bytes.copyWithin(values + place, v + b * fresh, v + (b + 1) * fresh);
			kernels.attentionCached(
				q + b * query,
				keys + b * whole,
				values + b * whole,
				at.output + b * query,
				1,
				T,
				start + T,
				C,
				H,
				G,
				D,
				numberAttribute(n, "scale"),
				at.scratch,
			);
		}
	},
};

/**
 * q [B, T, H, D], new k and v [B, T, G, D], caches [B, C, G, D] (inputs bound to buffers; rows `positions[b]` … are written), positions
 * i32 [B] → [B, T, H, D]. Row t of b sees cache positions ≤ positions[b] + t: the same bits as `attention` over the whole sequence.
 */
export function cachedAttention(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	keys: Tensor,
	values: Tensor,
	positions: Tensor,
	scale: number,
): Tensor {
	requireF32("cachedAttention", q, k, v, keys, values);
	const [B, T, H, D] = q.shape as readonly [number, number, number, number];
	const [, C, G] = keys.shape as readonly [number, number, number];
	const fits = (t: Tensor, shape: readonly number[]) =>
		t.shape.length === shape.length && t.shape.every((d, i) => d === shape[i]);
	const wanted =
		q.shape.length === 4 &&
		[k, v].every((t) => fits(t, [B, T, G, D])) &&
		[keys, values].every((t) => fits(t, [B, C, G, D]) && t.op.name === "input");
	if (!wanted || H % G !== 0 || T > C || positions.dtype !== "i32" || size(positions.shape) !== B) {
		throw new TensorError(
			"shape",
			`cachedAttention: q [${q.shape}], k [${k.shape}], v [${v.shape}], caches [${keys.shape}], [${values.shape}], positions [${positions.shape}]: want [B,T,H,D], [B,T,G,D] twice, inputs [B,C,G,D] twice, i32 [B], G dividing H, T ≤ C`,
		);
	}
	return node(operation, [q, k, v, keys, values, positions], q.shape, { scale });
}
