// Matrix product, batched; the canonical GEMM adds over k in order with one accumulator per output.

import { TensorError } from "../errors.js";
import { node, numberAttribute, type Operation, requireF32, sameShape, size, type Tensor } from "../graph/tensor.js";
import { reshape } from "./reshape.js";
import { broadcastTo } from "./sum.js";

export interface MatmulOptions {
	/** a is stored [..., k, m]. */
	readonly transA?: boolean;
	/** b is stored [..., n, k]. */
	readonly transB?: boolean;
}

interface Dimensions {
	readonly batch: number;
	readonly m: number;
	readonly n: number;
	readonly k: number;
	readonly transA: boolean;
	readonly transB: boolean;
}

function dimensions(n: Tensor): Dimensions {
	const [a, b] = n.inputs as [Tensor, Tensor];
	const transA = numberAttribute(n, "transA") === 1;
	const transB = numberAttribute(n, "transB") === 1;
	const [m, k] = transA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
	return { batch: size(a.shape.slice(0, -2)), m, k, n: transB ? b.shape.at(-2)! : b.shape.at(-1)!, transA, transB };
}

const operation: Operation = {
	name: "matmul",
	derivative: (n, dy) => {
		const [a, b] = n.inputs as [Tensor, Tensor];
		const { transA, transB } = dimensions(n);
		if (!transA && !transB) return [matmul(dy, b, { transB: true }), matmul(a, dy, { transA: true })];
		if (!transA) return [matmul(dy, b), matmul(dy, a, { transA: true })];
		if (!transB) return [matmul(b, dy, { transB: true }), matmul(a, dy)];
		return [matmul(b, dy, { transA: true, transB: true }), matmul(dy, a, { transA: true, transB: true })];
	},
	flops: (n) => 2 * size(n.shape) * dimensions(n).k,
	scratchBytes: (kernels, n) => {
		const d = dimensions(n);
		return kernels.gemmScratchBytes(d.m, d.n, d.k);
	},
	bind: (kernels, node, { inputs, output, scratch }) => {
		const { batch, m, n, k, transA, transB } = dimensions(node);
		const [a, b] = inputs as [number, number];
		const [tA, tB] = [transA ? 1 : 0, transB ? 1 : 0];
		if (batch === 1) return () => kernels.gemm(a, b, output, m, n, k, tA, tB, scratch);
		return () => kernels.gemmBatch(a, b, output, batch, m * k, k * n, m * n, m, n, k, tA, tB, scratch);
	},
	reference: (node, [a, b]) => {
		const d = dimensions(node);
		const out = new Float64Array(d.batch * d.m * d.n);
		for (let z = 0; z < d.batch; z++) {
			for (let i = 0; i < d.m; i++) {
				for (let j = 0; j < d.n; j++) {
					let acc = 0;
					for (let k = 0; k < d.k; k++) {
						const x = a![z * d.m * d.k + (d.transA ? k * d.m + i : i * d.k + k)]!;
						acc += x * b![z * d.k * d.n + (d.transB ? j * d.k + k : k * d.n + j)]!;
					}
					out[(z * d.m + i) * d.n + j] = acc;
				}
			}
		}
		return out;
	},
};

/** a [..., m, k] · b [..., k, n] → [..., m, n]; leading axes equal, or absent on one side. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
	requireF32("matmul", a, b);
	const { transA = false, transB = false } = options;
	const say = `[${a.shape}]${transA ? "ᵀ" : ""} · [${b.shape}]${transB ? "ᵀ" : ""}`;
	if (a.shape.length < 2 || b.shape.length < 2) throw new TensorError("shape", `matmul: ${say}: both need two axes`);
	if (b.shape.length === 2 && a.shape.length > 2 && !transA) {
		const rows = size(a.shape.slice(0, -1));
		const flat = matmul(reshape(a, [rows, a.shape.at(-1)!]), b, options);
		return reshape(flat, [...a.shape.slice(0, -1), flat.shape[1]!]);
	}
	const lead = a.shape.length >= b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
	const left = broadcastTo(a, [...lead, ...a.shape.slice(-2)]);
	const right = broadcastTo(b, [...lead, ...b.shape.slice(-2)]);
	if (!sameShape(left.shape.slice(0, -2), right.shape.slice(0, -2)))
		throw new TensorError("shape", `matmul: ${say}: leading axes differ`);
	const [m, k] = transA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
	const [k2, n] = transB ? [b.shape.at(-1)!, b.shape.at(-2)!] : [b.shape.at(-2)!, b.shape.at(-1)!];
	if (k !== k2) throw new TensorError("shape", `matmul: ${say}: inner axes are ${k} and ${k2}, must be equal`);
	return node(operation, [left, right], [...lead, m, n], { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
}
