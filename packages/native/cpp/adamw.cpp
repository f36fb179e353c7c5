// One AdamW step of one parameter, in place. See assembly/adamw.ts.
#include "kernels.h"
#include "team.h"
#include "vec.h"

namespace ISA {

/** Elements below which waking the team costs more than it saves. */
constexpr int ADAMW_WORTH = 8192;

INLINE vf adamwRoot(vf x) {
#ifdef __AVX512F__
	return (vf)_mm512_maskz_sqrt_ps(0xffff, (__m512)x);
#else
	return (vf)_mm256_sqrt_ps((__m256)x);
#endif
}

template <bool DECAYS>
static void adamwRange(float* p, float* m, float* v, const float* g, int from, int to, const float* s) {
	vf rate = splat(s[0]), correction1 = splat(s[1]), correction2 = splat(s[2]), factor = splat(s[3]);
	vf beta1 = splat(s[4]), rest1 = splat(s[5]), beta2 = splat(s[6]), rest2 = splat(s[7]);
	vf epsilon = splat(s[8]), epsilonRoot = splat(s[9]), decay = splat(s[10]);
	for (int i = from; i < to; i += LANES) {
		int r = least(LANES, to - i);
		bool whole = r == LANES;
		vf d = (whole ? load(g + i) : loadPartial(g + i, r)) * factor;
		vf first = (whole ? load(m + i) : loadPartial(m + i, r)) * beta1 + d * rest1;
		vf second = (whole ? load(v + i) : loadPartial(v + i, r)) * beta2 + (d * d) * rest2;
		vf now = whole ? load(p + i) : loadPartial(p + i, r);
		vf direction = (first * correction1) / (adamwRoot(second * correction2 + epsilonRoot) + epsilon);
		vf next = now - (DECAYS ? direction + now * decay : direction) * rate;
		if (whole) {
			store(m + i, first);
			store(v + i, second);
			store(p + i, next);
		} else {
			storePartial(m + i, first, r);
			storePartial(v + i, second, r);
			storePartial(p + i, next, r);
		}
	}
}

static void adamw(Team& team, float* p, float* m, float* v, const float* g, int n, const float* s) {
	share(team, n, LANES, n < ADAMW_WORTH, [=](int from, int to, int) {
		if (s[10] != 0.0f) adamwRange<true>(p, m, v, g, from, to, s);
		else adamwRange<false>(p, m, v, g, from, to, s);
	});
}

void adamwKernels(KernelTable& table) { table.adamw = adamw; }

}  // namespace ISA
