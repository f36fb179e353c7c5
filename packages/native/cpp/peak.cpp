// The register-only loop that gemm is measured against. See assembly/peak.ts: the same numbers, in wider vectors and twice as many.
#include "kernels.h"
#include "team.h"
#include "vec.h"

namespace ISA {

/** Two groups of 7 pairs of a multiplication and an addition, 4 times an iteration: 112 × LANES floating-point operations. */
static float peak(Team&, int iterations) {
	constexpr int PAIRS = 7;
	vf one = splat(1.0f + (float)iterations * 1e-20f);
	vf m[2][PAIRS], a[2][PAIRS];
	for (int g = 0; g < 2; g++) {
		for (int i = 0; i < PAIRS; i++) {
			m[g][i] = splat((float)(i + 1));
			a[g][i] = splat(0.0f);
			// The groups are equal; the compiler must not see it.
			asm volatile("" : "+v"(m[g][i]), "+v"(a[g][i]));
		}
	}
	for (int n = 0; n < iterations; n++) {
#pragma GCC unroll 4
		for (int times = 0; times < 4; times++) {
#pragma GCC unroll 2
			for (int g = 0; g < 2; g++) {
#pragma GCC unroll 7
				for (int i = 0; i < PAIRS; i++) {
					a[g][i] = a[g][i] + m[g][i];
					m[g][i] = m[g][i] * one;
				}
			}
		}
	}
	for (int i = 0; i < PAIRS; i++) asm volatile("" : : "v"(a[1][i]));
	vf* s = a[0];
	vf sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + s[6]);
	return sum[0];
}

void peakKernels(KernelTable& table) { table.peak = peak; }

}  // namespace ISA
