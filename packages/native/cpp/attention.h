// What attention and its gradient share: panels of keys and values, scores, softmax. Zeros past the diagonal leave an accumulator that began
// at +0 unchanged, so rows are handled in strips as wide as their last row.
#pragma once
#include "math.h"
#include "product.h"

namespace ISA {

INLINE int roundUp(int n, int to) { return (n + to - 1) / to * to; }

/** Floats of `count` positions packed over features, and of the same packed over positions. */
INLINE size_t featurePanels(int count, int D) { return (size_t)count * (size_t)roundUp(D, LANES); }
INLINE size_t positionPanels(int count, int D) { return (size_t)roundUp(count, LANES) * (size_t)D; }

/** `count` rows of D features, ld apart: panels whose lanes are features, each `count` deep. */
static inline void packFeatures(const float* x, long ld, int count, int D, float* dst) {
	for (int d = 0, vectors; d < D; d += vectors * LANES) {
		vectors = panelVectors(ceilDiv(D - d, LANES));
		packPanel({x + d, 1, ld}, least(D - d, vectors * LANES), count, dst, vectors * LANES);
		dst += (long)count * vectors * LANES;
	}
}

/** `count` rows of D features, ld apart: panels whose lanes are rows, each D deep. */
static inline void packPositions(const float* x, long ld, int count, int D, float* dst) {
	for (int j = 0; j < count; j += TILE_LANES) {
		const int width = least(TILE_LANES, roundUp(count - j, LANES));
		packPanel({x + j * ld, ld, 1}, least(count - j, width), D, dst, width);
		dst += (long)D * width;
	}
}

/** scores(r, j) = Σ_d x(r, d)·panels(j, d) for j < seen (and on to a whole vector); rows of scores lie ldScores apart. */
static inline void scoreStrip(const Side& x, const float* panels, int count, int D, int rows, int seen, float* scores, long ldScores) {
	for (int j = 0; j < seen; j += TILE_LANES) {
		const int width = least(TILE_LANES, roundUp(count - j, LANES));
		const int cols = least(width, roundUp(seen - j, LANES));
		tileTo(x, panels, width, D, {scores + j, ldScores, 1}, false, rows, cols);
		panels += (long)D * width;
	}
}

/** c(r, d) = (add ? c : 0) + Σ_k weights(r, k)·panels(k, d) for k = first..last-1, the panels being `count` deep. */
static inline void mixStrip(const Side& weights, const float* panels, int count, int first, int last, int D, const Target& c, int rows, bool add) {
	for (int d = 0, vectors; d < D; d += vectors * LANES) {
		vectors = panelVectors(ceilDiv(D - d, LANES));
		const int width = vectors * LANES;
		tileTo(deeper(weights, first), panels + (long)first * width, width, last - first, from(c, 0, d), add, rows, least(D - d, width));
		panels += (long)count * width;
	}
}

/** Lanes of v below r, of `rest` from r on. */
INLINE vf firstLanes(vf v, int r, vf rest) {
#ifdef __AVX512F__
	const vi lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#else
	const vi lanes = {0, 1, 2, 3, 4, 5, 6, 7};
#endif
	return select(lanes < splatInt(r), v, rest);
}

/** Greatest of eight lanes. */
INLINE float greatestOf(v8 v) {
	v8 w = (v8)_mm256_permute2f128_ps((__m256)v, (__m256)v, 1);
	v = w > v ? w : v;
	w = (v8)_mm256_shuffle_ps((__m256)v, (__m256)v, 0x4e);
	v = w > v ? w : v;
	return v[1] > v[0] ? v[1] : v[0];
}

INLINE float greatestLane(vf v) {
#ifdef __AVX512F__
	v8 low = lowHalf(v), high = highHalf(v);
	return greatestOf(high > low ? high : low);
#else
	return greatestOf((v8)v);
#endif
}

/**
 * In place: the scores of rows ≤ TILE_ROWS queries, of which the first sees `count` positions and each other one more than the one before it,
 * become probabilities, and 0 past what a row sees; all up to `padded` positions, whole vectors. Step by step for all rows: what one row waits
 * for, another does meanwhile.
 */
static inline void softmaxStrip(float* scores, long ld, int rows, int count, int padded, float scale) {
	const vf scales = splat(scale);
	vf most[TILE_ROWS];
	for (int r = 0; r < rows; r++) {
		float* row = scores + r * ld;
		const int last = (count + r - 1) / LANES * LANES;
		vf best = splat(row[0]) * scales;
		for (int j = 0; j < last; j += LANES) {
			const vf s = load(row + j) * scales;
			store(row + j, s);
			best = select(s > best, s, best);
		}
		const vf s = load(row + last) * scales;
		store(row + last, s);
		best = select(firstLanes(s, count + r - last, best) > best, s, best);
		most[r] = best;
	}
	for (int r = 0; r < rows; r++) most[r] = splat(greatestLane(most[r]) + 0.0f);
	v8 sums[TILE_ROWS];
	for (int r = 0; r < rows; r++) {
		float* row = scores + r * ld;
		const int last = (count + r - 1) / LANES * LANES;
		v8 sum = {};
		for (int j = 0; j < last; j += LANES) {
			const vf e = expOf(load(row + j) - most[r]);
			store(row + j, e);
			sum = addStrided(sum, e);
		}
		const vf e = firstLanes(expOf(load(row + last) - most[r]), count + r - last, vf{});
		store(row + last, e);
		sums[r] = addStrided(sum, e);
	}
	for (int r = 0; r < rows; r++) {
		float* row = scores + r * ld;
		const int end = roundUp(count + r, LANES);
		const vf z = splat(sumTree(sums[r]));
		for (int j = 0; j < end; j += LANES) store(row + j, load(row + j) / z);
		for (int j = end; j < padded; j += LANES) store(row + j, vf{});
	}
}

}  // namespace ISA
