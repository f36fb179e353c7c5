// Twins of assembly/math.ts on one number: the same operations in the same order, each rounded to f32.

const f = Math.fround;
const floats = new Float32Array(1);
const ints = new Int32Array(floats.buffer);

function bitsOf(x: number): number {
	floats[0] = x;
	return ints[0]!;
}

function fromBits(bits: number): number {
	ints[0] = bits;
	return floats[0]!;
}

/** a·x + b with two roundings. */
function step(a: number, x: number, b: number): number {
	return f(f(a * x) + b);
}

/** Nearest integer, ties to even, for |x| < 2²². */
function nearest(x: number): number {
	return f(f(x + 12582912) - 12582912);
}

/** exp in f32, within 2 ulp; subnormal results are rounded once. */
export function twinExp(x: number): number {
	const t = Math.max(Math.min(x, 89), -104);
	const n = nearest(f(t * 1.4426950216293335));
	let r = f(t - f(n * 0.693145751953125));
	r = f(r - f(n * 0.000001428606765330187));
	let q = step(0.0013926392421126366, r, 0.008363345637917519);
	q = step(q, r, 0.04166655242443085);
	q = step(q, r, 0.16666576266288757);
	q = step(q, r, 0.5);
	const e = f(1 + f(r + f(f(r * r) * q)));
	const k = n | 0;
	const k1 = k >> 1;
	return f(f(e * fromBits((k1 + 127) << 23)) * fromBits((k - k1 + 127) << 23));
}

/** Natural logarithm in f32, within 2 ulp; −∞ at 0, NaN below. */
export function twinLog(x: number): number {
	if (!(x >= 0)) return Number.NaN;
	if (x === 0) return Number.NEGATIVE_INFINITY;
	if (x === Number.POSITIVE_INFINITY) return x;
	const tiny = x < 1.1754943508222875e-38;
	const shifted = (bitsOf(tiny ? f(x * 8388608) : x) + 0x004afb0d) | 0;
	const k = (shifted >> 23) - 127 - (tiny ? 23 : 0);
	const g = f(fromBits((shifted & 0x007fffff) + 0x3f3504f3) - 1);
	const s = f(g / f(g + 2));
	const z = f(s * s);
	let q = step(0.2333180457353592, z, 0.2855077087879181);
	q = step(q, z, 0.4000012278556824);
	q = step(q, z, 0.6666666865348816);
	const h = f(f(g * 0.5) * g);
	let y = f(s * f(h + f(z * q)));
	y = f(y + f(k * 0.000001428606765330187));
	y = f(f(y - h) + g);
	return f(y + f(k * 0.693145751953125));
}

function sine(x: number, turn: number): number {
	if (!(Math.abs(x) <= 65536)) return Number.NaN;
	const n = nearest(f(x * 0.6366197466850281));
	let r = f(x - f(n * 1.5703125));
	r = f(r - f(n * 0.0004825592041015625));
	r = f(r - f(n * 0.0000012665987014770508));
	r = f(r - f(n * 9.92093629470503e-10));
	const z = f(r * r);
	const q = (n | 0) + turn;
	let y: number;
	if (q & 1) {
		let c = step(-2.7300308147459873e-7, z, 0.000024800594474072568);
		c = step(c, z, -0.00138888880610466);
		c = step(c, z, 0.0416666679084301);
		y = f(f(1 - f(z * 0.5)) + f(f(z * z) * c));
	} else {
		let s = step(0.0000027249145659880014, z, -0.00019840081222355366);
		s = step(s, z, 0.008333331905305386);
		s = step(s, z, -0.1666666716337204);
		y = f(r + f(f(r * z) * s));
	}
	return q & 2 ? -y : y;
}

/** sin in f32, absolute error ≤ 2e-7 for |x| ≤ 8192; NaN beyond 65536. */
export function twinSin(x: number): number {
	return sine(x, 0);
}

/** cos in f32, absolute error ≤ 2e-7 for |x| ≤ 8192; NaN beyond 65536. */
export function twinCos(x: number): number {
	return sine(x, 1);
}
