// Products with a matrix that was packed once, for models that only generate: the bits of `matmul` with transB, and rows of the same table.
// Neither has a derivative; training uses `matmul` and `gather`.

import { TensorError } from "../errors.js";
import { node, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { PANEL, unpackPanels } from "../kernels/index.js";
import { requireIds } from "./requireIds.js";

const matmulOperation: Operation = {
	name: "panelMatmul",
	flops: (n) => 2 * size(n.shape) * n.inputs[0]!.shape[1]!,
	bind: (kernels, n, { inputs, output }) => {
		const [x, panels] = inputs as [number, number];
		const [M, N] = n.shape as readonly [number, number];
		const [P, K] = n.inputs[1]!.shape as readonly [number, number];
		return () => kernels.gemmPacked(x, panels, output, M, N, K, 0, P);
	},
	reference: (n, [x, panels]) => {
		const [M, N] = n.shape as readonly [number, number];
		const K = n.inputs[1]!.shape[1]!;
		const w = unpackPanels(panels!, N, K);
		const out = new Float64Array(M * N);
		for (let m = 0; m < M; m++)
			for (let j = 0; j < N; j++) for (let k = 0; k < K; k++) out[m * N + j]! += x![m * K + k]! * w[j * K + k]!;
		return out;
	},
};

const gatherOperation: Operation = {
	name: "panelGather",
	bind: (kernels, n, { inputs, output }, memory) => {
		const [panels, ids] = inputs as [number, number];
		const [count, K] = n.shape as readonly [number, number];
		const rows = PANEL * n.inputs[0]!.shape[0]!;
		return () => {
			requireIds("panelGather", memory, ids, count, rows);
			kernels.gatherPacked(panels, ids, output, count, K);
		};
	},
	reference: (n, [panels, ids]) => {
		const K = n.shape[1]!;
		const w = unpackPanels(panels!, panels!.length / K, K);
		return Float64Array.from([...ids!].flatMap((id) => [...w.subarray(id * K, (id + 1) * K)]));
	},
};

function requirePanels(name: string, panels: Tensor): void {
	requireF32(name, panels);
	if (panels.shape.length !== 3 || panels.shape[2] !== PANEL)
		throw new TensorError("shape", `${name}: panels must be [⌈N/${PANEL}⌉, K, ${PANEL}], got [${panels.shape}]`);
}

/** x [M, K], panels [⌈N/16⌉, K, 16] as `packPanels` makes them from [N, K] → [M, N]. */
export function panelMatmul(x: Tensor, panels: Tensor, N: number): Tensor {
	requireF32("panelMatmul", x);
	requirePanels("panelMatmul", panels);
	const [P, K] = panels.shape as readonly [number, number];
	if (x.shape.length !== 2 || x.shape[1] !== K || P !== Math.ceil(N / PANEL))
		throw new TensorError(
			"shape",
			`panelMatmul: x [${x.shape}], panels [${panels.shape}], N ${N}: want [M, K], [⌈N/16⌉, K, 16]`,
		);
	return node(matmulOperation, [x, panels], [x.shape[0]!, N]);
}

/** Rows `ids` (i32 [count]) of the table that was packed → [count, K]. Ids outside the panels throw `range`. */
export function panelGather(panels: Tensor, ids: Tensor): Tensor {
	requirePanels("panelGather", panels);
	if (ids.dtype !== "i32" || ids.shape.length !== 1)
		throw new TensorError("dtype", "panelGather: ids must be i32 of shape [count]");
	return node(gatherOperation, [panels, ids], [ids.shape[0]!, panels.shape[1]!]);
}
