// Low-rank terms of many adapters added to a product: every group of rows has a pair of matrices of its own, of any rank. The order of the sums
// and how the matrices lie: packages/tensor/src/kernels/assembly/lowRank.ts.
//
// A number of a row's product with A is one accumulator, and a row has few of them: so eight pieces of eight numbers go at once, of whatever rows,
// groups and ranks come next, and none waits for its own additions.
#include "kernels.h"
#include "product.h"
#include "team.h"

#include <type_traits>

namespace ISA {

namespace {

constexpr int PANEL = 16;
/** Vectors of a panel's row. */
constexpr int WIDE = PANEL / LANES;
constexpr int MOST_RANK = 1024;
/** Rows whose numbers are kept between the two products. */
constexpr int ROWS = 16;
/** Multiply–adds that do not repay waking anybody. */
constexpr double SMALL = 200000;

struct Call {
	float* y;
	const float* x;
	const float* pool;
	const LowRankGroup* groups;
	int count, N, K;
};

/** Up to eight numbers of one row's product with A. */
struct Piece {
	const float* x;
	const float* a;
	long step;
	float* to;
	int numbers;
	float scale;
	/** Its share of the group's B, which comes next: as large as its share of A. */
	const float* later;
};

/** Pieces at once: with AVX2 as many as there are registers to spare. */
constexpr int PIECES = LANES == 16 ? 8 : 4;

template <int P>
static void multiplyPieces(const Piece* pieces, int K) {
	v8 sum[P];
	const float* a[P];
	for (int p = 0; p < P; p++) sum[p] = v8{}, a[p] = pieces[p].a;
	auto multiply = [&](int k) {
		for (int p = 0; p < P; p++) {
			sum[p] = sum[p] + splat8(pieces[p].x[k]) * load8(a[p]);
			a[p] += pieces[p].step;
		}
	};
	int k = 0;
	// Sixteen adapters are more than a second-level cache holds: what is wanted next is called while this is summed.
	for (; k + 2 <= K; k += 2) {
		for (int p = 0; p < P; p++) __builtin_prefetch(pieces[p].later + k * 8);
		multiply(k);
		multiply(k + 1);
	}
	if (k < K) multiply(k);
	for (int p = 0; p < P; p++) {
		const v8 scaled = sum[p] * splat8(pieces[p].scale);
		if (pieces[p].numbers >= 8) store8(pieces[p].to, scaled);
		else storePartial8(pieces[p].to, scaled, pieces[p].numbers);
	}
}

static void multiplySome(const Piece* pieces, int count, int K) {
	if (count > 4) {
		// What is missing is made once more, and stored where it stands already.
		Piece all[8];
		for (int p = 0; p < 8; p++) all[p] = pieces[p < count ? p : 0];
		multiplyPieces<4>(all, K);
		multiplyPieces<4>(all + 4, K);
	} else if (count > 2) {
		Piece all[4];
		for (int p = 0; p < 4; p++) all[p] = pieces[p < count ? p : 0];
		multiplyPieces<4>(all, K);
	} else if (count == 2) multiplyPieces<2>(pieces, K);
	else if (count == 1) multiplyPieces<1>(pieces, K);
}

/** M rows of one group, P neighbouring panels of B; the last panel has `cols` columns. */
template <int M, int P>
static void addPanels(const float* low, const float* panels, long step, long size, float* y, long ldy, int rank, int cols) {
	vf sum[M][P][WIDE];
	for (int m = 0; m < M; m++)
		for (int p = 0; p < P; p++)
			for (int v = 0; v < WIDE; v++) sum[m][p][v] = vf{};
	for (int j = 0; j < rank; j++)
		for (int p = 0; p < P; p++)
			for (int v = 0; v < WIDE; v++) {
				const float* from = panels + p * step + (long)j * PANEL + v * LANES;
				// What lies as far behind B's end is mostly A of the same adapter's next product.
				if (v == 0) __builtin_prefetch(from + size);
				const vf w = load(from);
				for (int m = 0; m < M; m++) sum[m][p][v] = sum[m][p][v] + splat(low[m * rank + j]) * w;
			}
	for (int m = 0; m < M; m++)
		for (int p = 0; p < P; p++)
			for (int v = 0; v < WIDE; v++) {
				float* to = y + m * ldy + p * PANEL + v * LANES;
				const int left = (p + 1 < P ? PANEL : cols) - v * LANES;
				if (left >= LANES) store(to, load(to) + sum[m][p][v]);
				else if (left > 0) storePartial(to, loadPartial(to, left) + sum[m][p][v], left);
			}
}

template <int M>
static void addRows(const float* low, const float* b, float* y, int N, int rank) {
	const long step = (long)rank * PANEL;
	const int panels = ceilDiv(N, PANEL);
	const long size = step * panels;
	auto cols = [&](int panel) { return least(PANEL, N - panel * PANEL); };
	int i = 0;
	if (LANES == 16 || M == 1)
		for (; i + 4 <= panels; i += 4) addPanels<M, LANES == 16 || M == 1 ? 4 : 1>(low, b + i * step, step, size, y + i * PANEL, N, rank, cols(i + 3));
	for (; i < panels; i++) addPanels<M, 1>(low, b + i * step, step, size, y + i * PANEL, N, rank, cols(i));
}

/** The second product of `some` rows from `row` on, whose numbers lie one after another. */
static void addGroup(const Call& call, const LowRankGroup& g, int row, int some, const float* low) {
	const float* b = call.pool + g.b;
	int i = 0;
	auto rows = [&](auto count) {
		constexpr int M = decltype(count)::value;
		for (; i + M <= some; i += M) addRows<M>(low + (long)i * g.rank, b, call.y + (long)(row + i) * call.N, call.N, g.rank);
	};
	rows(std::integral_constant<int, 4>{});
	rows(std::integral_constant<int, 2>{});
	rows(std::integral_constant<int, 1>{});
}

/** Rows from..to-1; scratch of ROWS · MOST_RANK floats. */
static void someRows(const Call& call, int from, int to, float* scratch) {
	struct Waiting {
		const LowRankGroup* group;
		int row, rows;
		const float* low;
	} waiting[ROWS];
	Piece pieces[PIECES] = {};
	int held = 0, waits = 0, count = 0;
	float* low = scratch;
	auto flush = [&] {
		multiplySome(pieces, count, call.K);
		for (int i = 0; i < waits; i++) addGroup(call, *waiting[i].group, waiting[i].row, waiting[i].rows, waiting[i].low);
		held = waits = count = 0;
		low = scratch;
	};
	for (int g = 0; g < call.count; g++) {
		const LowRankGroup& group = call.groups[g];
		const int last = least(to, group.first + group.rows);
		if (group.rank == 0) continue;
		for (int row = group.first > from ? group.first : from, some; row < last; row += some) {
			some = least(last - row, ROWS - held);
			// Column by column: neighbours in the list then read the same numbers of A.
			for (int j = 0; j < group.rank; j += 8)
				for (int i = 0; i < some; i++) {
					pieces[count++] = {call.x + (long)(row + i) * call.K, call.pool + group.a + j, group.rank, low + (long)i * group.rank + j,
						group.rank - j, group.scale, call.pool + group.b + (long)j * call.K};
					if (count == PIECES) multiplyPieces<PIECES>(pieces, call.K), count = 0;
				}
			waiting[waits++] = {&group, row, some, low};
			low += (long)some * group.rank;
			held += some;
			if (held == ROWS) flush();
		}
	}
	flush();
}

void lowRankAdd(Team& team, float* y, const float* x, const float* pool, const LowRankGroup* groups, int count, int M, int N, int K) {
	const Call call = {y, x, pool, groups, count, N, K};
	double work = 0;
	for (int g = 0; g < count; g++) work += (double)groups[g].rows * groups[g].rank * (N + K);
	share(team, M, 1, work < SMALL, [&](int from, int to, int member) {
		float* scratch = (float*)team.scratch(member, sizeof(float) * ROWS * MOST_RANK);
		if (scratch != nullptr) someRows(call, from, to, scratch);
	});
}

}  // namespace

void lowRankKernels(KernelTable& table) { table.lowRankAdd = lowRankAdd; }

}  // namespace ISA
