// Attention of new positions over keys and values that lie in blocks of a pool, listed in a table for each sequence, so that sequences share
// blocks and take them as they grow. Like `cachedAttention` it writes into its inputs, and has no derivative.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, sameShape, size, type Tensor } from "../graph/tensor.js";
import { canonicalExp } from "../math/canonical.js";
import { requireSegments, type Segment, segmentsOf } from "./segments.js";

interface Sizes {
	readonly R: number;
	readonly H: number;
	readonly D: number;
	/** Key and value heads. */
	readonly G: number;
	/** Blocks of the pool, tokens of a block, entries of a table. */
	readonly blocks: number;
	readonly tokens: number;
	readonly most: number;
}

function sizesOf(n: Tensor): Sizes {
	const [R, H, D] = n.shape as readonly [number, number, number];
	const [blocks, tokens, G] = n.inputs[3]!.shape as readonly [number, number, number];
	return { R, H, D, G, blocks, tokens, most: n.inputs[6]!.shape[1]! };
}

/** Throws where a sequence has more positions than its table, or a table names no block of the pool. */
function requireBlocks(segments: readonly Segment[], table: ArrayLike<number>, { blocks, tokens, most }: Sizes): void {
	for (const { slot, start, count } of segments) {
		const used = Math.ceil((start + count) / tokens);
		if (start < 0 || used > most)
			throw new TensorError(
				"shape",
				`pagedAttention: positions ${start} to ${start + count - 1} of sequence ${slot} do not fit ${most} blocks of ${tokens}`,
			);
		for (let i = slot * most; i < slot * most + used; i++) {
			const block = table[i]!;
			if (!(block >= 0 && block < blocks))
				throw new TensorError("range", `pagedAttention: block ${block} of sequence ${slot}; the pool has ${blocks}`);
		}
	}
}

/** What the op gives, not what it leaves in the pools: those are inputs, and f64 feeds are never written over. */
function reference(n: Tensor, [q, k, v, keys, values, table, places]: readonly Float64Array[]): Float64Array {
	const sizes = sizesOf(n);
	const { R, H, D, G, tokens, most } = sizes;
	const scale = Math.fround(numberAttribute(n, "scale"));
	const segments = segmentsOf("pagedAttention", table!, R);
	requireBlocks(segments, places!, sizes);
	const out = new Float64Array(size(n.shape));
	for (const { slot, first, start, count } of segments) {
		for (let row = first; row < first + count; row++) {
			const seen = start + row - first + 1;
			for (let h = 0; h < H; h++) {
				const head = Math.floor(h / (H / G)) * D;
				const at = (pool: Float64Array, fresh: Float64Array, position: number, d: number) => {
					if (position >= start) return fresh[(first + position - start) * G * D + head + d]!;
					const block = places![slot * most + Math.floor(position / tokens)]!;
					return pool[(block * tokens + (position % tokens)) * G * D + head + d]!;
				};
				const query = q!.subarray((row * H + h) * D, (row * H + h + 1) * D);
				const scores = Float64Array.from(
					{ length: seen },
					(_, j) => scale * query.reduce((sum, x, d) => sum + x * at(keys!, k!, j, d), 0),
				);
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
	name: "pagedAttention",
	// At the most: as if every table were full.
	flops: (n) => 4 * size(n.shape) * sizesOf(n).most * sizesOf(n).tokens,
	scratchBytes: (kernels, n) => {
		const { D, tokens, most } = sizesOf(n);
		return kernels.attentionPagedScratchBytes(most, tokens, D);
	},
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const sizes = sizesOf(n);
		const { R, H, D, G, tokens, most } = sizes;
		const slots = n.inputs[5]!.shape[0]!;
		const [q, k, v, keys, values, table, places] = inputs as [number, number, number, number, number, number, number];
		const [wide, narrow] = [4 * H * D, 4 * G * D];
		const scale = numberAttribute(n, "scale");
		return () => {
			const segments = segmentsOf("pagedAttention", new Int32Array(memory.buffer, table, 4 * slots), R);
			const list = new Int32Array(memory.buffer, places, slots * most);
			requireBlocks(segments, list, sizes);
			const bytes = new Uint8Array(memory.buffer);
			let used = 0;
			for (const { slot, first, start, count } of segments) {
				for (let done = 0, some = 0; done < count; done += some) {
					const place = (start + done) % tokens;
					some = Math.min(count - done, tokens - place);
					const block = list[slot * most + (start + done - place) / tokens]!;
					const [from, to] = [(first + done) * narrow, (block * tokens + place) * narrow];
					bytes.copyWithin(keys + to, k + from, k + from + some * narrow);
					bytes.copyWithin(values + to, v + from, v + from + some * narrow);
				}
				used = first + count;
			}
			kernels.attentionPaged(q, keys, values, output, table, places, slots, most, tokens, H, G, D, scale, scratch);
			if (used < R) kernels.fill(output + used * wide, 0, (R - used) * H * D);
		};
	},
	reference,
};

export interface PagedPools {
	/** [blocks, tokens, G, D]: inputs bound to buffers; a token's place in a block is its position modulo `tokens`. */
	readonly keys: Tensor;
	readonly values: Tensor;
	/** i32 [S, most]: the blocks of each sequence, in the order of its positions. */
	readonly places: Tensor;
}

/**
 * q [R, H, D], new k and v [R, G, D], pools, segments i32 [S, 4] → [R, H, D]. The rows of sequence s are its positions from `start` on and are
 * written into its blocks; row t of them sees its positions ≤ start + t: the bits of `attention` over the whole sequence. Rows of no
 * sequence give zeros. A block may stand in several tables; whoever writes into it must be the only one that has it.
 */
export function pagedAttention(
	q: Tensor,
	k: Tensor,
	v: Tensor,
	{ keys, values, places }: PagedPools,
	segments: Tensor,
	scale: number,
): Tensor {
	requireF32("pagedAttention", q, k, v, keys, values);
	requireSegments("pagedAttention", segments);
	const [R, H, D] = q.shape as readonly [number, number, number];
	const [blocks, tokens, G] = keys.shape as readonly [number, number, number];
	const wanted =
		q.shape.length === 3 &&
		[k, v].every((t) => sameShape(t.shape, [R, G, D])) &&
		[keys, values].every((t) => sameShape(t.shape, [blocks, tokens, G, D]) && t.op.name === "input") &&
		places.dtype === "i32" &&
		places.shape.length === 2;
	if (!wanted || H % G !== 0 || tokens % 8 !== 0 || segments.shape[0] !== places.shape[0]) {
		throw new TensorError(
			"shape",
			`pagedAttention: q [${q.shape}], k [${k.shape}], v [${v.shape}], pools [${keys.shape}], [${values.shape}], places ${places.dtype} [${places.shape}], segments [${segments.shape}]: want [R,H,D], [R,G,D] twice, inputs [blocks,tokens,G,D] twice with tokens a multiple of 8, i32 [S,most], i32 [S,4], G dividing H`,
		);
	}
	return node(operation, [q, k, v, keys, values, segments, places], q.shape, { scale });
}
