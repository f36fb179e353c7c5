// The curvature that an answer's feature is divided by: the inverse of the rows' damped empirical Fisher, from committed features alone.
// (Influence functions, Koh & Liang 2017; empirical Fisher by Woodbury's identity over rows.)

import { drawPermutation } from "@openledger/tensor";
import { type FeatureRows, featureNumbers } from "../features/index.js";
import { quantiseQuery } from "./quantiseFeature.js";

/** Rows that stand for the whole, at most. */
export const LANDMARKS = 1024;
const PURPOSE_LANDMARKS = 0x9e3;
/** Damping, in the mean square of a landmark's feature. */
const DAMPING = 1;

export interface QueryMetric {
	/** The int8 query of an answer's whitened feature x [width]: x − Lᵀ·(λI + L·Lᵀ)⁻¹·L·x, rounded. */
	query(x: Float64Array): Int8Array;
}

/** Rows whose features make the metric: those learnt from, at most LANDMARKS of them drawn by the seed, in ascending order. */
export function landmarkRows(features: Pick<FeatureRows, "scales" | "rows">, seed: number): number[] {
	const learnt = Array.from({ length: features.rows }, (_, row) => row).filter((row) => features.scales[row] !== 0);
	if (learnt.length <= LANDMARKS) return learnt;
	return [...drawPermutation({ seed, purpose: PURPOSE_LANDMARKS, step: 0 }, learnt.length)]
		.slice(0, LANDMARKS)
		.map((place) => learnt[place]!)
		.sort((a, b) => a - b);
}

/** Opens the metric of these rows. Work: landmarks² · width once, landmarks · width an answer. */
export function createQueryMetric(features: FeatureRows, landmarks: readonly number[]): QueryMetric {
	const count = landmarks.length;
	const numbers = landmarks.map((row) => featureNumbers(features, row));
	const scales = landmarks.map((row) => features.scales[row]!);
	const factor = cholesky(damped(gram(numbers, scales), count), count);
	return {
		query(x) {
			const y = Float64Array.from({ length: count }, (_, i) => {
				const own = numbers[i]!;
				let sum = 0;
				for (let j = 0; j < own.length; j++) sum += own[j]! * x[j]!;
				return sum * scales[i]!;
			});
			solve(factor, count, y);
			const out = x.slice();
			for (let i = 0; i < count; i++) {
				const own = numbers[i]!;
				const weight = y[i]! * scales[i]!;
				for (let j = 0; j < own.length; j++) out[j]! -= weight * own[j]!;
			}
			return quantiseQuery(out);
		},
	};
}

/** L·Lᵀ, exact: integers below 2⁵³. */
function gram(numbers: readonly Int8Array[], scales: readonly number[]): Float64Array {
	const n = numbers.length;
	const out = new Float64Array(n * n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			const [a, b] = [numbers[i]!, numbers[j]!];
			let sum = 0;
			for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
			out[i * n + j] = sum * scales[i]! * scales[j]!;
		}
	}
	return out;
}

function damped(K: Float64Array, n: number): Float64Array {
	let trace = 0;
	for (let i = 0; i < n; i++) trace += K[i * n + i]!;
	const damping = (DAMPING * trace) / Math.max(1, n);
	for (let i = 0; i < n; i++) K[i * n + i]! += damping;
	return K;
}

/** Lower factor of the lower half of K, in place. */
function cholesky(K: Float64Array, n: number): Float64Array {
	for (let j = 0; j < n; j++) {
		for (let i = j; i < n; i++) {
			let sum = K[i * n + j]!;
			for (let k = 0; k < j; k++) sum -= K[i * n + k]! * K[j * n + k]!;
			K[i * n + j] = i === j ? Math.sqrt(sum) : sum / K[j * n + j]!;
		}
	}
	return K;
}

/** Solves L·Lᵀ·x = y in place. */
function solve(L: Float64Array, n: number, y: Float64Array): void {
	for (let i = 0; i < n; i++) {
		let sum = y[i]!;
		for (let k = 0; k < i; k++) sum -= L[i * n + k]! * y[k]!;
		y[i] = sum / L[i * n + i]!;
	}
	for (let i = n - 1; i >= 0; i--) {
		let sum = y[i]!;
		for (let k = i + 1; k < n; k++) sum -= L[k * n + i]! * y[k]!;
		y[i] = sum / L[i * n + i]!;
	}
}
