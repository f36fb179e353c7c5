// Ids as rows of zeros with a single one; used where a fused loss is written out.

import { node, type Operation, size, type Tensor } from "../graph/tensor.js";

const operation: Operation = {
	name: "oneHot",
	derivative: () => [undefined],
	execute: (kernels, n, at, memory) => {
		kernels.fill(at.output, 0, size(n.shape));
		const ids = new Int32Array(memory.buffer, at.inputs[0]!, n.shape[0]!);
		const out = new Float32Array(memory.buffer, at.output, size(n.shape));
		for (let row = 0; row < ids.length; row++) out[row * n.shape[1]! + ids[row]!] = 1;
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
