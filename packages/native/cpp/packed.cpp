// Rows times a matrix in panels of 16 columns: nothing is turned round on the way, a weight is read once for all rows.
#include "kernels.h"
#include "team.h"
#include "vec.h"

#include <type_traits>

namespace ISA {

constexpr int PANEL = 16;
/** Vectors of a panel's row. */
constexpr int WIDE = PANEL / LANES;
/** Multiply–adds that do not repay waking anybody. */
constexpr long SMALL = 150000;

/** M rows times P neighbouring panels; the last panel has `cols` columns. */
template <int M, int P>
static void rowsTimesPanels(const float* x, long ldx, const float* panels, long step, float* out, long ldo, int K, int cols) {
	vf sum[M][P][WIDE];
	for (int m = 0; m < M; m++)
		for (int p = 0; p < P; p++)
			for (int v = 0; v < WIDE; v++) sum[m][p][v] = vf{};
	for (int k = 0; k < K; k++) {
		for (int p = 0; p < P; p++) {
			for (int v = 0; v < WIDE; v++) {
				vf w = load(panels + p * step + (long)k * PANEL + v * LANES);
				for (int m = 0; m < M; m++) sum[m][p][v] = sum[m][p][v] + splat(x[m * ldx + k]) * w;
			}
		}
	}
	for (int m = 0; m < M; m++) {
		for (int p = 0; p < P; p++) {
			for (int v = 0; v < WIDE; v++) {
				float* to = out + m * ldo + p * PANEL + v * LANES;
				int left = (p + 1 < P ? PANEL : cols) - v * LANES;
				if (left >= LANES) store(to, sum[m][p][v]);
				else if (left > 0) storePartial(to, sum[m][p][v], left);
			}
		}
	}
}

/** All rows times P panels, as many rows at once as the registers hold. */
template <int P>
static void allRows(const float* x, const float* panels, float* out, int M, int N, int K, int cols) {
	long step = (long)K * PANEL;
	int m = 0;
	auto rows = [&](auto count) {
		constexpr int R = decltype(count)::value;
		for (; m + R <= M; m += R) rowsTimesPanels<R, P>(x + (long)m * K, K, panels, step, out + (long)m * N, N, K, cols);
	};
	if (LANES == 16 && P <= 2) rows(std::integral_constant<int, 8>{});
	if (LANES == 16 || P == 1) rows(std::integral_constant<int, 4>{});
	if (LANES == 16 || P <= 2) rows(std::integral_constant<int, 2>{});
	rows(std::integral_constant<int, 1>{});
}

static void somePanels(const float* x, const float* panels, float* out, int M, int N, int K, int first, int last) {
	long step = (long)K * PANEL;
	auto cols = [&](int panel) { return least(PANEL, N - panel * PANEL); };
	int i = first;
	// Four streams of memory for one row; fewer for many, whose sums need the registers.
	int many = LANES == 16 ? 2 : 1;
	if (M <= 4) for (; i + 4 <= last; i += 4) allRows<4>(x, panels + i * step, out + i * PANEL, M, N, K, cols(i + 3));
	else if (many == 2) for (; i + 2 <= last; i += 2) allRows<2>(x, panels + i * step, out + i * PANEL, M, N, K, cols(i + 1));
	for (; i < last; i++) allRows<1>(x, panels + i * step, out + i * PANEL, M, N, K, cols(i));
}

static void gemmPacked(Team& team, const float* x, const float* panels, float* out, int M, int N, int K, int first, int last) {
	share(team, last - first, 4, (long)M * K * PANEL * (last - first) < SMALL, [&](int from, int to, int) {
		somePanels(x, panels, out, M, N, K, first + from, first + to);
	});
}

void packedKernels(KernelTable& table) { table.gemmPacked = gemmPacked; }

}  // namespace ISA
