// Strided copies: broadcast, transpose, slice and concatenate are all this one kernel. See assembly/layout.ts.
#include "kernels.h"
#include "team.h"
#include "vec.h"

namespace ISA {

constexpr long WORTH = 32768;
constexpr int MOST_DIMENSIONS = 6;

struct Dimension {
	long count, from, to;
};

/** One run of n elements with strides s and t. */
static void copyRun(const float* src, float* dst, long n, long s, long t) {
	if (t == 1 && s == 1) {
		memcpy(dst, src, (size_t)n * 4);
	} else if (t == 1 && s == 0) {
		vf v = splat(*src);
		long i = 0;
		for (; i + LANES <= n; i += LANES) store(dst + i, v);
		for (; i < n; i++) dst[i] = *src;
	} else {
		for (long i = 0; i < n; i++) dst[i * t] = src[i * s];
	}
}

/** dst[i][j] = src[j][i] for i < 8 and j < 8; rows of src lie s apart, those of dst t. */
INLINE void transpose8(const float* src, float* dst, long s, long t) {
	__m256 r[8], p[8];
	for (int j = 0; j < 8; j++) r[j] = _mm256_loadu_ps(src + j * s);
	for (int j = 0; j < 8; j += 2) {
		p[j] = _mm256_unpacklo_ps(r[j], r[j + 1]);
		p[j + 1] = _mm256_unpackhi_ps(r[j], r[j + 1]);
	}
	for (int j = 0; j < 8; j += 4) {
		r[j] = _mm256_shuffle_ps(p[j], p[j + 2], 0x44);
		r[j + 1] = _mm256_shuffle_ps(p[j], p[j + 2], 0xee);
		r[j + 2] = _mm256_shuffle_ps(p[j + 1], p[j + 3], 0x44);
		r[j + 3] = _mm256_shuffle_ps(p[j + 1], p[j + 3], 0xee);
	}
	for (int j = 0; j < 4; j++) {
		_mm256_storeu_ps(dst + j * t, _mm256_permute2f128_ps(r[j], r[j + 4], 0x20));
		_mm256_storeu_ps(dst + (j + 4) * t, _mm256_permute2f128_ps(r[j], r[j + 4], 0x31));
	}
}

/** dst[i][j] = src[j][i] for i < n and j < m. */
static void transpose(const float* src, float* dst, long n, long m, long s, long t) {
	long i = 0;
	for (; i + 8 <= n; i += 8) {
		long j = 0;
		for (; j + 8 <= m; j += 8) transpose8(src + j * s + i, dst + i * t + j, s, t);
		for (; j < m; j++) {
			for (int k = 0; k < 8; k++) dst[(i + k) * t + j] = src[j * s + i + k];
		}
	}
	for (; i < n; i++) copyRun(src + i, dst + i * t, m, s, 1);
}

/** Dimensions innermost first, sizes of one dropped and neighbours that continue each other merged; false if there is nothing to copy. */
static bool merge(int ndim, const int32_t* params, Dimension* out, int* used) {
	*used = 0;
	for (int i = ndim - 1; i >= 0; i--) {
		Dimension d = {params[i], params[ndim + i], params[2 * ndim + i]};
		if (d.count == 0) return false;
		if (d.count == 1) continue;
		Dimension* last = *used > 0 ? &out[*used - 1] : nullptr;
		if (last != nullptr && d.from == last->count * last->from && d.to == last->count * last->to) last->count *= d.count;
		else out[(*used)++] = d;
	}
	for (int i = *used; i < MOST_DIMENSIONS; i++) out[i] = {1, 0, 0};
	if (*used == 0) out[0] = {1, 1, 1};
	return true;
}

/** Where the outer dimensions `first`.. stand at place `at` of their product. */
INLINE void locate(const Dimension* d, int first, long at, long* from, long* to) {
	for (int i = first; i < MOST_DIMENSIONS; i++) {
		long index = at % d[i].count;
		at /= d[i].count;
		*from += index * d[i].from;
		*to += index * d[i].to;
	}
}

static void copyStrided(Team& team, const float* src, float* dst, int ndim, const int32_t* params) {
	Dimension d[MOST_DIMENSIONS];
	int used;
	if (!merge(ndim, params, d, &used)) return;
	long all = 1;
	for (const Dimension& each : d) all *= each.count;
	bool swap = d[0].to == 1 && d[1].from == 1 && d[0].from > 1 && d[1].count >= 4;
	int inner = swap ? 2 : 1;
	long outer = all / d[0].count / (swap ? d[1].count : 1);
	bool whole = all < WORTH || outer > INT32_MAX;
	if (outer < 2 * team.size && !whole) {
		// One large block: cut along its own outer side.
		const Dimension& cut = swap ? d[1] : d[0];
		share(team, (int)cut.count, 16, false, [=](int from, int to, int) {
			for (long at = 0; at < outer; at++) {
				long p = 0, q = 0;
				locate(d, inner, at, &p, &q);
				const float* a = src + p + from * cut.from;
				float* b = dst + q + from * cut.to;
				if (swap) transpose(a, b, to - from, d[0].count, d[0].from, d[1].to);
				else copyRun(a, b, to - from, d[0].from, d[0].to);
			}
		});
		return;
	}
	auto block = [=](long from, long to) {
		for (long at = from; at < to; at++) {
			long p = 0, q = 0;
			locate(d, inner, at, &p, &q);
			if (swap) transpose(src + p, dst + q, d[1].count, d[0].count, d[0].from, d[1].to);
			else copyRun(src + p, dst + q, d[0].count, d[0].from, d[0].to);
		}
	};
	if (whole) block(0, outer);
	else share(team, (int)outer, 1, false, [=](int from, int to, int) { block(from, to); });
}

void layoutKernels(KernelTable& table) { table.copyStrided = copyStrided; }

}  // namespace ISA
