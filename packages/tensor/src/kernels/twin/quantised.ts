// What int8 is here: rounding, scales and layout of weights; and twins of assembly/quantised.ts.
import { PANEL } from "./packed.js";

const f = Math.fround;
const LIMIT = 127;
/** Greatest K for which a sum of K products of ±127 fits 32 bits. */
export const GREATEST_K = Math.floor((2 ** 31 - 1) / (LIMIT * LIMIT));

/** Nearest whole number, halves to the even one. */
function nearestEven(x: number): number {
	const low = Math.floor(x);
	const rest = x - low;
	if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
	return low % 2 === 0 ? low : low + 1;
}

/**
 * A row in int8: scale = f32(greatest |x| / 127); q = x / scale in f32, held to ±127, to the nearest whole number, halves to even. All zero
 * where the scale is zero. A row that holds NaN has the scale NaN, one that holds infinity the scale infinity.
 */
export function quantiseRow(row: Float32Array): { scale: number; q: Int8Array } {
	let most = 0;
	for (const x of row) most = Number.isNaN(x) || Number.isNaN(most) ? Number.NaN : Math.max(most, Math.abs(x));
	const scale = f(most / LIMIT);
	const q = new Int8Array(row.length);
	if (scale !== 0)
		for (let k = 0; k < q.length; k++) {
			const v = f(row[k]! / scale);
			q[k] = Number.isNaN(v) ? 0 : nearestEven(Math.max(-LIMIT, Math.min(LIMIT, v)));
		}
	return { scale, q };
}

/** Weights in int8: words [⌈N/16⌉][⌈K/4⌉][16] of four int8 (k ascending, lowest byte first), a scale for each of ⌈N/16⌉·16 rows. */
export interface QuantisedWeights {
	readonly words: Int32Array;
	readonly scales: Float32Array;
}

/** W [N,K] with a scale of its own for each row; missing rows and places are zero. */
export function quantiseWeights(w: Float32Array, N: number, K: number): QuantisedWeights {
	const K4 = Math.ceil(K / 4);
	const rows = Math.ceil(N / PANEL) * PANEL;
	const words = new Int32Array(rows * K4);
	const bytes = new Int8Array(words.buffer);
	const scales = new Float32Array(rows);
	for (let n = 0; n < N; n++) {
		const { scale, q } = quantiseRow(w.subarray(n * K, (n + 1) * K));
		scales[n] = scale;
		const at = 4 * ((n - (n % PANEL)) * K4 + (n % PANEL));
		for (let k = 0; k < K; k++) bytes[at + 4 * PANEL * (k >> 2) + (k & 3)] = q[k]!;
	}
	return { words, scales };
}

/** int8 of row n of the table. */
export function quantisedRow(words: Int32Array, n: number, K: number): Int8Array {
	const K4 = Math.ceil(K / 4);
	const bytes = new Int8Array(words.buffer, words.byteOffset, words.byteLength);
	const at = 4 * ((n - (n % PANEL)) * K4 + (n % PANEL));
	return Int8Array.from({ length: K }, (_, k) => bytes[at + 4 * PANEL * (k >> 2) + (k & 3)]!);
}

/** x [M,K] · words → [M,N]: f32(Σ q·w) · (scale of the row · scale of the column), each product rounded. */
export function twinGemmQuantised(x: Float32Array, w: QuantisedWeights, M: number, N: number, K: number): Float32Array {
	const out = new Float32Array(M * N);
	const columns = Array.from({ length: N }, (_, n) => quantisedRow(w.words, n, K));
	for (let m = 0; m < M; m++) {
		const { scale, q } = quantiseRow(x.subarray(m * K, (m + 1) * K));
		columns.forEach((column, n) => {
			let sum = 0;
			for (let k = 0; k < K; k++) sum += q[k]! * column[k]!;
			out[m * N + n] = f(sum) * f(scale * w.scales[n]!);
		});
	}
	return out;
}

/** Rows of the table by id: f32(int8) · scale. */
export function twinGatherQuantised(w: QuantisedWeights, ids: Int32Array, K: number): Float32Array {
	const out = new Float32Array(ids.length * K);
	ids.forEach((id, i) => {
		quantisedRow(w.words, id, K).forEach((q, k) => {
			out[i * K + k] = q * w.scales[id]!;
		});
	});
	return out;
}
