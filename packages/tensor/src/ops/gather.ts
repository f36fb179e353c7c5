// gather (rows of a table by id) and its adjoint scatterAdd, in one file because each is the other's derivative.

import { TensorError } from "../errors.js";
import { node, type Operation, requireF32, size, type Tensor } from "../graph/tensor.js";
import { requireIds } from "./requireIds.js";

const gatherOperation: Operation = {
	name: "gather",
	derivative: (n, dy) => [scatterAdd(n.inputs[1]!, dy, n.inputs[0]!.shape[0]!), undefined],
	bind: (kernels, n, { inputs, output }, memory) => {
		const [table, ids] = inputs as [number, number];
		const [count, width] = n.shape as readonly [number, number];
		const rows = n.inputs[0]!.shape[0]!;
		return () => {
			requireIds("gather", memory, ids, count, rows);
			kernels.gatherRows(table, ids, output, count, width);
		};
	},
	reference: (n, [table, ids]) => {
		const [count, width] = [n.shape[0]!, n.shape[1]!];
		const out = new Float64Array(count * width);
		for (let i = 0; i < count; i++) out.set(table!.subarray(ids![i]! * width, (ids![i]! + 1) * width), i * width);
		return out;
	},
};

const scatterOperation: Operation = {
	name: "scatterAdd",
	derivative: (n, dy) => [undefined, gather(dy, n.inputs[0]!)],
	bind: (kernels, n, { inputs, output }, memory) => {
		const [ids, dy] = inputs as [number, number];
		const [all, count] = [size(n.shape), n.inputs[0]!.shape[0]!];
		const [rows, width] = n.shape as readonly [number, number];
		return () => {
			requireIds("scatterAdd", memory, ids, count, rows);
			kernels.fill(output, 0, all);
			kernels.scatterAddRows(ids, dy, output, count, width);
		};
	},
	reference: (n, [ids, dy]) => {
		const width = n.shape[1]!;
		const out = new Float64Array(size(n.shape));
		for (let i = 0; i < ids!.length; i++)
			for (let c = 0; c < width; c++) out[ids![i]! * width + c]! += dy![i * width + c]!;
		return out;
	},
};

function requireIdType(name: string, ids: Tensor): void {
	if (ids.dtype !== "i32" || ids.shape.length !== 1)
		throw new TensorError("dtype", `${name}: ids must be i32 of shape [count]`);
}

/** table [rows, width], ids i32 [count] → [count, width]. Ids must lie in [0, rows): a run with others throws `range`. */
export function gather(table: Tensor, ids: Tensor): Tensor {
	requireF32("gather", table);
	requireIdType("gather", ids);
	if (table.shape.length !== 2)
		throw new TensorError("shape", `gather: table must be [rows, width], got [${table.shape}]`);
	return node(gatherOperation, [table, ids], [ids.shape[0]!, table.shape[1]!]);
}

/** Adds dy [count, width] into zeros [rows, width] at ids, in order of count. */
export function scatterAdd(ids: Tensor, dy: Tensor, rows: number): Tensor {
	requireF32("scatterAdd", dy);
	requireIdType("scatterAdd", ids);
	return node(scatterOperation, [ids, dy], [rows, dy.shape[1]!]);
}
