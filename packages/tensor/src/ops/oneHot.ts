// Ids as rows of zeros with a single one; used where a fused loss is written out.

import { node, type Operation, size, type Tensor } from "../graph/tensor.js";

const operation: Operation = {
	name: "oneHot",
	derivative: () => [undefined],
	bind: (kernels, n, { inputs, output }, memory) => {
		const [from] = inputs as [number];
		const [rows, width] = n.shape as readonly [number, number];
		return () => {
			kernels.fill(output, 0, rows * width);
			const ids = new Int32Array(memory.buffer, from, rows);
			const out = new Float32Array(memory.buffer, output, rows * width);
			for (let row = 0; row < rows; row++) out[row * width + ids[row]!] = 1;
		};
	},
	reference: (n, [ids]) => {
		const out = new Float64Array(size(n.shape));
		for (let row = 0; row < ids!.length; row++) out[row * n.shape[1]! + ids![row]!] = 1;
		return out;
	},
};

/** ids i32 [rows] → [rows, width] */
export function oneHot(ids: Tensor, width: number): Tensor {
	return node(operation, [ids], [ids.shape[0]!, width]);
}
