// A product on one thread: blocks over k and over the lanes' side, panels, tiles. Knows nothing of threads nor of how its caller stores a matrix.
//
// What an accumulator holds may be stored in C and taken up again, so k is cut into blocks that fit the caches.
#pragma once
#include "tile.h"

namespace ISA {

/** Depth of a block over k, and floats of a block of panels: half of a second-level cache of one MiB. */
constexpr int DEPTH = 512;
constexpr int PANELS = 128 * 1024;
/** Up to so many rows the lanes' side is read where it lies. */
constexpr int ROWS_IN_PLACE = 2 * TILE_ROWS;

INLINE int ceilDiv(int a, int b) { return (a + b - 1) / b; }

/** n cut into the fewest equal pieces of at most `most`, each a multiple of `step`. */
INLINE int evenPiece(int n, int most, int step) {
	if (n <= most) return n;
	return ceilDiv(ceilDiv(n, ceilDiv(n, most)), step) * step;
}

INLINE int depthOf(int K) { return evenPiece(K, DEPTH, 16); }

INLINE int widthOf(int J, int depth) {
	int most = PANELS / (depth < 1 ? 1 : depth) / TILE_LANES * TILE_LANES;
	return evenPiece(J, most < TILE_LANES ? TILE_LANES : most, TILE_LANES);
}

/** Bytes of scratch that `multiply` may need. */
INLINE size_t scratchBytes(int J, int K) {
	return sizeof(float) * (size_t)(ceilDiv(widthOf(J, depthOf(K)), LANES) * LANES) * (size_t)depthOf(K);
}

INLINE Side from(const Side& side, long i) { return {side.p + i * side.outer, side.outer, side.inner}; }
INLINE Side deeper(const Side& side, long k) { return {side.p + k * side.inner, side.outer, side.inner}; }
INLINE Target from(const Target& c, long row, long lane) { return {c.p + row * c.row + lane * c.lane, c.row, c.lane}; }

/** One block of panels: all rows pass along it, a strip of rows staying in the first-level cache. */
static inline void multiplyPanels(const Side& rows, const float* panels, const Target& c, int I, int J, int K, bool add) {
	for (int i = 0; i < I; i += TILE_ROWS) {
		const int r = least(I - i, TILE_ROWS);
		const float* panel = panels;
		for (int j = 0, vectors; j < J; j += vectors * LANES) {
			vectors = panelVectors(ceilDiv(J - j, LANES));
			tileTo(from(rows, i), panel, vectors * LANES, K, from(c, i, j), add, r, least(J - j, vectors * LANES));
			panel += (long)vectors * LANES * K;
		}
	}
}

static inline void multiplyPacked(const Side& rows, const Side& lanes, const Target& c, int I, int J, int K, float* scratch) {
	const int depth = depthOf(K), width = widthOf(J, depth);
	for (int j = 0; j < J; j += width) {
		const int cols = least(J - j, width);
		for (int k = 0; k < K; k += depth) {
			const int ks = least(K - k, depth);
			float* panel = scratch;
			for (int n = 0, vectors; n < cols; n += vectors * LANES) {
				vectors = panelVectors(ceilDiv(cols - n, LANES));
				packPanel(deeper(from(lanes, j + n), k), least(cols - n, vectors * LANES), ks, panel, vectors * LANES);
				panel += (long)vectors * LANES * ks;
			}
			multiplyPanels(deeper(rows, k), scratch, from(c, 0, j), I, cols, ks, k > 0);
		}
	}
}

/** c(i, j) = Σ_k rows(i, k)·lanes(j, k) for i < I, j < J and k < K ≥ 1, on one thread; scratch of scratchBytes(J, K), 64-byte aligned. */
static inline void multiply(const Side& rows, const Side& lanes, const Target& c, int I, int J, int K, float* scratch) {
	int j = 0;
	if (lanes.outer == 1 && I <= ROWS_IN_PLACE) {
		for (int vectors; (vectors = panelVectors((J - j) / LANES)) > 0; j += vectors * LANES)
			for (int i = 0; i < I; i += TILE_ROWS)
				tileTo(from(rows, i), lanes.p + j, lanes.inner, K, from(c, i, j), false, least(I - i, TILE_ROWS), vectors * LANES);
	}
	if (j < J) multiplyPacked(rows, from(lanes, j), from(c, 0, j), I, J - j, K, scratch);
}

}  // namespace ISA
