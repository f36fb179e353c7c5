// Features as int8 with one scale a row: the unit vector times a fixed factor, so that an integer dot product is a cosine, exactly
// recomputable anywhere.

/** How many units of int8 one standard deviation of a unit vector's entry takes. */
const DEVIATION = 32;

/** int8 of x/‖x‖ · 32·√width, clamped to ±127; a zero vector gives zeros. Sums run in order in f64. */
export function quantise(x: Float32Array): Int8Array {
	let square = 0;
	for (const value of x) square += value * value;
	const out = new Int8Array(x.length);
	if (square === 0) return out;
	const factor = (DEVIATION * Math.sqrt(x.length)) / Math.sqrt(square);
	for (let i = 0; i < x.length; i++) out[i] = Math.max(-127, Math.min(127, Math.floor(x[i]! * factor + 0.5)));
	return out;
}

/** Σ aᵢ·bᵢ, exact. */
export function integerDot(a: Int8Array, b: Int8Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}
