// The additive mask of causal attention: 0 on and below the diagonal, a very negative finite number above.

import { node, type Operation, size, type Tensor } from "../graph/tensor.js";

const MASKED = -1e30;

function values(n: Tensor): Float64Array {
	const T = n.shape[0]!;
	const out = new Float64Array(size(n.shape));
	for (let i = 0; i < T; i++) out.fill(Math.fround(MASKED), i * T + i + 1, (i + 1) * T);
	return out;
}

const operation: Operation = {
	name: "causalMask",
	derivative: () => [],
	bind:
		(_kernels, n, { output }, memory) =>
		() =>
			new Float32Array(memory.buffer, output, size(n.shape)).set(values(n)),
	reference: (n) => values(n),
};

/** [T, T] */
export function causalMask(T: number): Tensor {
	return node(operation, [], [T, T]);
}
