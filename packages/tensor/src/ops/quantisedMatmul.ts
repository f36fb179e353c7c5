// Products with int8 weights, a scale for each row of them; the rows that come in are quantised by their greatest number. Sums are of whole
// numbers and exact, so the bits are the same in any order and on any hardware. For inference: there is no derivative.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { GREATEST_K, PANEL, quantisedRow, quantiseRow } from "../kernels/index.js";
import { requireIds } from "./requireIds.js";

const matmulOperation: Operation = {
	name: "quantisedMatmul",
	flops: (n) => 2 * size(n.shape) * n.inputs[0]!.shape[1]!,
	scratchBytes: (kernels, n) => kernels.gemmQuantisedScratchBytes(n.shape[0]!, n.inputs[0]!.shape[1]!),
	bind: (kernels, n, { inputs, output, scratch }) => {
		const [x, words, scales] = inputs as [number, number, number];
		const [M, N] = n.shape as readonly [number, number];
		const K = n.inputs[0]!.shape[1]!;
		const P = n.inputs[1]!.shape[0]!;
		return () => kernels.gemmQuantised(x, words, scales, output, M, N, K, 0, P, scratch);
	},
	reference: (n, [x, words, scales]) => {
		const [M, N] = n.shape as readonly [number, number];
		const K = n.inputs[0]!.shape[1]!;
		const columns = Array.from({ length: N }, (_, j) => quantisedRow(Int32Array.from(words!), j, K));
		const out = new Float64Array(M * N);
		for (let m = 0; m < M; m++) {
			const { scale, q } = quantiseRow(Float32Array.from(x!.subarray(m * K, (m + 1) * K)));
			columns.forEach((column, j) => {
				out[m * N + j] = q.reduce((sum, v, k) => sum + v * column[k]!, 0) * scale * scales![j]!;
			});
		}
		return out;
	},
};

const gatherOperation: Operation = {
	name: "quantisedGather",
	bind: (kernels, n, { inputs, output }, memory) => {
		const [words, scales, ids] = inputs as [number, number, number];
		const count = n.shape[0]!;
		const K = numberAttribute(n, "K");
		const rows = size(n.inputs[1]!.shape);
		return () => {
			requireIds("quantisedGather", memory, ids, count, rows);
			kernels.gatherQuantised(words, scales, ids, output, count, K);
		};
	},
	reference: (n, [words, scales, ids]) => {
		const K = n.shape[1]!;
		const table = Int32Array.from(words!);
		return Float64Array.from(
			[...ids!].flatMap((id) => Array.from(quantisedRow(table, id, K), (q) => q * scales![id]!)),
		);
	},
};

function requireWords(name: string, words: Tensor, scales: Tensor, K: number): void {
	requireF32(name, scales);
	const [P, K4, lanes] = words.shape;
	const fits = words.dtype === "i32" && words.shape.length === 3 && lanes === PANEL && K4 === Math.ceil(K / 4);
	if (!fits || scales.shape.length !== 1 || scales.shape[0] !== P! * PANEL)
		throw new TensorError(
			"shape",
			`${name}: words must be i32 [⌈N/${PANEL}⌉, ${Math.ceil(K / 4)}, ${PANEL}] for K ${K}, scales [⌈N/${PANEL}⌉·${PANEL}]; got ${words.dtype} [${words.shape}], [${scales.shape}]`,
		);
}

/**
 * x [M, K], words and scales as `quantiseWeights` makes them from [N, K] → [M, N]: f32(Σ q·w) · (scale of the row · scale of the column).
 * A row with NaN or infinity gives NaN or infinity.
 */
export function quantisedMatmul(x: Tensor, words: Tensor, scales: Tensor, N: number): Tensor {
	requireF32("quantisedMatmul", x);
	const K = x.shape[1]!;
	if (x.shape.length !== 2) throw new TensorError("shape", `quantisedMatmul: x must be [M, K], got [${x.shape}]`);
	requireWords("quantisedMatmul", words, scales, K);
	if (words.shape[0] !== Math.ceil(N / PANEL))
		throw new TensorError(
			"shape",
			`quantisedMatmul: N ${N} wants ${Math.ceil(N / PANEL)} panels, got ${words.shape[0]}`,
		);
	if (K > GREATEST_K)
		throw new TensorError("shape", `quantisedMatmul: K is ${K}; beyond ${GREATEST_K} a sum might not fit 32 bits`);
	return node(matmulOperation, [x, words, scales], [x.shape[0]!, N]);
}

/** Rows `ids` (i32 [count]) of a table of K columns → [count, K]: int8 · scale. The caller checks the ids. */
export function quantisedGather(words: Tensor, scales: Tensor, ids: Tensor, K: number): Tensor {
	requireWords("quantisedGather", words, scales, K);
	if (ids.dtype !== "i32" || ids.shape.length !== 1)
		throw new TensorError("dtype", "quantisedGather: ids must be i32 of shape [count]");
	return node(gatherOperation, [words, scales, ids], [ids.shape[0]!, K], { K });
}
