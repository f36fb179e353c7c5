// Shared by the layout ops: calls the strided copy kernel, and its plain twin for the f64 reference.

import { TensorError } from "../errors.js";
import type { Kernels } from "../kernels/index.js";

export const STRIDED_SCRATCH_BYTES = 4 * 3 * 6;

/** Drops axes of length one and merges neighbours that step together, so that most copies become 2-D or flat. */
function merge(
	dims: readonly number[],
	from: readonly number[],
	to: readonly number[],
): [number[], number[], number[]] {
	const d: number[] = [];
	const f: number[] = [];
	const t: number[] = [];
	for (let i = 0; i < dims.length; i++) {
		if (dims[i] === 1) continue;
		const last = d.length - 1;
		if (last >= 0 && f[last] === from[i]! * dims[i]! && t[last] === to[i]! * dims[i]!) {
			d[last] = d[last]! * dims[i]!;
			f[last] = from[i]!;
			t[last] = to[i]!;
		} else {
			d.push(dims[i]!);
			f.push(from[i]!);
			t.push(to[i]!);
		}
	}
	return d.length === 0 ? [[1], [1], [1]] : [d, f, t];
}

/** A copy of dims elements from source to target, each with its own element strides (0 repeats). */
export function bindStrided(
	kernels: Kernels,
	memory: WebAssembly.Memory,
	scratch: number,
	source: number,
	target: number,
	dims: readonly number[],
	fromStrides: readonly number[],
	toStrides: readonly number[],
): () => void {
	const [d, f, t] = merge(dims, fromStrides, toStrides);
	if (d.length > 6) throw new TensorError("shape", `a strided copy takes at most 6 axes, got ${d.length}`);
	const params = Int32Array.from([...d, ...f, ...t]);
	return () => {
		new Int32Array(memory.buffer, scratch, params.length).set(params);
		kernels.copyStrided(source, target, d.length, scratch);
	};
}

/** The same copy over plain arrays. */
export function copyReference(
	source: Float64Array,
	target: Float64Array,
	dims: readonly number[],
	fromStrides: readonly number[],
	toStrides: readonly number[],
	toOffset = 0,
	fromOffset = 0,
): void {
	const index = new Array<number>(dims.length).fill(0);
	for (;;) {
		let from = fromOffset;
		let to = toOffset;
		for (let i = 0; i < dims.length; i++) {
			from += index[i]! * fromStrides[i]!;
			to += index[i]! * toStrides[i]!;
		}
		target[to] = source[from]!;
		let axis = dims.length - 1;
		while (axis >= 0 && ++index[axis]! === dims[axis]) index[axis--] = 0;
		if (axis < 0) return;
	}
}
