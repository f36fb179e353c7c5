// The slow truth: evaluates a graph in f64 with plain loops. Fused ops are evaluated through their lowering.

import { TensorError } from "../errors.js";
import { size, type Tensor } from "../graph/tensor.js";

export type ReferenceFeeds = Readonly<Record<string, ArrayLike<number>>>;

/** Values of `outputs` in f64, given every input by name. Meant for tests: nothing here is fast. */
export function evaluateReference(outputs: readonly Tensor[], feeds: ReferenceFeeds): Float64Array[] {
	const values = new Map<Tensor, Float64Array>();
	const evaluate = (n: Tensor): Float64Array => {
		const known = values.get(n);
		if (known !== undefined) return known;
		const value = compute(n);
		values.set(n, value);
		return value;
	};
	const compute = (n: Tensor): Float64Array => {
		if (n.op.name === "input") {
			const feed = feeds[n.attributes.name as string];
			if (feed === undefined || feed.length !== size(n.shape)) {
				throw new TensorError(
					"missing-input",
					`evaluateReference: input ${n.attributes.name} wants ${size(n.shape)} numbers`,
				);
			}
			return Float64Array.from(feed);
		}
		if (n.op.lower !== undefined) return evaluate(n.op.lower(n));
		if (n.op.reference === undefined)
			throw new TensorError("attribute", `evaluateReference: op ${n.op.name} has no reference`);
		return n.op.reference(n, n.inputs.map(evaluate));
	};
	return outputs.map(evaluate);
}
