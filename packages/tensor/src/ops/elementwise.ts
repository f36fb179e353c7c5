// Shared by the two-operand ops: one kernel, three modes (same shape, or either side a single number).

import { TensorError } from "../errors.js";
import { node, type Operation, requireF32, type Shape, sameShape, size, type Tensor } from "../graph/tensor.js";
import { broadcastTo, sumTo } from "./sum.js";

/** NumPy's common shape of two operands. */
function commonShape(name: string, a: Shape, b: Shape): number[] {
	const rank = Math.max(a.length, b.length);
	return Array.from({ length: rank }, (_, i) => {
		const x = a[i - (rank - a.length)] ?? 1;
		const y = b[i - (rank - b.length)] ?? 1;
		if (x !== y && x !== 1 && y !== 1) {
			throw new TensorError("shape", `${name}: [${a}] and [${b}] do not match; each axis must be equal or 1`);
		}
		return Math.max(x, y);
	});
}

/** Defines a two-operand op from its kernel number, its formula and its partial derivatives. */
export function binaryOperation(
	name: string,
	kernel: number,
	formula: (a: number, b: number) => number,
	partials: (n: Tensor, dy: Tensor) => readonly (Tensor | undefined)[],
): (a: Tensor, b: Tensor) => Tensor {
	const operation: Operation = {
		name,
		inPlace: [0, 1],
		derivative: (n, dy) => partials(n, dy).map((d, i) => d && sumTo(d, n.inputs[i]!.shape)),
		bind: (kernels, n, { inputs, output }) => {
			const count = size(n.shape);
			const [a, b] = inputs as [number, number];
			const [sizeA, sizeB] = [size(n.inputs[0]!.shape), size(n.inputs[1]!.shape)];
			const mode = sizeA === sizeB ? 0 : sizeB === 1 ? 1 : 2;
			return () => kernels.binary(kernel, a, b, output, count, mode);
		},
		reference: (n, [a, b]) => {
			const out = new Float64Array(size(n.shape));
			for (let i = 0; i < out.length; i++)
				out[i] = formula(a!.length === 1 ? a![0]! : a![i]!, b!.length === 1 ? b![0]! : b![i]!);
			return out;
		},
	};
	return (a, b) => {
		requireF32(name, a, b);
		const shape = commonShape(name, a.shape, b.shape);
		const fit = (x: Tensor) => (size(x.shape) === 1 || sameShape(x.shape, shape) ? x : broadcastTo(x, shape));
		return node(operation, [fit(a), fit(b)], shape);
	};
}

/** Defines a one-operand op from its kernel number, its formula and its derivative. */
export function unaryOperation(
	name: string,
	kernel: number,
	formula: (x: number) => number,
	partial: (n: Tensor, dy: Tensor) => Tensor,
): (x: Tensor) => Tensor {
	const operation: Operation = {
		name,
		inPlace: [0],
		derivative: (n, dy) => [partial(n, dy)],
		bind: (kernels, n, { inputs, output }) => {
			const [x] = inputs as [number];
			const count = size(n.shape);
			return () => kernels.unary(kernel, x, output, count);
		},
		reference: (_n, [x]) => x!.map(formula),
	};
	return (x) => {
		requireF32(name, x);
		return node(operation, [x], x.shape);
	};
}
