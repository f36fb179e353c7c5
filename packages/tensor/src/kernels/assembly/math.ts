// exp, log, sin and cos on four f32 lanes: own polynomials (scripts/fit-polynomials.mjs), multiply then add, no branches.
// The twin is ../twin/math.ts, operation for operation. Every lane is independent, so a padded lane gives a scalar's bits.

/** a·x + b with two roundings. */
// @ts-ignore: decorator
@inline
function step(a: v128, x: v128, b: f32): v128 {
	return f32x4.add(f32x4.mul(a, x), f32x4.splat(b));
}

/** Nearest integer, ties to even, for |x| < 2²². */
// @ts-ignore: decorator
@inline
function nearest(x: v128): v128 {
	return f32x4.sub(f32x4.add(x, f32x4.splat(12582912)), f32x4.splat(12582912));
}

// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
	let t = v128.bitselect(f32x4.splat(89), x, f32x4.gt(x, f32x4.splat(89)));
	t = v128.bitselect(f32x4.splat(-104), t, f32x4.lt(t, f32x4.splat(-104)));
	const n = nearest(f32x4.mul(t, f32x4.splat(1.4426950216293335)));
	let r = f32x4.sub(t, f32x4.mul(n, f32x4.splat(0.693145751953125)));
	r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(0.000001428606765330187)));
	let q = step(f32x4.splat(0.0013926392421126366), r, 0.008363345637917519);
	q = step(q, r, 0.04166655242443085);
	q = step(q, r, 0.16666576266288757);
	q = step(q, r, 0.5);
	const e = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), q)));
	// 2ⁿ in two factors: overflow reaches infinity and underflow rounds once, into the subnormals.
	const k = i32x4.trunc_sat_f32x4_s(n);
	const k1 = i32x4.shr_s(k, 1);
	const s1 = i32x4.shl(i32x4.add(k1, i32x4.splat(127)), 23);
	const s2 = i32x4.shl(i32x4.add(i32x4.sub(k, k1), i32x4.splat(127)), 23);
	return f32x4.mul(f32x4.mul(e, s1), s2);
}

// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
	const tiny = f32x4.lt(x, f32x4.splat(1.1754943508222875e-38));
	const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
	// Adding 1 − √½ in bits moves the exponent's boundary to √½, so that m lies in [√½, √2).
	const shifted = i32x4.add(scaled, i32x4.splat(0x004afb0d));
	let k = i32x4.sub(i32x4.shr_s(shifted, 23), i32x4.splat(127));
	k = i32x4.sub(k, v128.and(tiny, i32x4.splat(23)));
	const m = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
	const f = f32x4.sub(m, f32x4.splat(1));
	const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
	const z = f32x4.mul(s, s);
	let q = step(f32x4.splat(0.2333180457353592), z, 0.2855077087879181);
	q = step(q, z, 0.4000012278556824);
	q = step(q, z, 0.6666666865348816);
	const h = f32x4.mul(f32x4.mul(f, f32x4.splat(0.5)), f);
	const kf = f32x4.convert_i32x4_s(k);
	let y = f32x4.mul(s, f32x4.add(h, f32x4.mul(z, q)));
	y = f32x4.add(y, f32x4.mul(kf, f32x4.splat(0.000001428606765330187)));
	y = f32x4.add(f32x4.sub(y, h), f);
	y = f32x4.add(y, f32x4.mul(kf, f32x4.splat(0.693145751953125)));
	y = v128.bitselect(f32x4.splat(<f32>Infinity), y, f32x4.eq(x, f32x4.splat(<f32>Infinity)));
	y = v128.bitselect(f32x4.splat(-(<f32>Infinity)), y, f32x4.eq(x, f32x4.splat(0)));
	return v128.bitselect(y, f32x4.splat(<f32>NaN), f32x4.ge(x, f32x4.splat(0)));
}

/** sin(x + turn·π/2); |x| ≤ 65536, NaN beyond, where f32 has no phase left to speak of. */
// @ts-ignore: decorator
@inline
function sine4(x: v128, turn: i32): v128 {
	const inside = f32x4.le(f32x4.abs(x), f32x4.splat(65536));
	const n = nearest(f32x4.mul(x, f32x4.splat(0.6366197466850281)));
	// The first three parts of π/2 have 8 bits each, so their products with n (17 bits) are exact.
	let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(1.5703125)));
	r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(0.0004825592041015625)));
	r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(0.0000012665987014770508)));
	r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(9.92093629470503e-10)));
	const z = f32x4.mul(r, r);
	let s = step(f32x4.splat(0.0000027249145659880014), z, -0.00019840081222355366);
	s = step(s, z, 0.008333331905305386);
	s = step(s, z, -0.1666666716337204);
	s = f32x4.add(r, f32x4.mul(f32x4.mul(r, z), s));
	let c = step(f32x4.splat(-2.7300308147459873e-7), z, 0.000024800594474072568);
	c = step(c, z, -0.00138888880610466);
	c = step(c, z, 0.0416666679084301);
	c = f32x4.add(f32x4.sub(f32x4.splat(1), f32x4.mul(z, f32x4.splat(0.5))), f32x4.mul(f32x4.mul(z, z), c));
	const q = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(turn));
	const odd = i32x4.eq(v128.and(q, i32x4.splat(1)), i32x4.splat(1));
	const sign = i32x4.shl(v128.and(q, i32x4.splat(2)), 30);
	const y = v128.xor(v128.bitselect(c, s, odd), sign);
	return v128.bitselect(y, f32x4.splat(<f32>NaN), inside);
}

// @ts-ignore: decorator
@inline
export function sin4(x: v128): v128 {
	return sine4(x, 0);
}

// @ts-ignore: decorator
@inline
export function cos4(x: v128): v128 {
	return sine4(x, 1);
}

/** exp of one number, with the lanes' bits. */
// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
	return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** log of one number, with the lanes' bits. */
// @ts-ignore: decorator
@inline
export function log1(x: f32): f32 {
	return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}
