// Sums and maxima of one contiguous row, in the order of packages/tensor/src/kernels/twin/reduce.ts.
#pragma once
#include "math.h"

namespace ISA {

/** Strided-8 sum of term(i, r) over i = 0..n-1: vectors of LANES terms, of which the first r count; the others must be +0. */
template <class Term>
INLINE float sumStrided(int n, Term term) {
	v8 sum = splat8(0.0f);
	int i = 0;
	for (; i + LANES <= n; i += LANES) sum = addStrided(sum, term(i, LANES));
	if (i < n) sum = addStrided(sum, term(i, n - i));
	return sumTree(sum);
}

INLINE vf take(const float* p, int r) { return r == LANES ? load(p) : loadPartial(p, r); }
INLINE void put(float* p, vf v, int r) {
	if (r == LANES) store(p, v);
	else storePartial(p, v, r);
}

/** f(i, r) for vectors from..to-1: r lanes at i. */
template <class F>
INLINE void eachVector(int from, int to, F f) {
	int i = from;
	for (; i + LANES <= to; i += LANES) f(i, LANES);
	if (i < to) f(i, to - i);
}

/** v with its lanes from r on set to +0. */
INLINE vf firstLanes(vf v, int r) {
	const vi lanes = {
		0, 1, 2, 3, 4, 5, 6, 7,
#ifdef __AVX512F__
		8, 9, 10, 11, 12, 13, 14, 15,
#endif
	};
	return floats(bits(v) & (lanes < splatInt(r)));
}

/** The greater, b where they are equal or not comparable. */
INLINE vf greater(vf a, vf b) { return select(a > b, a, b); }

/** Greatest of n ≥ 1 finite numbers; a zero result is +0. The order is free: only zeros of two signs are equal, and adding +0 makes them one. */
INLINE float maxRow(const float* x, int n) {
	if (n < LANES) {
		float best = x[0];
		for (int i = 1; i < n; i++) best = x[i] > best ? x[i] : best;
		return best + 0.0f;
	}
	vf a = load(x);
	vf b = a;
	int i = LANES;
	for (; i + 2 * LANES <= n; i += 2 * LANES) {
		a = greater(load(x + i), a);
		b = greater(load(x + i + LANES), b);
	}
	for (; i + LANES <= n; i += LANES) a = greater(load(x + i), a);
	// The last vector may overlap the one before it.
	a = greater(load(x + n - LANES), greater(b, a));
	float best = a[0];
	for (int lane = 1; lane < LANES; lane++) best = a[lane] > best ? a[lane] : best;
	return best + 0.0f;
}

}  // namespace ISA
