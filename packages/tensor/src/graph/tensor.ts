// A program is a graph of these nodes. A node knows its op, inputs and static shape; it holds no numbers.

import { TensorError } from "../errors.js";
import type { Kernels } from "../kernels/index.js";

export type DType = "f32" | "i32";
export type Shape = readonly number[];
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

export interface Tensor {
	readonly op: Operation;
	readonly inputs: readonly Tensor[];
	readonly shape: Shape;
	readonly dtype: DType;
	readonly attributes: Attributes;
	/** Nodes are numbered as they are made; a graph runs in that order. */
	readonly serial: number;
}

/** Where the executor placed a node's operands: byte offsets into WASM memory. */
export interface Placement {
	readonly inputs: readonly number[];
	readonly output: number;
	readonly scratch: number;
}

/** What an op must say about itself. Its forward and derivative stand together in its file. */
export interface Operation {
	readonly name: string;
	/** Vector–Jacobian product as a graph; `undefined` where no gradient flows. */
	readonly derivative?: (node: Tensor, dy: Tensor) => readonly (Tensor | undefined)[];
	/**
	 * The kernel call at these places: shapes and attributes are read here, once, and what is returned is run any number of times.
	 * Absent for inputs and views. The memory may grow between runs, so its buffer is looked at in the call.
	 */
	readonly bind?: (kernels: Kernels, node: Tensor, at: Placement, memory: WebAssembly.Memory) => () => void;
	readonly scratchBytes?: (kernels: Kernels, node: Tensor) => number;
	/** Additions and multiplications; absent where it is one an element. */
	readonly flops?: (node: Tensor) => number;
	/** The output is the first input's bytes, from this byte offset on. */
	readonly view?: (node: Tensor) => number;
	/** Inputs whose place the output may take where they are read for the last time and are as large. */
	readonly inPlace?: readonly number[];
	/** Inputs that the step writes over, inputs of the program too: it runs after all others, once they gave finite numbers. */
	readonly updates?: readonly number[];
	/** The slow truth in f64, for primitives. */
	readonly reference?: (node: Tensor, inputs: readonly Float64Array[]) => Float64Array;
	/** The composition of primitives a fused op is held to, and differentiated through a second time. */
	readonly lower?: (node: Tensor) => Tensor;
}

export function size(shape: Shape): number {
	let n = 1;
	for (const d of shape) n *= d;
	return n;
}

export function sameShape(a: Shape, b: Shape): boolean {
	return a.length === b.length && a.every((d, i) => d === b[i]);
}

export function strides(shape: Shape): number[] {
	const out = new Array<number>(shape.length);
	let step = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		out[i] = step;
		step *= shape[i]!;
	}
	return out;
}

const MAX_ELEMENTS = 2 ** 29;
let made = 0;

/** Makes a node; every op's builder ends here. */
export function node(
	op: Operation,
	inputs: readonly Tensor[],
	shape: Shape,
	attributes: Attributes = {},
	dtype: DType = "f32",
): Tensor {
	for (const d of shape) {
		if (!Number.isSafeInteger(d) || d < 1) {
			throw new TensorError("shape", `${op.name}: shape [${shape}] must hold positive whole numbers`);
		}
	}
	if (size(shape) > MAX_ELEMENTS) {
		throw new TensorError("shape", `${op.name}: shape [${shape}] has more than ${MAX_ELEMENTS} elements`);
	}
	return { op, inputs, shape, dtype, attributes, serial: made++ };
}

export function requireF32(opName: string, ...tensors: readonly Tensor[]): void {
	for (const t of tensors) {
		if (t.dtype !== "f32") throw new TensorError("dtype", `${opName}: wants f32, got ${t.dtype} from ${t.op.name}`);
	}
}

export function numberAttribute(node: Tensor, key: string): number {
	const value = node.attributes[key];
	if (typeof value !== "number")
		throw new TensorError("attribute", `${node.op.name}: attribute ${key} must be a number`);
	return value;
}

export function listAttribute(node: Tensor, key: string): readonly number[] {
	const value = node.attributes[key];
	if (!Array.isArray(value)) throw new TensorError("attribute", `${node.op.name}: attribute ${key} must be a list`);
	return value as readonly number[];
}
