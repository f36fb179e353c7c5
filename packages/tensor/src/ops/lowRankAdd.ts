// Low-rank terms of many adapters added to one product: each group of rows has a pair of matrices of its own, of any rank, in one pool of
// numbers. For decoding: it has no derivative; training composes `matmul`.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, sameShape, type Tensor } from "../graph/tensor.js";
import { lowRankSizes, PANEL, unpackPanels } from "../kernels/index.js";

/** Numbers of a group in the table: first row, count of rows, stored rank, place of A and of B in the pool, the scale's bits. */
export const LOW_RANK = 6;
/** Greatest rank in memory. */
export const MOST_LOW_RANK = 1024;

/** How many groups add anything. Throws where one reaches outside rows or pool. Makes nothing: it runs for every product of a step. */
function requireGroups(numbers: ArrayLike<number>, from: number, count: number, sizes: GroupSizes): number {
	const { rows, K, pool } = sizes;
	const columns = Math.ceil(sizes.N / PANEL) * PANEL;
	let next = 0;
	let used = 0;
	for (let at = from, end = from + LOW_RANK * count; at < end; at += LOW_RANK) {
		const own = numbers[at + 1]!;
		const rank = numbers[at + 2]!;
		if (own === 0 || rank === 0) continue;
		const first = numbers[at]!;
		const A = numbers[at + 3]!;
		const B = numbers[at + 4]!;
		const right =
			first >= next &&
			own > 0 &&
			first + own <= rows &&
			rank > 0 &&
			rank <= MOST_LOW_RANK &&
			rank % 4 === 0 &&
			A >= 0 &&
			A % 4 === 0 &&
			A + K * rank + 4 <= pool &&
			B >= 0 &&
			B % 4 === 0 &&
			B + columns * rank <= pool;
		if (!right)
			throw new TensorError(
				"range",
				`lowRankAdd: a group has rows ${first} to ${first + own - 1} of ${rows} (from ${next} on), rank ${rank}, A at ${A}, B at ${B} in a pool of ${pool}`,
			);
		next = first + own;
		used++;
	}
	return used;
}

interface GroupSizes {
	readonly rows: number;
	readonly N: number;
	readonly K: number;
	readonly pool: number;
}

function sizesOf(n: Tensor): GroupSizes & { readonly groups: number } {
	const [, x, pool, table] = n.inputs as [Tensor, Tensor, Tensor, Tensor];
	const [rows, N] = n.shape as readonly [number, number];
	return { rows, N, K: x.shape[1]!, pool: pool.shape[0]!, groups: table.shape[1]! };
}

const floatOf = (bits: number): number => new Float32Array(Int32Array.of(bits).buffer)[0]!;

const operation: Operation = {
	name: "lowRankAdd",
	inPlace: [0],
	// Of a rank of eight in every row; what the table says is not known before the run.
	flops: (n) => 16 * n.shape[0]! * (n.shape[1]! + n.inputs[1]!.shape[1]!),
	scratchBytes: (kernels) => kernels.lowRankScratchBytes(),
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const sizes = sizesOf(n);
		const { rows, N, K, groups } = sizes;
		const [y, x, pool, table] = inputs as [number, number, number, number];
		const own = table + 4 * LOW_RANK * groups * numberAttribute(n, "at");
		return () => {
			const used = requireGroups(new Int32Array(memory.buffer, own, LOW_RANK * groups), 0, groups, sizes);
			if (output !== y) new Uint8Array(memory.buffer).copyWithin(output, y, y + 4 * rows * N);
			if (used > 0) kernels.lowRankAdd(output, x, pool, own, groups, rows, N, K, scratch);
		};
	},
	reference: (n, [y, x, pool, table]) => {
		const sizes = sizesOf(n);
		const { N, K, groups } = sizes;
		const out = Float64Array.from(y!);
		const from = LOW_RANK * groups * numberAttribute(n, "at");
		requireGroups(table!, from, groups, sizes);
		for (let at = from; at < from + LOW_RANK * groups; at += LOW_RANK) {
			const [first, count, rank, A, placeB, bits] = [...table!.subarray(at, at + LOW_RANK)] as number[];
			const B = unpackPanels(pool!.subarray(placeB, placeB! + lowRankSizes(rank!, K, N).B), N, rank!);
			for (let row = first!; row < first! + count!; row++) {
				for (let j = 0; j < rank!; j++) {
					let low = 0;
					for (let k = 0; k < K; k++) low += x![row * K + k]! * pool![A! + k * rank! + j]!;
					low *= floatOf(bits!);
					for (let i = 0; i < N; i++) out[row * N + i] = out[row * N + i]! + low * B[i * rank! + j]!;
				}
			}
		}
		return out;
	},
};

/**
 * y [R, N] plus, for the rows of each group, scale·(x Aᵀ)Bᵀ with the group's own pair: x [R, K], pool f32 [P] with A and B as `packLowRankA` and
 * `packLowRankB` lay them (four more numbers behind A), table i32 [products, groups, 6], of which this product reads the groups at `at`, in the order of their rows. The bits
 * are those of `add(y, matmul(mul(matmul(x, A), scale), B))`; rows of no group, and of a group of rank 0, keep y's. Groups that reach outside throw `range`.
 */
export function lowRankAdd(y: Tensor, x: Tensor, pool: Tensor, table: Tensor, at: number): Tensor {
	requireF32("lowRankAdd", y, x, pool);
	const [R, N] = y.shape as readonly [number, number];
	const wanted =
		[y, x].every((t) => t.shape.length === 2) &&
		sameShape(x.shape, [R, x.shape[1]!]) &&
		pool.shape.length === 1 &&
		table.dtype === "i32" &&
		table.shape.length === 3 &&
		table.shape[2] === LOW_RANK;
	if (!wanted || !Number.isInteger(at) || at < 0 || at >= table.shape[0]!)
		throw new TensorError(
			"shape",
			`lowRankAdd: y [${y.shape}], x [${x.shape}], pool [${pool.shape}], table ${table.dtype} [${table.shape}], at ${at}: want [R, N], [R, K], [P], i32 [products, groups, ${LOW_RANK}], at below products`,
		);
	return node(operation, [y, x, pool, table], [R, N], { at });
}
