// Leaves of a graph: named inputs bound at run time, and constants.

import { type DType, node, numberAttribute, type Operation, type Shape, size, type Tensor } from "../graph/tensor.js";

export const inputOperation: Operation = { name: "input" };

/** A named leaf; `program.run` must be given a value of this shape and dtype. */
export function input(name: string, shape: Shape, dtype: DType = "f32"): Tensor {
	return node(inputOperation, [], shape, { name }, dtype);
}

export const constantOperation: Operation = {
	name: "constant",
	derivative: () => [],
	bind: (kernels, n, { output }) => {
		const [value, count] = [numberAttribute(n, "value"), size(n.shape)];
		return () => kernels.fill(output, value, count);
	},
	reference: (n) => new Float64Array(size(n.shape)).fill(numberAttribute(n, "value")),
};

/** A tensor filled with one number (rounded to f32). Shape `[]` is a scalar. */
export function constant(value: number, shape: Shape = []): Tensor {
	return node(constantOperation, [], shape, { value: Math.fround(value) });
}
