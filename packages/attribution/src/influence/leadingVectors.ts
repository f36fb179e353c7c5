// Leading eigenvectors of symmetric matrices by subspace iteration with Gram–Schmidt (orthogonal iteration; Golub & Van Loan, 8.2.4).
// Products run on the machine; the rest is f64, + − × ÷ √ in a fixed order: the same bits everywhere.

import { compile, drawUint32, input, type Machine, matmul, type Program } from "@openledger/tensor";

const ITERATIONS = 3;
const PURPOSE = 0x9e1;
/** A vector this much shorter after the others are taken out of it is nothing but rounding. */
const NOTHING = 1e-10;

/** Finds leading vectors of many matrices; keeps one program for each size. */
export interface LeadingVectors {
	/**
	 * `count` orthonormal rows [count, n] that nearly span the leading eigenvectors of C [n, n], the largest first. Where C has a smaller rank,
	 * the rows beyond it are zero.
	 */
	of(C: Float32Array, n: number, count: number): Float32Array;
}

export function createLeadingVectors(machine: Machine, seed: number): LeadingVectors {
	const programs = new Map<string, Program<"product">>();
	function program(n: number, count: number): Program<"product"> {
		const key = `${n}×${count}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const compiled = compile(machine, { product: matmul(input("vectors", [count, n]), input("matrix", [n, n])) });
		programs.set(key, compiled);
		return compiled;
	}
	return {
		of(C, n, count) {
			const multiply = program(n, count);
			const matrix = machine.buffer([n, n], C);
			try {
				let vectors = signs(count * n, seed, n);
				for (let iteration = 0; iteration < ITERATIONS; iteration++)
					vectors = orthonormalised(multiply.run({ vectors, matrix }).product, count, n);
				return vectors;
			} finally {
				matrix.free();
			}
		},
	};
}

/** One sign for each bit drawn. */
function signs(count: number, seed: number, step: number): Float32Array {
	const out = new Float32Array(count);
	for (let word = 0; 32 * word < count; word++) {
		const bits = drawUint32({ seed, purpose: PURPOSE, step }, word);
		for (let i = 32 * word; i < Math.min(count, 32 * word + 32); i++) out[i] = (bits >>> (i & 31)) & 1 ? 1 : -1;
	}
	return out;
}

/** Rows made orthonormal one after another. */
function orthonormalised(rows: Float32Array, count: number, n: number): Float32Array {
	const V = Float64Array.from(rows);
	for (let v = 0; v < count; v++) {
		const own = V.subarray(v * n, (v + 1) * n);
		const before = dot(own, own);
		for (let u = 0; u < v; u++) {
			const other = V.subarray(u * n, (u + 1) * n);
			const part = dot(own, other);
			for (let j = 0; j < n; j++) own[j]! -= part * other[j]!;
		}
		const after = dot(own, own);
		const factor = after > NOTHING * before ? 1 / Math.sqrt(after) : 0;
		for (let j = 0; j < n; j++) own[j]! *= factor;
	}
	return Float32Array.from(V);
}

/** Four sums side by side, which are part of the definition: a processor need not wait for one addition before the next. */
function dot(a: Float64Array, b: Float64Array): number {
	const whole = a.length & ~3;
	let [s0, s1, s2, s3] = [0, 0, 0, 0];
	for (let i = 0; i < whole; i += 4) {
		s0 += a[i]! * b[i]!;
		s1 += a[i + 1]! * b[i + 1]!;
		s2 += a[i + 2]! * b[i + 2]!;
		s3 += a[i + 3]! * b[i + 3]!;
	}
	for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
	return s0 + s1 + (s2 + s3);
}
