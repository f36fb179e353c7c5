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

/** `count` rows of D features, ld apart: panels whose lanes are features, each count deep. */
static inline void packFeatures(const float* x, long ld, int count, int D, float* dst) {
	for (int d = 0, vectors; d < D; d += vectors * LANES) {
		vectors = panelVectors(ceilDiv(D - d, LANES));
		packPanel({x + d, 1, ld}, least(D - d, vectors * LANES), count, dst, vectors * LANES);
		dst += (long)count * vectors * LANES;
	}
}

/** The same rows: panels whose lanes are positions, each D deep. */
static inline void packPositions(const float* x, long ld, int count, int D, float* dst) {
	for (int j = 0; j < count; j += TILE_LANES) {
		const int width = least(TILE_LANES, roundUp(count - j, LANES));
		packPanel({x + j * ld, ld, 1}, least(count - j, width), D, dst, width);
		dst += (long)D * width;
	}
}

/** scores(r, j) = Σ_d x(r, d)·panels(j, d) for j < seen (and on to a whole vector); rows of scores lie ldScores apart. */
static inline void scoreStrip(Side x, const float* panels, int count, int D, int rows, int seen, float* scores, long ldScores) {
	for (int j = 0; j < seen; j += TILE_LANES) {
		const int width = least(TILE_LANES, roundUp(count - j, LANES));
		const int cols = least(width, roundUp(seen - j, LANES));
		tileTo(x, panels, width, D, {scores + j, ldScores, 1}, false, rows, cols);
		panels += (long)D * width;
	}
}

/** c(r, d) = (add ? c : 0) + Σ_k weights(r, k)·panels(k, d) for k = first..last-1, the panels being `count` deep. */
static inline void mixStrip(Side weights, const float* panels, int count, int first, int last, int D, Target c, int rows, bool add) {
	for (int d = 0, vectors; d < D; d += vectors * LANES) {
		vectors = panelVectors(ceilDiv(D - d, LANES));
		const int width = vectors * LANES;
		tileTo(deeper(weights, first), panels + (long)first * width, width, last - first, from(c, 0, d), add, rows, least(D - d, width));
		panels += (long)count * width;
	}
}

/** Strided-8 sum of a row of whole vectors. */
INLINE float sumVectors(const float* row, int padded) {
	v8 sum = {};
	for (int j = 0; j < padded; j += LANES) sum = addStrided(sum, load(row + j));
	return sumTree(sum);
}

/** Zeros in row[count..padded-1]. */
INLINE void clearTail(float* row, int count, int padded) {
	memset(row + count, 0, sizeof(float) * (size_t)(padded - count));
}

/** In place: scores of `count` positions become probabilities, positions count..padded-1 become 0; padded is whole vectors. */
static inline void softmaxRow(float* row, int count, int padded, float scale) {
	const int used = roundUp(count, LANES);
	const vf scales = splat(scale);
	// Lanes past the count repeat the first score, which changes no maximum.
	const float first = row[0];
	for (int j = count; j < used; j++) row[j] = first;
	vf best = splat(first) * scales;
	for (int j = 0; j < used; j += LANES) {
		const vf s = load(row + j) * scales;
		store(row + j, s);
		best = select(s > best, s, best);
	}
	float m = best[0];
	for (int i = 1; i < LANES; i++) m = best[i] > m ? best[i] : m;
	const vf greatest = splat(m + 0.0f);
	for (int j = 0; j < used; j += LANES) store(row + j, expOf(load(row + j) - greatest));
	clearTail(row, count, padded);
	const vf z = splat(sumVectors(row, padded));
	for (int j = 0; j < padded; j += LANES) store(row + j, load(row + j) / z);
}

}  // namespace ISA
