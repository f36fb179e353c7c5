// The register tile under gemm and attention, and the panels it reads: every output is one accumulator, multiply then add, k in order.
//
// A product has two sides. Elements of the one ("rows") are broadcast, one at a time, from wherever they lie; the other ("lanes") is read in
// vectors over its outer index, so it lies with that index contiguous, as it is or copied into panels.
#pragma once
#include "vec.h"

namespace ISA {

/** Rows and vectors of the largest tile: as many accumulators as registers allow. */
constexpr int TILE_ROWS = LANES == 16 ? 8 : 4;
constexpr int TILE_VECTORS = 3;
constexpr int TILE_LANES = TILE_VECTORS * LANES;
/** Floats of a cache line. */
constexpr int CACHE_LINE = 16;

/** One side of a product: element (i, k) lies at p[i·outer + k·inner]. */
struct Side {
	const float* p;
	long outer;
	long inner;
};

/** Where outputs go: (row i, lane j) at p[i·row + j·lane]; row or lane is 1. */
struct Target {
	float* p;
	long row;
	long lane;
};

/** What an accumulator begins at where nothing is taken up. */
alignas(64) static const float ZEROS[TILE_LANES] = {};

/**
 * C[R, V vectors] = (add ? C : 0) + Σ_k a(r, k)·b[k·ldb + lane], K ≥ 1; rows of C lie ldc apart. Unless WHOLE, only `last` lanes of the last vector
 * are C's; b has all of them. Without a branch between the first load and the last store, or compilers move accumulators through memory.
 */
template <int R, int V, bool WHOLE>
static void tile(const float* a, long outer, long inner, const float* b, long ldb, long K, float* c, long ldc, int last, bool add) {
	constexpr int END = (V - 1) * LANES;
	// C is often out of the caches; asked for now, its lines come while the sums run.
	for (int r = 0; r < R; r++)
		for (int j = 0; j < V * LANES; j += CACHE_LINE) __builtin_prefetch(c + r * ldc + j, 1);
	const float* begin = add ? c : ZEROS;
	const long ldBegin = add ? ldc : 0;
	vf sum[R][V];
	for (int r = 0; r < R; r++) {
		for (int v = 0; v < V - 1; v++) sum[r][v] = load(begin + r * ldBegin + v * LANES);
		sum[r][V - 1] = WHOLE ? load(begin + r * ldBegin + END) : loadPartial(begin + r * ldBegin + END, last);
	}
	// Not unrolled over k: the processor overlaps turns by itself, and every accumulator keeps its register.
	// In bytes, or the compiler makes a second loop for a step of one element, and spills between the two.
	const char* at = (const char*)a;
	inner *= (long)sizeof(float);
	do {
		const float* x = (const float*)at;
		vf w[V];
		for (int v = 0; v < V; v++) w[v] = load(b + v * LANES);
		for (int r = 0; r < R; r++) {
			vf factor = splat(x[r * outer]);
			for (int v = 0; v < V; v++) sum[r][v] = sum[r][v] + factor * w[v];
		}
		at += inner;
		b += ldb;
	} while (--K > 0);
	for (int r = 0; r < R; r++) {
		for (int v = 0; v < V - 1; v++) store(c + r * ldc + v * LANES, sum[r][v]);
		if (WHOLE) store(c + r * ldc + END, sum[r][V - 1]);
		else storePartial(c + r * ldc + END, sum[r][V - 1], last);
	}
}

typedef void (*Tile)(const float*, long, long, const float*, long, long, float*, long, int, bool);

#define TILES_OF(R) \
	{{tile<R, 1, false>, tile<R, 1, true>}, {tile<R, 2, false>, tile<R, 2, true>}, {tile<R, 3, false>, tile<R, 3, true>}}
/** TILES[rows − 1][vectors − 1][whole] */
static const Tile TILES[TILE_ROWS][TILE_VECTORS][2] = {
	TILES_OF(1), TILES_OF(2), TILES_OF(3), TILES_OF(4),
#ifdef __AVX512F__
	TILES_OF(5), TILES_OF(6), TILES_OF(7), TILES_OF(8),
#endif
};

/** to[j·ld + r] = from[r·width + j] for r < rows, j < cols; `width` is a multiple of 4. */
static inline void storeTransposed(const float* from, long width, float* to, long ld, int rows, int cols) {
	int r = 0;
	for (; r + 4 <= rows; r += 4) {
		const float* f = from + r * width;
		int j = 0;
		for (; j + 4 <= cols; j += 4) {
			__m128 a = _mm_loadu_ps(f + j), b = _mm_loadu_ps(f + width + j);
			__m128 c = _mm_loadu_ps(f + 2 * width + j), d = _mm_loadu_ps(f + 3 * width + j);
			_MM_TRANSPOSE4_PS(a, b, c, d);
			float* t = to + j * ld + r;
			_mm_storeu_ps(t, a);
			_mm_storeu_ps(t + ld, b);
			_mm_storeu_ps(t + 2 * ld, c);
			_mm_storeu_ps(t + 3 * ld, d);
		}
		for (; j < cols; j++)
			for (int s = 0; s < 4; s++) to[j * ld + r + s] = f[s * width + j];
	}
	for (; r < rows; r++)
		for (int j = 0; j < cols; j++) to[j * ld + r] = from[r * width + j];
}

/** A tile that lies turned in C: through a copy. */
static __attribute__((noinline)) void tileTurned(Tile f, const Side& a, const float* b, long ldb, long K, const Target& c, bool add, int rows, int cols) {
	alignas(64) float edge[TILE_ROWS * TILE_LANES];
	if (add)
		for (int r = 0; r < rows; r++)
			for (int j = 0; j < cols; j++) edge[r * TILE_LANES + j] = c.p[r * c.row + j * c.lane];
	f(a.p, a.outer, a.inner, b, ldb, K, edge, TILE_LANES, LANES, add);
	storeTransposed(edge, TILE_LANES, c.p, c.lane, rows, cols);
}

/** One tile of rows ≤ TILE_ROWS and cols ≤ TILE_LANES outputs; b has whole vectors. Inline: passing the sides through memory is felt. */
INLINE void tileTo(const Side& a, const float* b, long ldb, long K, const Target& c, bool add, int rows, int cols) {
	const int vectors = (cols + LANES - 1) / LANES, last = cols - (vectors - 1) * LANES;
	const Tile* f = TILES[rows - 1][vectors - 1];
	if (c.lane == 1) f[last == LANES](a.p, a.outer, a.inner, b, ldb, K, c.p, c.row, last, add);
	else tileTurned(f[true], a, b, ldb, K, c, add, rows, cols);
}

/** Rows become columns. */
INLINE void transpose(vf r[LANES]) {
#ifdef __AVX512F__
	__m512 t[16], u[16];
	for (int i = 0; i < 16; i += 2) {
		t[i] = _mm512_unpacklo_ps((__m512)r[i], (__m512)r[i + 1]);
		t[i + 1] = _mm512_unpackhi_ps((__m512)r[i], (__m512)r[i + 1]);
	}
	for (int i = 0; i < 16; i += 4) {
		__m512d a = (__m512d)t[i], b = (__m512d)t[i + 1], c = (__m512d)t[i + 2], d = (__m512d)t[i + 3];
		u[i] = (__m512)_mm512_unpacklo_pd(a, c);
		u[i + 1] = (__m512)_mm512_unpackhi_pd(a, c);
		u[i + 2] = (__m512)_mm512_unpacklo_pd(b, d);
		u[i + 3] = (__m512)_mm512_unpackhi_pd(b, d);
	}
	for (int i = 0; i < 4; i++) {
		__m512 a = _mm512_shuffle_f32x4(u[i], u[i + 4], 0x88), b = _mm512_shuffle_f32x4(u[i], u[i + 4], 0xdd);
		__m512 c = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0x88), d = _mm512_shuffle_f32x4(u[i + 8], u[i + 12], 0xdd);
		r[i] = (vf)_mm512_shuffle_f32x4(a, c, 0x88);
		r[i + 4] = (vf)_mm512_shuffle_f32x4(b, d, 0x88);
		r[i + 8] = (vf)_mm512_shuffle_f32x4(a, c, 0xdd);
		r[i + 12] = (vf)_mm512_shuffle_f32x4(b, d, 0xdd);
	}
#else
	__m256 t[8], u[8];
	for (int i = 0; i < 8; i += 2) {
		t[i] = _mm256_unpacklo_ps((__m256)r[i], (__m256)r[i + 1]);
		t[i + 1] = _mm256_unpackhi_ps((__m256)r[i], (__m256)r[i + 1]);
	}
	for (int i = 0; i < 8; i += 4) {
		__m256d a = (__m256d)t[i], b = (__m256d)t[i + 1], c = (__m256d)t[i + 2], d = (__m256d)t[i + 3];
		u[i] = (__m256)_mm256_unpacklo_pd(a, c);
		u[i + 1] = (__m256)_mm256_unpackhi_pd(a, c);
		u[i + 2] = (__m256)_mm256_unpacklo_pd(b, d);
		u[i + 3] = (__m256)_mm256_unpackhi_pd(b, d);
	}
	for (int i = 0; i < 4; i++) {
		r[i] = (vf)_mm256_permute2f128_ps(u[i], u[i + 4], 0x20);
		r[i + 4] = (vf)_mm256_permute2f128_ps(u[i], u[i + 4], 0x31);
	}
#endif
}

/** Vectors in the panel that begins where `left` vectors are still to come: no panel of one where two of two are as many tiles. */
INLINE int panelVectors(int left) { return left == TILE_VECTORS + 1 ? 2 : least(left, TILE_VECTORS); }

/** dst[k·width + j] = side(j, k) for j < cols, +0 for the rest of the width (whole vectors), k < K. */
static inline void packPanel(const Side& side, int cols, int K, float* dst, int width) {
	if (side.outer == 1) {
		for (int k = 0; k < K; k++, dst += width) {
			const float* p = side.p + k * side.inner;
			int j = 0;
			for (; j + LANES <= cols; j += LANES) store(dst + j, load(p + j));
			if (j < cols) store(dst + j, loadPartial(p + j, cols - j));
		}
		return;
	}
	for (int j = 0; j < width; j += LANES) {
		const float* p = side.p + j * side.outer;
		const int rows = least(cols - j, LANES);
		int k = 0;
		if (side.inner == 1) {
			for (; k < K; k += LANES) {
				const int ks = least(K - k, LANES);
				vf block[LANES];
				if (rows == LANES && ks == LANES) {
					for (int i = 0; i < LANES; i++) block[i] = load(p + i * side.outer + k);
					transpose(block);
					for (int i = 0; i < LANES; i++) store(dst + (k + i) * (long)width + j, block[i]);
				} else {
					for (int i = 0; i < LANES; i++) block[i] = i < rows ? loadPartial(p + i * side.outer + k, ks) : vf{};
					transpose(block);
					for (int i = 0; i < ks; i++) store(dst + (k + i) * (long)width + j, block[i]);
				}
			}
		} else {
			for (; k < K; k++)
				for (int i = 0; i < LANES; i++) dst[k * (long)width + j + i] = i < rows ? p[i * side.outer + k * side.inner] : 0.0f;
		}
	}
}

}  // namespace ISA
