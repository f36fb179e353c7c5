// Matrix products: C[M,N] = op(A)·op(B); every output sums over k in order with one accumulator from +0, multiply then add.
//
// Both orders of the factors give the same bits (a·b = b·a), so each product is arranged as suits its layout: one side broadcast, the other in
// lanes (tile.h).
#include "kernels.h"
#include "product.h"
#include "rowProduct.h"
#include "team.h"

namespace ISA {

namespace {

/** A product arranged: which factor is broadcast and which lies in lanes. */
struct Arranged {
	Side rows;
	Side lanes;
	Target c;
	int I;
	int J;
	/** A few rows times a transposed matrix, read in place. */
	bool few;
};

Arranged arrange(const float* a, const float* b, float* c, int M, int N, int K, bool transA, bool transB) {
	const Side left = transA ? Side{a, 1, M} : Side{a, K, 1};
	const Side right = transB ? Side{b, K, 1} : Side{b, 1, N};
	const bool few = transB && M <= FEW_ROWS && (!transA || M == 1);
	bool swap;
	if (few) swap = false;
	else if (transA) swap = transB || (N < TILE_LANES && M > N);
	else swap = transB && M <= 64;
	if (swap) return {right, left, {c, 1, N}, N, M, false};
	return {left, right, {c, N, 1}, M, N, few};
}

void multiplyArranged(const Arranged& p, int K, Team& team, int member) {
	if (p.few) rowProduct(p.rows.p, K, p.I, p.lanes.p, p.lanes.outer, p.J, K, p.c.p, p.c.row);
	else multiply(p.rows, p.lanes, p.c, p.I, p.J, K, (float*)team.scratch(member, scratchBytes(p.J, K)));
}

/** Multiply–adds below which a product stays whole: about what a thread does while another wakes up. */
constexpr double WHOLE = 4e5;
/** The same where the matrix is read once for a few rows, and memory sets the pace. */
constexpr double WHOLE_FEW = 1e5;

void gemm(Team& team, const float* a, const float* b, float* c, int M, int N, int K, bool transA, bool transB) {
	const Arranged p = arrange(a, b, c, M, N, K, transA, transB);
	const double work = (double)M * N * K;
	if (team.size == 1 || work < (p.few ? WHOLE_FEW * M : WHOLE)) {
		multiplyArranged(p, K, team, 0);
		return;
	}
	auto some = [&](int i, int I, int j, int J, int member) {
		multiplyArranged({from(p.rows, i), from(p.lanes, j), from(p.c, i, j), I, J, p.few}, K, team, member);
	};
	// Cut over lanes, each part packs its own; over rows, all pack the same, which is nothing where there are many rows or no packing.
	const int stepJ = p.few ? LANES : p.J > 4 * TILE_LANES * team.size ? TILE_LANES : LANES;
	if (p.few || ceilDiv(p.J, stepJ) >= 4 * team.size || p.I < 4 * TILE_ROWS * team.size) {
		share(team, p.J, stepJ, false, [&](int from, int to, int member) { some(0, p.I, from, to - from, member); });
	} else {
		share(team, p.I, TILE_ROWS, false, [&](int from, int to, int member) { some(from, to - from, 0, p.J, member); });
	}
}

void gemmBatch(Team& team, const float* a, const float* b, float* c, int batch, int strideA, int strideB, int strideC, int M, int N, int K,
	bool transA, bool transB) {
	auto at = [&](int i, auto f) { f(a + (long)i * strideA, b + (long)i * strideB, c + (long)i * strideC); };
	const double work = (double)M * N * K;
	if (strideB == 0 && !transA && strideA == M * K && strideC == M * N) {
		gemm(team, a, b, c, batch * M, N, K, false, transB);
	} else if (batch % team.size != 0 && batch < 4 * team.size && work >= 4 * WHOLE) {
		for (int i = 0; i < batch; i++)
			at(i, [&](const float* x, const float* y, float* z) { gemm(team, x, y, z, M, N, K, transA, transB); });
	} else {
		share(team, batch, 1, batch * work < WHOLE, [&](int from, int to, int member) {
			for (int i = from; i < to; i++)
				at(i, [&](const float* x, const float* y, float* z) {
					multiplyArranged(arrange(x, y, z, M, N, K, transA, transB), K, team, member);
				});
		});
	}
}

}  // namespace

void gemmKernels(KernelTable& table) {
	table.gemm = gemm;
	table.gemmBatch = gemmBatch;
}

}  // namespace ISA
