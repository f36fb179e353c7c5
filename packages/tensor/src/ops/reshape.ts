// Reads the same numbers under another shape; costs nothing.

import { TensorError } from "../errors.js";
import { node, type Operation, type Shape, sameShape, size, type Tensor } from "../graph/tensor.js";

const operation: Operation = {
	name: "reshape",
	derivative: (n, dy) => [reshape(dy, n.inputs[0]!.shape)],
	view: () => 0,
	reference: (_n, [x]) => x!,
};

/** x under a shape with as many elements. */
export function reshape(x: Tensor, shape: Shape): Tensor {
	if (sameShape(x.shape, shape)) return x;
	if (size(x.shape) !== size(shape)) {
		throw new TensorError(
			"shape",
			`reshape: [${x.shape}] has ${size(x.shape)} elements, [${shape}] has ${size(shape)}`,
		);
	}
	return node(operation, [x], shape, {}, x.dtype);
}
