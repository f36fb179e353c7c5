// exp, log, sin and cos on vectors: the operations of packages/tensor/src/kernels/assembly/math.ts, one for one, multiply then add.
#pragma once
#include "vec.h"

namespace ISA {

/** a·x + b with two roundings. */
INLINE vf step(vf a, vf x, float b) { return a * x + splat(b); }

/** Nearest integer, ties to even, for |x| < 2²². */
INLINE vf nearest(vf x) { return (x + splat(12582912.0f)) - splat(12582912.0f); }

/** Truncated; |x| < 2³¹, other lanes must be thrown away. */
INLINE vi truncated(vf x) { return __builtin_convertvector(x, vi); }

/** e·2ⁿ for whole n, |n| ≤ 150, rounded once: overflow reaches infinity, underflow the subnormals. */
INLINE vf timesPowerOf2(vf e, vf n) {
#ifdef __AVX512F__
	return (vf)_mm512_scalef_ps((__m512)e, (__m512)n);
#else
	// In two factors; the first product is exact.
	vi k = truncated(n);
	vi k1 = k >> 1;
	vi s1 = (k1 + splatInt(127)) << 23;
	vi s2 = ((k - k1) + splatInt(127)) << 23;
	return (e * floats(s1)) * floats(s2);
#endif
}

INLINE vf expOf(vf x) {
	vf t = atLeast(atMost(x, 89.0f), -104.0f);
	vf n = nearest(t * splat(1.4426950216293335f));
	vf r = t - n * splat(0.693145751953125f);
	r = r - n * splat(0.000001428606765330187f);
	vf q = step(splat(0.0013926392421126366f), r, 0.008363345637917519f);
	q = step(q, r, 0.04166655242443085f);
	q = step(q, r, 0.16666576266288757f);
	q = step(q, r, 0.5f);
	vf e = splat(1.0f) + (r + (r * r) * q);
	return timesPowerOf2(e, n);
}

INLINE vf logOf(vf x) {
	vi tiny = x < splat(1.1754943508222875e-38f);
	vf scaled = select(tiny, x * splat(8388608.0f), x);
	// Adding 1 − √½ in bits moves the exponent's boundary to √½, so that m lies in [√½, √2).
	vi shifted = bits(scaled) + splatInt(0x004afb0d);
	vi k = (shifted >> 23) - splatInt(127);
	k = k - (tiny & splatInt(23));
	vf m = floats((shifted & splatInt(0x007fffff)) + splatInt(0x3f3504f3));
	vf f = m - splat(1.0f);
	vf s = f / (f + splat(2.0f));
	vf z = s * s;
	vf q = step(splat(0.2333180457353592f), z, 0.2855077087879181f);
	q = step(q, z, 0.4000012278556824f);
	q = step(q, z, 0.6666666865348816f);
	vf h = (f * splat(0.5f)) * f;
	vf kf = __builtin_convertvector(k, vf);
	vf y = s * (h + z * q);
	y = y + kf * splat(0.000001428606765330187f);
	y = (y - h) + f;
	y = y + kf * splat(0.693145751953125f);
	y = select(x == splat(__builtin_inff()), splat(__builtin_inff()), y);
	y = select(x == splat(0.0f), splat(-__builtin_inff()), y);
	return select(x >= splat(0.0f), y, splat(__builtin_nanf("")));
}

/** sin(x + turn·π/2); |x| ≤ 65536, NaN beyond. */
INLINE vf sineOf(vf x, int turn) {
	vf size = floats(bits(x) & splatInt(0x7fffffff));
	vi inside = size <= splat(65536.0f);
	vf n = nearest(x * splat(0.6366197466850281f));
	vf r = x - n * splat(1.5703125f);
	r = r - n * splat(0.0004825592041015625f);
	r = r - n * splat(0.0000012665987014770508f);
	r = r - n * splat(9.92093629470503e-10f);
	vf z = r * r;
	vf s = step(splat(0.0000027249145659880014f), z, -0.00019840081222355366f);
	s = step(s, z, 0.008333331905305386f);
	s = step(s, z, -0.1666666716337204f);
	s = r + (r * z) * s;
	vf c = step(splat(-2.7300308147459873e-7f), z, 0.000024800594474072568f);
	c = step(c, z, -0.00138888880610466f);
	c = step(c, z, 0.0416666679084301f);
	c = (splat(1.0f) - z * splat(0.5f)) + (z * z) * c;
	vi q = truncated(n) + splatInt(turn);
	vi odd = (q & splatInt(1)) == splatInt(1);
	vi sign = (q & splatInt(2)) << 30;
	vf y = floats(bits(select(odd, c, s)) ^ sign);
	return select(inside, y, splat(__builtin_nanf("")));
}

/** exp of one number, with the lanes' bits. */
INLINE float expOne(float x) { return expOf(splat(x))[0]; }
/** log of one number, with the lanes' bits. */
INLINE float logOne(float x) { return logOf(splat(x))[0]; }

}  // namespace ISA
