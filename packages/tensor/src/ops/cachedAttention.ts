// Attention of new positions over key–value caches, for decoding. The one op that writes into its inputs: the caches are long-lived
// buffers, and copying them for every token would cost more than the token. It has no derivative; training uses `attention`.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, sameShape, size, type Tensor } from "../graph/tensor.js";
import { canonicalExp } from "../math/canonical.js";
import { readSegments, requireSegments, type Segment, segmentsOf } from "./segments.js";

function requireFit(segments: readonly Segment[], capacity: number): void {
	for (const { slot, start, count } of segments) {
		if (start < 0 || start + count > capacity) {
			throw new TensorError(
				"shape",
				`cachedAttention: positions ${start} to ${start + count - 1} of slot ${slot} do not fit a cache of ${capacity}`,
			);
		}
	}
}

/** What the op gives, not what it leaves in the caches: those are inputs, and f64 feeds are never written over. */
function reference(n: Tensor, [q, k, v, keys, values, table]: readonly Float64Array[]): Float64Array {
	const [R, H, D] = n.shape as readonly [number, number, number];
	const [, C, G] = n.inputs[3]!.shape as readonly [number, number, number];
	const scale = Math.fround(numberAttribute(n, "scale"));
	const segments = segmentsOf("cachedAttention", table!, R);
	requireFit(segments, C);
	const out = new Float64Array(size(n.shape));
	for (const { slot, first, start, count } of segments) {
		for (let row = first; row < first + count; row++) {
			const seen = start + row - first + 1;
			for (let h = 0; h < H; h++) {
				const head = Math.floor(h / (H / G)) * D;
				/** Number d of the head at a position: from the cache where it is older, else from the new rows. */
				const at = (cache: Float64Array, fresh: Float64Array, position: number, d: number) =>
					position < start
						? cache[(slot * C + position) * G * D + head + d]!
						: fresh[(first + position - start) * G * D + head + d]!;
				const query = q!.subarray((row * H + h) * D, (row * H + h + 1) * D);
				const scores = Float64Array.from({ length: seen }, (_, j) =>
					query.reduce((sum, x, d) => sum + x * at(keys!, k!, j, d), 0),
				).map((x) => x * scale);
				const greatest = scores.reduce((a, b) => Math.max(a, b));
				const weights = scores.map((x) => canonicalExp(x - greatest));
				const total = weights.reduce((a, b) => a + b);
				for (let d = 0; d < D; d++)
					out[(row * H + h) * D + d] = weights.reduce((sum, w, j) => sum + (w / total) * at(values!, v!, j, d), 0);
			}
		}
	}
	return out;
}

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
			requireFit(segments, C);
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
	reference,
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
