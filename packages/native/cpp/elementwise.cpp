// Element by element: binary and unary operations, fill, the first number that is not finite. See assembly/elementwise.ts.
#include "kernels.h"
#include "rows.h"
#include "team.h"

namespace ISA {

/** Elements below which waking the team costs more than it saves. */
constexpr int WORTH = 32768;
constexpr int WORTH_MATH = 8192;

template <class Op>
static void binaryBy(Team& team, const float* a, const float* b, float* out, int n, int mode, Op op) {
	share(team, n, LANES, n < WORTH, [=](int from, int to, int) {
		vf only = splat(mode == 1 ? *b : mode == 2 ? *a : 0.0f);
		if (mode == 1) eachVector(from, to, [=](int i, int r) { put(out + i, op(take(a + i, r), only), r); });
		else if (mode == 2) eachVector(from, to, [=](int i, int r) { put(out + i, op(only, take(b + i, r)), r); });
		else eachVector(from, to, [=](int i, int r) { put(out + i, op(take(a + i, r), take(b + i, r)), r); });
	});
}

static void binary(Team& team, int op, const float* a, const float* b, float* out, int n, int mode) {
	if (n <= 0) return;
	if (op == 0) binaryBy(team, a, b, out, n, mode, [](vf x, vf y) { return x + y; });
	else if (op == 1) binaryBy(team, a, b, out, n, mode, [](vf x, vf y) { return x - y; });
	else if (op == 2) binaryBy(team, a, b, out, n, mode, [](vf x, vf y) { return x * y; });
	else if (op == 3) binaryBy(team, a, b, out, n, mode, [](vf x, vf y) { return x / y; });
	else binaryBy(team, a, b, out, n, mode, [](vf x, vf y) { return floats((x > y) & bits(splat(1.0f))); });
}

template <class Op>
static void unaryBy(Team& team, const float* a, float* out, int n, int worth, Op op) {
	share(team, n, LANES, n < worth, [=](int from, int to, int) {
		eachVector(from, to, [=](int i, int r) { put(out + i, op(take(a + i, r)), r); });
	});
}

INLINE vf squareRoot(vf x) {
#ifdef __AVX512F__
	return (vf)_mm512_maskz_sqrt_ps(0xffff, (__m512)x);
#else
	return (vf)_mm256_sqrt_ps((__m256)x);
#endif
}

static void unary(Team& team, int op, const float* a, float* out, int n) {
	if (op == 0) unaryBy(team, a, out, n, WORTH, [](vf x) { return floats(bits(x) ^ splatInt(INT32_MIN)); });
	else if (op == 1) unaryBy(team, a, out, n, WORTH_MATH, [](vf x) { return expOf(x); });
	else if (op == 2) unaryBy(team, a, out, n, WORTH_MATH, [](vf x) { return logOf(x); });
	else if (op == 3) unaryBy(team, a, out, n, WORTH, [](vf x) { return squareRoot(x); });
	else if (op == 4) unaryBy(team, a, out, n, WORTH_MATH, [](vf x) { return sineOf(x, 0); });
	else if (op == 5) unaryBy(team, a, out, n, WORTH_MATH, [](vf x) { return sineOf(x, 1); });
	else unaryBy(team, a, out, n, WORTH, [](vf x) { return splat(1.0f) / x; });
}

static void fill(Team& team, float* dst, float value, int n) {
	share(team, n, LANES, n < WORTH, [=](int from, int to, int) {
		vf v = splat(value);
		eachVector(from, to, [=](int i, int r) { put(dst + i, v, r); });
	});
}

/** All lanes zero? */
INLINE bool none(vi v) {
#ifdef __AVX512F__
	return _mm512_test_epi32_mask((__m512i)v, (__m512i)v) == 0;
#else
	return _mm256_testz_si256((__m256i)v, (__m256i)v) != 0;
#endif
}

static int firstIn(const float* x, int from, int to) {
	vi exponent = splatInt(0x7f800000);
	int i = from;
	for (; i + 4 * LANES <= to; i += 4 * LANES) {
		vi bad = (bits(load(x + i)) & exponent) == exponent;
		for (int j = 1; j < 4; j++) bad |= (bits(load(x + i + j * LANES)) & exponent) == exponent;
		if (!none(bad)) break;
	}
	for (; i < to; i++) {
		uint32_t word;
		memcpy(&word, x + i, 4);
		if ((word & 0x7f800000) == 0x7f800000) return i;
	}
	return -1;
}

static int firstNonFinite(Team& team, const float* x, int n) {
	constexpr int PIECE = 65536;
	// In order of pieces; what lies after a find is not looked at by whoever comes later.
	int first = INT32_MAX;
	share(team, n, PIECE, n < 2 * PIECE, [&, x](int from, int to, int) {
		if (__atomic_load_n(&first, __ATOMIC_RELAXED) < from) return;
		int found = firstIn(x, from, to);
		if (found < 0) return;
		int known = __atomic_load_n(&first, __ATOMIC_RELAXED);
		while (found < known && !__atomic_compare_exchange_n(&first, &known, found, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {}
	});
	return first == INT32_MAX ? -1 : first;
}

void elementwiseKernels(KernelTable& table) {
	table.binary = binary;
	table.unary = unary;
	table.fill = fill;
	table.firstNonFinite = firstNonFinite;
}

}  // namespace ISA
