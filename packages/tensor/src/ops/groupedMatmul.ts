// Rows times a matrix of their slot's own, for adapters that serve side by side. For decoding: it has no derivative.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { readSegments, requireSegments, type Segment, segmentsOf } from "./segments.js";

/** The segments that have a matrix. Throws where one wants a place behind the stack's last. */
function placed(segments: readonly Segment[], places: number): Segment[] {
	return segments.filter(({ place }) => {
		if (place >= places) throw new TensorError("shape", `groupedMatmul: place ${place}; the stack has ${places}`);
		return place >= 0;
	});
}

const operation: Operation = {
	name: "groupedMatmul",
	flops: (n) => 2 * size(n.shape) * n.inputs[0]!.shape[1]!,
	scratchBytes: (kernels, n) => kernels.gemmScratchBytes(n.shape[0]!, n.shape[1]!, n.inputs[0]!.shape[1]!),
	bind: (kernels, n, { inputs, output, scratch }, memory) => {
		const [R, N] = n.shape as readonly [number, number];
		const [P, , K] = n.inputs[1]!.shape as readonly [number, number, number];
		const [x, stack, table] = inputs as [number, number, number];
		const slots = n.inputs[2]!.shape[0]!;
		const rest = numberAttribute(n, "rest");
		return () => {
			kernels.fill(output, rest, R * N);
			for (const { first, count, place } of placed(readSegments("groupedMatmul", memory, table, slots, R), P)) {
				const [from, matrix, out] = [x + 4 * first * K, stack + 4 * place * N * K, output + 4 * first * N];
				kernels.gemm(from, matrix, out, count, N, K, 0, 1, scratch);
			}
		};
	},
	reference: (n, [x, stack, table]) => {
		const [R, N] = n.shape as readonly [number, number];
		const [P, , K] = n.inputs[1]!.shape as readonly [number, number, number];
		const out = new Float64Array(R * N).fill(Math.fround(numberAttribute(n, "rest")));
		for (const { first, count, place } of placed(segmentsOf("groupedMatmul", table!, R), P)) {
			for (let r = first; r < first + count; r++) {
				for (let j = 0; j < N; j++) {
					let sum = 0;
					for (let k = 0; k < K; k++) sum += x![r * K + k]! * stack![(place * N + j) * K + k]!;
					out[r * N + j] = sum;
				}
			}
		}
		return out;
	},
};

/**
 * x [R, K], stack [places, N, K], segments i32 [slots, 4] → [R, N]: each slot's rows times the transpose of the matrix at its place, with
 * the bits of `matmul`; rows without one get `rest` (−0 is what adding leaves every number as it is).
 */
export function groupedMatmul(x: Tensor, stack: Tensor, segments: Tensor, rest = -0): Tensor {
	requireF32("groupedMatmul", x, stack);
	requireSegments("groupedMatmul", segments);
	const [R, K] = x.shape as readonly [number, number];
	if (x.shape.length !== 2 || stack.shape.length !== 3 || stack.shape[2] !== K)
		throw new TensorError(
			"shape",
			`groupedMatmul: x [${x.shape}], stack [${stack.shape}]: want [R, K] and [places, N, K]`,
		);
	return node(operation, [x, stack, segments], [R, stack.shape[1]!], { rest });
}
