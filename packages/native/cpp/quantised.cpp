// Rows times int8 weights. All sums are of whole numbers, exact in 32 bits (or modulo 2^32 on the way), so every path gives the same bits.
#include "kernels.h"
#include "team.h"
#include "vec.h"

#include <type_traits>

namespace ISA {

constexpr int PANEL = 16;
/** Multiply–adds that do not repay waking anybody. */
constexpr long SMALL = 600000;

/** A row in int8, padded with zeros to a multiple of 4. */
struct Row {
	const int8_t* q;
	float scale;
	/** −128 times the sum of q: what 128 added to each weight must take away. */
	int32_t correction;
};

/** See quantiseRow in packages/tensor/src/kernels/twin/quantised.ts. */
static Row quantiseRow(const float* x, int8_t* q, int K, int K4) {
	const __m256i magnitude = _mm256_set1_epi32(0x7fffffff);
	__m256i most8 = _mm256_setzero_si256();
	int k = 0;
	for (; k + 8 <= K; k += 8) most8 = _mm256_max_epi32(most8, _mm256_and_si256(_mm256_loadu_si256((const __m256i*)(x + k)), magnitude));
	alignas(32) int32_t lanes[8];
	_mm256_store_si256((__m256i*)lanes, most8);
	int32_t most = 0;
	for (int i = 0; i < 8; i++) most = lanes[i] > most ? lanes[i] : most;
	for (; k < K; k++) {
		int32_t word;
		memcpy(&word, x + k, 4);
		word &= 0x7fffffff;
		most = word > most ? word : most;
	}
	float greatest;
	memcpy(&greatest, &most, 4);
	float scale = greatest / 127;
	memset(q + (K & ~7), 0, (size_t)(K4 - (K & ~7)));
	// Infinity and NaN leave no whole number either: everything over them is 0 or NaN.
	if (scale == 0 || most >= 0x7f800000) {
		memset(q, 0, (size_t)K4);
		return {q, scale, 0};
	}
	const __m256 scales = _mm256_set1_ps(scale), high = _mm256_set1_ps(127), low = _mm256_set1_ps(-127);
	auto eight = [&](__m256 v) {
		__m256i n = _mm256_cvtps_epi32(_mm256_max_ps(_mm256_min_ps(_mm256_div_ps(v, scales), high), low));
		__m128i words = _mm_packs_epi32(_mm256_castsi256_si128(n), _mm256_extracti128_si256(n, 1));
		return _mm_packs_epi16(words, words);
	};
	for (k = 0; k + 8 <= K; k += 8) _mm_storel_epi64((__m128i*)(q + k), eight(_mm256_loadu_ps(x + k)));
	if (k < K) {
		alignas(16) int8_t rest[16];
		_mm_store_si128((__m128i*)rest, eight((__m256)loadPartial8(x + k, K - k)));
		memcpy(q + k, rest, (size_t)(K - k));
	}
	int32_t sum = 0;
	for (k = 0; k < K; k++) sum += q[k];
	return {q, scale, -128 * sum};
}

/** f32(sum) · (scale of the row · scale of the column) for `left` columns at most. */
static inline void finish(vi sum, float scale, const float* scales, float* out, int left) {
	vf y = __builtin_convertvector(sum, vf) * (splat(scale) * load(scales));
	if (left >= LANES) store(out, y);
	else if (left > 0) storePartial(out, y, left);
}

/** Four int8 of a row as one number to be spread. */
static inline int32_t four(const int8_t* q) {
	int32_t word;
	memcpy(&word, q, 4);
	return word;
}

#ifdef __AVX512F__
constexpr int HALVES = 2;
typedef __m512i Pairs;
#define LOAD_WEIGHTS(p) _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i*)(p)))
#define SPREAD(q) _mm512_maskz_broadcastq_epi64(0xff, _mm_cvtepi8_epi16(_mm_cvtsi32_si128(four(q))))
#define ADD_PAIRS(sum, w, x) _mm512_add_epi32(sum, _mm512_madd_epi16(w, x))
#else
constexpr int HALVES = 4;
typedef __m256i Pairs;
#define LOAD_WEIGHTS(p) _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)(p)))
#define SPREAD(q) _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(four(q))))
#define ADD_PAIRS(sum, w, x) _mm256_add_epi32(sum, _mm256_madd_epi16(w, x))
#endif

/** M rows times one panel, by products of 16-bit numbers summed in pairs: exact, unlike those that saturate. */
template <int M>
static void rowsTimesPanel(const Row* rows, const int8_t* panel, const float* scales, float* out, long ldo, int K4, int cols) {
	Pairs sum[M][HALVES];
	for (int m = 0; m < M; m++)
		for (int h = 0; h < HALVES; h++) sum[m][h] = Pairs{};
	for (int k = 0; k < K4; k += 4) {
		Pairs x[M];
		for (int m = 0; m < M; m++) x[m] = SPREAD(rows[m].q + k);
		for (int h = 0; h < HALVES; h++) {
			Pairs w = LOAD_WEIGHTS(panel + (long)k * PANEL + h * (64 / HALVES));
			for (int m = 0; m < M; m++) sum[m][h] = ADD_PAIRS(sum[m][h], w, x[m]);
		}
	}
	for (int m = 0; m < M; m++) {
		alignas(64) int32_t pairs[2 * PANEL], whole[PANEL];
		memcpy(pairs, sum[m], sizeof(pairs));
		for (int j = 0; j < PANEL; j++) whole[j] = pairs[2 * j] + pairs[2 * j + 1];
		for (int j = 0; j < PANEL; j += LANES) {
			vi part;
			memcpy(&part, whole + j, sizeof(part));
			finish(part, rows[m].scale, scales + j, out + m * ldo + j, cols - j);
		}
	}
}

static void panelsPlainly(const Row* rows, const int8_t* words, const float* scales, float* out, int M, int N, int K4, int first, int last) {
	for (int i = first; i < last; i++) {
		const int8_t* panel = words + (long)i * K4 * PANEL;
		float* to = out + i * PANEL;
		int cols = N - i * PANEL;
		int m = 0;
		for (; m + 2 <= M; m += 2) rowsTimesPanel<2>(rows + m, panel, scales + i * PANEL, to + (long)m * N, N, K4, cols);
		if (m < M) rowsTimesPanel<1>(rows + m, panel, scales + i * PANEL, to + (long)m * N, N, K4, cols);
	}
}

#ifdef __AVX512F__
#define VNNI __attribute__((target("avx512vnni")))

/**
 * M rows times P panels by vpdpbusd, which multiplies unsigned by signed bytes and adds four products without saturating: weights go in with
 * 128 added, and the row's correction takes it away again.
 */
template <int M, int P>
VNNI static void rowsTimesPanelsVnni(const Row* rows, const int8_t* words, const float* scales, float* out, long ldo, int K4, int cols) {
	long step = (long)K4 * PANEL;
	__m512i sum[M][P];
	for (int m = 0; m < M; m++)
		for (int p = 0; p < P; p++) sum[m][p] = _mm512_set1_epi32(rows[m].correction);
	const __m512i offset = _mm512_set1_epi32((int32_t)0x80808080);
	for (int k = 0; k < K4; k += 4) {
		for (int p = 0; p < P; p++) {
			__m512i w = _mm512_xor_si512(_mm512_loadu_si512(words + p * step + (long)k * PANEL), offset);
			for (int m = 0; m < M; m++) sum[m][p] = _mm512_dpbusd_epi32(sum[m][p], w, _mm512_set1_epi32(four(rows[m].q + k)));
		}
	}
	for (int m = 0; m < M; m++) {
		for (int p = 0; p < P; p++) {
			int left = p + 1 < P ? PANEL : cols;
			__m512 y = _mm512_mul_ps(_mm512_maskz_cvtepi32_ps(0xffff, sum[m][p]),
				_mm512_mul_ps(_mm512_set1_ps(rows[m].scale), _mm512_loadu_ps(scales + p * PANEL)));
			_mm512_mask_storeu_ps(out + m * ldo + p * PANEL, (__mmask16)(left >= PANEL ? 0xffff : (1u << left) - 1), y);
		}
	}
}

template <int P>
VNNI static void allRowsVnni(const Row* rows, const int8_t* words, const float* scales, float* out, int M, int N, int K4, int cols) {
	int m = 0;
	for (; P <= 2 && m + 8 <= M; m += 8) rowsTimesPanelsVnni<8, P>(rows + m, words, scales, out + (long)m * N, N, K4, cols);
	for (; m + 4 <= M; m += 4) rowsTimesPanelsVnni<4, P>(rows + m, words, scales, out + (long)m * N, N, K4, cols);
	for (; m < M; m++) rowsTimesPanelsVnni<1, P>(rows + m, words, scales, out + (long)m * N, N, K4, cols);
}

VNNI static void panelsVnni(const Row* rows, const int8_t* words, const float* scales, float* out, int M, int N, int K4, int first, int last) {
	long step = (long)K4 * PANEL;
	auto cols = [&](int panel) { return least(PANEL, N - panel * PANEL); };
	int i = first;
	if (M <= 4) {
		for (; i + 4 <= last; i += 4)
			allRowsVnni<4>(rows, words + i * step, scales + i * PANEL, out + i * PANEL, M, N, K4, cols(i + 3));
	}
	for (; i + 2 <= last; i += 2)
		allRowsVnni<2>(rows, words + i * step, scales + i * PANEL, out + i * PANEL, M, N, K4, cols(i + 1));
	for (; i < last; i++) allRowsVnni<1>(rows, words + i * step, scales + i * PANEL, out + i * PANEL, M, N, K4, cols(i));
}

static bool hasVnni() {
	__builtin_cpu_init();
	return __builtin_cpu_supports("avx512vnni");
}
#endif

static void gemmQuantised(Team& team, const float* x, const int8_t* words, const float* scales, float* out, int M, int N, int K, int first, int last) {
	int K4 = (K + 3) & ~3;
	// The caller's own memory; read by all, written by nobody while they read.
	char* memory = (char*)team.scratch(0, sizeof(Row) * (size_t)M + 64 + (size_t)M * K4);
	if (memory == nullptr) return;
	Row* rows = (Row*)memory;
	int8_t* numbers = (int8_t*)(memory + ((sizeof(Row) * (size_t)M + 63) & ~(size_t)63));
	for (int m = 0; m < M; m++) rows[m] = quantiseRow(x + (long)m * K, numbers + (long)m * K4, K, K4);
	auto panels = panelsPlainly;
#ifdef __AVX512F__
	static const bool vnni = hasVnni();
	if (vnni) panels = panelsVnni;
#endif
	share(team, last - first, 4, (long)M * K * PANEL * (last - first) < SMALL, [&](int from, int to, int) {
		panels(rows, words, scales, out, M, N, K4, first + from, first + to);
	});
}

void quantisedKernels(KernelTable& table) { table.gemmQuantised = gemmQuantised; }

}  // namespace ISA
