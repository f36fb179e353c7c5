// For tests and benches only: kernels over a fresh memory, arrays placed in it, and inputs that are hard on arithmetic.
import { createKernels } from "./createKernels.js";
import type { Kernels } from "./kernels.js";

export interface Arena {
	readonly kernels: Kernels;
	/** Copies an array in; returns its byte offset. */
	put(values: Float32Array | Int32Array): number;
	/** Reserves bytes filled with a NaN pattern; returns their byte offset. */
	reserve(bytes: number): number;
	/** A copy of n floats. */
	read(pointer: number, n: number): Float32Array;
	/** Frees everything put and reserved. */
	reset(): void;
}

let kernelsOver: (memory: WebAssembly.Memory) => Kernels = (memory) => createKernels(memory);

/** Lets the arenas that this test file makes from now on have other kernels: the tests of these kernels are a conformance suite for them. */
export function testKernels(over: (memory: WebAssembly.Memory) => Kernels): void {
	kernelsOver = over;
}

export function createArena(megabytes = 16): Arena {
	const memory = new WebAssembly.Memory({ initial: megabytes * 16 });
	const kernels = kernelsOver(memory);
	let top = 1024;
	const take = (bytes: number): number => {
		const at = top;
		// A gap of 64 bytes, so that a write past the end shows up as a changed guard and not as a neighbour's value.
		top = (top + bytes + 64 + 15) & ~15;
		if (top > memory.buffer.byteLength) throw new RangeError(`arena of ${megabytes} MiB is full; ask for a larger one`);
		return at;
	};
	return {
		kernels,
		put(values) {
			const at = take(values.byteLength);
			const Type = values instanceof Int32Array ? Int32Array : Float32Array;
			new Type(memory.buffer, at, values.length).set(values);
			return at;
		},
		reserve(bytes) {
			const at = take(bytes);
			new Uint8Array(memory.buffer, at, bytes + 64).fill(0xff);
			return at;
		},
		read: (pointer, n) => new Float32Array(memory.buffer.slice(pointer, pointer + 4 * n)),
		reset() {
			top = 1024;
		},
	};
}

/** Deterministic numbers in [0, 1). */
export function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export type Flavour = "plain" | "hard" | "huge";

/** n numbers: plain in ±2; hard mixes subnormals, ±0, cancelling pairs and wide exponents; huge reaches overflow. */
export function numbers(n: number, seed: number, flavour: Flavour = "plain"): Float32Array {
	const random = generator(seed);
	const out = new Float32Array(n);
	for (let i = 0; i < n; i++) {
		const x = 4 * random() - 2;
		const kind = flavour === "plain" ? -1 : Math.floor(random() * (flavour === "huge" ? 8 : 6));
		if (kind === 0) out[i] = x * 1e-39;
		else if (kind === 1) out[i] = x < 0 ? -0 : 0;
		else if (kind === 2 && i > 0) out[i] = -out[i - 1]! * (1 + 2 ** -22);
		else if (kind === 3) out[i] = x * 2 ** Math.floor(40 * random() - 20);
		else if (kind === 6) out[i] = x * 1e38;
		else if (kind === 7) out[i] = x * 1e-44;
		else out[i] = x;
	}
	return out;
}

/** Index of the first element whose bits differ (any NaN equals any NaN), or -1. */
export function firstDifference(actual: Float32Array, expected: Float32Array): number {
	if (actual.length !== expected.length) return 0;
	return actual.findIndex((x, i) => !Object.is(x, expected[i]));
}
