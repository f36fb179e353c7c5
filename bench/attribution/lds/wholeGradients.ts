// Whole adapter gradients of texts at a state, as matrices of numbers, and what is made of two such: the ground that methods without
// compression stand on. Memory is texts × parameters, so this is for benches alone.

import { openAdapterGradients, type Reduction } from "@openledger/attribution";
import { type AdapterConfig, type Engine, makeBatch, type TokenRow, type TrainerState } from "@openledger/llm";

export interface GradientMatrix {
	readonly count: number;
	readonly width: number;
	/** f32 [count·width] */
	readonly values: Float32Array;
}

const AT_ONCE = 8;

/** Gradients of each text's summed loss; with `metric` "adam" multiplied by v^(−1/4), with "none" as they are. */
export function wholeGradients(
	engine: Engine,
	adapter: AdapterConfig,
	state: TrainerState,
	texts: readonly TokenRow[],
	metric: "none" | "adam",
): GradientMatrix {
	const ones = new Map([...state.second].map(([name, values]) => [name, new Float32Array(values.length).fill(1)]));
	const asItIs: Reduction = (g, name) => ({ [name]: g });
	const at = metric === "adam" ? state : { ...state, second: ones };
	const gradients = openAdapterGradients(engine, adapter, at, asItIs);
	const width = gradients.matrices.reduce((sum, { shape: [p, q] }) => sum + p * q, 0);
	const values = new Float32Array(texts.length * width);
	const order = texts.map((_, i) => i).sort((a, b) => texts[a]!.tokens.length - texts[b]!.tokens.length || a - b);
	try {
		for (let from = 0; from < order.length; from += AT_ONCE) {
			const part = order.slice(from, from + AT_ONCE);
			const outputs = gradients.reduce(
				makeBatch(
					part.map((i) => texts[i]!),
					engine.base.padding,
				),
			);
			part.forEach((i, row) => {
				let to = i * width;
				for (const { name, shape } of gradients.matrices) {
					const count = shape[0] * shape[1];
					values.set(outputs[name]!.subarray(row * count, (row + 1) * count), to);
					to += count;
				}
			});
		}
	} finally {
		gradients.close();
	}
	return { count: texts.length, width, values };
}

/** a·bᵀ [a.count][b.count], sums in f64. */
export function products(a: GradientMatrix, b: GradientMatrix): Float64Array[] {
	return Array.from({ length: a.count }, (_, i) => {
		const x = a.values.subarray(i * a.width, (i + 1) * a.width);
		return Float64Array.from({ length: b.count }, (_unused, j) => {
			const y = b.values.subarray(j * b.width, (j + 1) * b.width);
			let [s0, s1, s2, s3] = [0, 0, 0, 0];
			let k = 0;
			for (; k + 3 < x.length; k += 4) {
				s0 += x[k]! * y[k]!;
				s1 += x[k + 1]! * y[k + 1]!;
				s2 += x[k + 2]! * y[k + 2]!;
				s3 += x[k + 3]! * y[k + 3]!;
			}
			for (; k < x.length; k++) s0 += x[k]! * y[k]!;
			return s0 + s1 + (s2 + s3);
		});
	});
}

/** Each row's numbers by another rule; the matrix itself is changed. */
export function mapRows(matrix: GradientMatrix, change: (value: number, place: number) => number): GradientMatrix {
	const { values, width } = matrix;
	for (let i = 0; i < values.length; i++) values[i] = change(values[i]!, i % width);
	return matrix;
}

/** Random signs P [width → k] applied to each row, divided by √k (Johnson–Lindenstrauss). */
export function projected(matrix: GradientMatrix, k: number, seed: number): GradientMatrix {
	const { count, width, values } = matrix;
	const out = new Float32Array(count * k);
	let bits = seed | 1;
	const scale = 1 / Math.sqrt(k);
	const signs = new Float32Array(k);
	for (let j = 0; j < width; j++) {
		for (let c = 0; c < k; c++) {
			// xorshift32: cheap, seeded, and no part of anything canonical.
			bits ^= bits << 13;
			bits ^= bits >>> 17;
			bits ^= bits << 5;
			signs[c] = bits & 0x8000 ? scale : -scale;
		}
		for (let i = 0; i < count; i++) {
			const x = values[i * width + j]!;
			if (x === 0) continue;
			for (let c = 0; c < k; c++) out[i * k + c]! += x * signs[c]!;
		}
	}
	return { count, width: k, values: out };
}

/** Solves (K + λI)·X = Bᵀ for symmetric K [n][n] and rows B [m][n]; returns X by rows of B. Cholesky. */
export function solveDamped(K: readonly Float64Array[], lambda: number, B: readonly Float64Array[]): Float64Array[] {
	const n = K.length;
	const L = K.map((row) => row.slice());
	for (let i = 0; i < n; i++) L[i]![i]! += lambda;
	for (let j = 0; j < n; j++)
		for (let i = j; i < n; i++) {
			let sum = L[i]![j]!;
			for (let k = 0; k < j; k++) sum -= L[i]![k]! * L[j]![k]!;
			L[i]![j] = i === j ? Math.sqrt(sum) : sum / L[j]![j]!;
		}
	return B.map((b) => {
		const x = b.slice();
		for (let i = 0; i < n; i++) {
			for (let k = 0; k < i; k++) x[i]! -= L[i]![k]! * x[k]!;
			x[i]! /= L[i]![i]!;
		}
		for (let i = n - 1; i >= 0; i--) {
			for (let k = i + 1; k < n; k++) x[i]! -= L[k]![i]! * x[k]!;
			x[i]! /= L[i]![i]!;
		}
		return x;
	});
}
