// Sums and maxima along one axis, rows gathered and scattered. See assembly/reduce.ts.
#include "kernels.h"
#include "rows.h"
#include "team.h"

namespace ISA {

/** Elements read below which the call stays whole. */
constexpr long WORTH = 32768;

INLINE float sumRow(const float* x, int n) {
	return sumStrided(n, [=](int i, int r) { return take(x + i, r); });
}

/** Runs f(o, from, to) over outer × inner outputs, in blocks of columns; a part is a run of blocks. */
template <class F>
static void overColumns(Team& team, int outer, int n, int inner, F f) {
	constexpr int BLOCK = 4 * LANES;
	int blocks = (inner + BLOCK - 1) / BLOCK;
	bool whole = (long)outer * n * inner < WORTH || (long)outer * blocks > INT32_MAX;
	auto run = [=](long from, long to) {
		for (long at = from; at < to; at++) {
			int column = (int)(at % blocks) * BLOCK;
			f((int)(at / blocks), column, least(column + BLOCK, inner));
		}
	};
	if (whole) run(0, (long)outer * blocks);
	else share(team, outer * blocks, 1, false, [=](int from, int to, int) { run(from, to); });
}

/** Columns from..to-1 (at most four vectors) of n rows `inner` apart, combined in order from `start` rows on. */
template <class Combine>
INLINE void downColumns(const float* x, float* out, int n, int inner, int from, int to, int start, Combine combine) {
	if (to - from == 4 * LANES) {
		vf s[4];
		for (int j = 0; j < 4; j++) s[j] = start ? load(x + from + j * LANES) : splat(0.0f);
		for (int i = start; i < n; i++) {
			const float* p = x + (long)i * inner + from;
			for (int j = 0; j < 4; j++) s[j] = combine(s[j], load(p + j * LANES));
		}
		for (int j = 0; j < 4; j++) store(out + from + j * LANES, s[j] + splat(0.0f));
		return;
	}
	eachVector(from, to, [=](int at, int r) {
		vf s = start ? take(x + at, r) : splat(0.0f);
		for (int i = start; i < n; i++) s = combine(s, take(x + (long)i * inner + at, r));
		put(out + at, s + splat(0.0f), r);
	});
}

// Adding +0 at the end changes nothing in a sum, which began at +0 and so is never −0, and makes a maximum's zero +0.

static void reduceSum(Team& team, const float* x, float* out, int outer, int n, int inner) {
	if (inner == 1) {
		share(team, outer, 1, (long)outer * n < WORTH, [=](int from, int to, int) {
			for (int o = from; o < to; o++) out[o] = sumRow(x + (long)o * n, n);
		});
		return;
	}
	overColumns(team, outer, n, inner, [=](int o, int from, int to) {
		downColumns(x + (long)o * n * inner, out + (long)o * inner, n, inner, from, to, 0, [](vf s, vf v) { return s + v; });
	});
}

static void reduceMax(Team& team, const float* x, float* out, int outer, int n, int inner) {
	if (inner == 1) {
		share(team, outer, 1, (long)outer * n < WORTH, [=](int from, int to, int) {
			for (int o = from; o < to; o++) out[o] = maxRow(x + (long)o * n, n);
		});
		return;
	}
	overColumns(team, outer, n, inner, [=](int o, int from, int to) {
		downColumns(x + (long)o * n * inner, out + (long)o * inner, n, inner, from, to, 1, [](vf s, vf v) { return greater(v, s); });
	});
}

static void gatherRows(Team& team, const float* table, const int32_t* ids, float* out, int count, int width) {
	share(team, count, 1, (long)count * width < WORTH, [=](int from, int to, int) {
		for (int i = from; i < to; i++) memcpy(out + (long)i * width, table + (long)ids[i] * width, (size_t)width * 4);
	});
}

/** Shared by columns: each output row may be added to several times, in order of i. */
static void scatterAddRows(Team& team, const int32_t* ids, const float* dy, float* out, int count, int width) {
	share(team, width, LANES, (long)count * width < WORTH, [=](int from, int to, int) {
		for (int i = 0; i < count; i++) {
			float* row = out + (long)ids[i] * width;
			const float* add = dy + (long)i * width;
			eachVector(from, to, [=](int j, int r) { put(row + j, take(row + j, r) + take(add + j, r), r); });
		}
	});
}

void reduceKernels(KernelTable& table) {
	table.reduceSum = reduceSum;
	table.reduceMax = reduceMax;
	table.gatherRows = gatherRows;
	table.scatterAddRows = scatterAddRows;
}

}  // namespace ISA
