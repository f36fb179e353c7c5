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
	else if (K == 0)
		for (int i = 0; i < p.I; i++)
			for (int j = 0; j < p.J; j++) p.c.p[i * p.c.row + j * p.c.lane] = 0.0f;
	else if (float* scratch = (float*)team.scratch(member, scratchBytes(p.J, K))) multiply(p.rows, p.lanes, p.c, p.I, p.J, K, scratch);
}

/** Multiply–adds below which a product stays whole: about what a thread does while another wakes up. */
constexpr double WHOLE = 4e5;
/** The same where the matrix is read once for a few rows, and memory sets the pace. */
constexpr double WHOLE_FEW = 1e5;

/** How a product is shared: over rows or over lanes, in so many pieces of whole `step`s. */
struct Cut {
	bool rows;
	int pieces;
};

/** The cut that is over soonest. Over lanes, each piece packs its own; over rows, every piece packs all. */
Cut chooseCut(const Arranged& p, int threads) {
	// Elements that a thread multiplies, or packs, in one cycle, by measurement; only their ratio counts.
	const double multiplied = 2 * LANES, packed = p.few ? 1e9 : p.lanes.outer == 1 ? 10 : 4;
	const int strips = ceilDiv(p.I, TILE_ROWS), vectors = ceilDiv(p.J, LANES);
	Cut best = {false, 1};
	double soonest = 1e300;
	for (int rounds = 2; rounds > 0; rounds--) {
		const int pieces = rounds * threads;
		const double lanes = rounds * (double)LANES * ceilDiv(vectors, pieces) * (p.I / multiplied + 1 / packed);
		const double rows = rounds * p.J * (TILE_ROWS * ceilDiv(strips, pieces) / multiplied + 1 / packed);
		// Pieces to spare are worth a little: a thread that is held up leaves work to the others.
		if (lanes < 0.98 * soonest) soonest = lanes, best = {false, pieces};
		if (!p.few && rows < 0.98 * soonest) soonest = rows, best = {true, pieces};
	}
	return best;
}

void gemm(Team& team, const float* a, const float* b, float* c, int M, int N, int K, bool transA, bool transB) {
	const Arranged p = arrange(a, b, c, M, N, K, transA, transB);
	const double work = (double)M * N * K;
	if (team.size == 1 || work < (p.few ? WHOLE_FEW * M : WHOLE)) {
		multiplyArranged(p, K, team, 0);
		return;
	}
	const Cut cut = chooseCut(p, team.size);
	const int total = cut.rows ? p.I : p.J, step = cut.rows ? TILE_ROWS : LANES, steps = ceilDiv(total, step);
	auto piece = [&](int part, int member) {
		const int first = least(total, steps * part / cut.pieces * step), last = least(total, steps * (part + 1) / cut.pieces * step);
		if (first == last) return;
		const Arranged some = cut.rows ? Arranged{from(p.rows, first), p.lanes, from(p.c, first, 0), last - first, p.J, p.few}
									   : Arranged{p.rows, from(p.lanes, first), from(p.c, 0, first), p.I, last - first, p.few};
		multiplyArranged(some, K, team, member);
	};
	runParts(team, cut.pieces, piece);
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
