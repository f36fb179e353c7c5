// exp, log, sin, cos in f64 from +, −, ×, ÷ and powers of two alone, so every JavaScript engine gives the same bits.
// For tables and schedules; the kernels have their own f32 polynomials. Relative error below 1e-14 on the ranges stated.

const LN2_HIGH = 0.6931471803691238; // 33 bits, so k·LN2_HIGH is exact for |k| < 2^20
const LN2_LOW = 1.9082149292705877e-10;
const HALF_PI_HIGH = 1.5707963267341256; // 33 bits
const HALF_PI_LOW = 6.077100506506192e-11;

function scaleByPowerOfTwo(x: number, k: number): number {
	let out = x;
	let left = k;
	for (; left > 0; left--) out *= 2;
	for (; left < 0; left++) out *= 0.5;
	return out;
}

/** eˣ for |x| ≤ 700. */
export function canonicalExp(x: number): number {
	const k = Math.round(x / (LN2_HIGH + LN2_LOW));
	const r = x - k * LN2_HIGH - k * LN2_LOW;
	let sum = 1;
	for (let n = 16; n >= 1; n--) sum = 1 + (sum * r) / n;
	return scaleByPowerOfTwo(sum, k);
}

/** ln x for finite x > 0. */
export function canonicalLog(x: number): number {
	if (!(x > 0) || x === Number.POSITIVE_INFINITY)
		throw new RangeError(`canonicalLog: ${x} must be positive and finite`);
	let m = x;
	let k = 0;
	for (; m > Math.SQRT2; k++) m *= 0.5;
	for (; m < Math.SQRT1_2; k--) m *= 2;
	const s = (m - 1) / (m + 1);
	const z = s * s;
	let sum = 0;
	for (let n = 27; n >= 1; n -= 2) sum = sum * z + 1 / n;
	return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW);
}

/** xʸ for x > 0. */
export function canonicalPow(x: number, y: number): number {
	return canonicalExp(y * canonicalLog(x));
}

function sinAndCos(x: number): [number, number] {
	const k = Math.round(x / (HALF_PI_HIGH + HALF_PI_LOW));
	const r = x - k * HALF_PI_HIGH - k * HALF_PI_LOW;
	const z = r * r;
	let s = 1;
	for (let n = 18; n >= 2; n -= 2) s = 1 - (s * z) / (n * (n + 1));
	let c = 1;
	for (let n = 17; n >= 1; n -= 2) c = 1 - (c * z) / (n * (n + 1));
	s *= r;
	const quadrant = ((k % 4) + 4) % 4;
	if (quadrant === 0) return [s, c];
	if (quadrant === 1) return [c, -s];
	if (quadrant === 2) return [-s, -c];
	return [-c, s];
}

/** sin x for |x| ≤ 1e6 (absolute error below 1e-13). */
export function canonicalSin(x: number): number {
	return sinAndCos(x)[0];
}

/** cos x for |x| ≤ 1e6 (absolute error below 1e-13). */
export function canonicalCos(x: number): number {
	return sinAndCos(x)[1];
}
