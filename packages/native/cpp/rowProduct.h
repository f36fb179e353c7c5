// A few rows times the transpose of a matrix that is read once, in place: squares of it are turned round in registers. For decoding.
#pragma once
#include "tile.h"

namespace ISA {

/** Rows that one pass over the matrix can serve. */
constexpr int FEW_ROWS = LANES == 16 ? 8 : 4;

/** c(m, 0..count-1) = Σ_k x[m·ldx + k]·w[n·ldw + k] for the `count` ≤ LANES rows n of w. */
template <int M, bool WHOLE>
static void rowSquares(const float* x, long ldx, const float* w, long ldw, int count, int K, float* c, long ldc) {
	vf sum[M];
	for (int m = 0; m < M; m++) sum[m] = vf{};
	int k = 0;
	for (; k + LANES <= K; k += LANES) {
		// Rows without gaps: the next ones are called, in the order they lie in, which sixteen streams at once would not let memory keep.
		if (ldw == K)
			for (int i = 0; i < LANES * LANES; i += CACHE_LINE) __builtin_prefetch(w + LANES * ldw + k * LANES + i);
		vf block[LANES];
		for (int i = 0; i < LANES; i++) block[i] = load(w + (WHOLE || i < count ? i : 0) * ldw + k);
		if (M == 1) {
			// Products first: then one vector of x serves all rows, and only sums wait for each other.
			vf xs = load(x + k);
			for (int i = 0; i < LANES; i++) block[i] = xs * block[i];
			transpose(block);
			for (int i = 0; i < LANES; i++) sum[0] = sum[0] + block[i];
		} else {
			transpose(block);
			for (int i = 0; i < LANES; i++)
				for (int m = 0; m < M; m++) sum[m] = sum[m] + splat(x[m * ldx + k + i]) * block[i];
		}
	}
	if (k < K) {
		alignas(64) float columns[LANES * LANES];
		vf block[LANES];
		for (int i = 0; i < LANES; i++) block[i] = loadPartial(w + (WHOLE || i < count ? i : 0) * ldw + k, K - k);
		transpose(block);
		for (int i = 0; i < LANES; i++) store(columns + i * LANES, block[i]);
		for (int i = 0; k < K; i++, k++)
			for (int m = 0; m < M; m++) sum[m] = sum[m] + splat(x[m * ldx + k]) * load(columns + i * LANES);
	}
	for (int m = 0; m < M; m++) {
		if (WHOLE) store(c + m * ldc, sum[m]);
		else storePartial(c + m * ldc, sum[m], count);
	}
}

template <int M>
static void rowProductOf(const float* x, long ldx, const float* w, long ldw, int N, int K, float* c, long ldc) {
	int n = 0;
	for (; n + LANES <= N; n += LANES) rowSquares<M, true>(x, ldx, w + n * ldw, ldw, LANES, K, c + n, ldc);
	if (n < N) rowSquares<M, false>(x, ldx, w + n * ldw, ldw, N - n, K, c + n, ldc);
}

/** c[M, N] = x[M, K]·wᵀ, w [N, K]; rows lie ldx, ldw and ldc apart; M ≤ FEW_ROWS. */
static inline void rowProduct(const float* x, long ldx, int M, const float* w, long ldw, int N, int K, float* c, long ldc) {
	switch (M) {
		case 1: return rowProductOf<1>(x, ldx, w, ldw, N, K, c, ldc);
		case 2: return rowProductOf<2>(x, ldx, w, ldw, N, K, c, ldc);
		case 3: return rowProductOf<3>(x, ldx, w, ldw, N, K, c, ldc);
		case 4: return rowProductOf<4>(x, ldx, w, ldw, N, K, c, ldc);
#ifdef __AVX512F__
		case 5: return rowProductOf<5>(x, ldx, w, ldw, N, K, c, ldc);
		case 6: return rowProductOf<6>(x, ldx, w, ldw, N, K, c, ldc);
		case 7: return rowProductOf<7>(x, ldx, w, ldw, N, K, c, ldc);
		case 8: return rowProductOf<8>(x, ldx, w, ldw, N, K, c, ldc);
#endif
	}
}

}  // namespace ISA
