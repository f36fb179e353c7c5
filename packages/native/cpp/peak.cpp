// The register-only loop that gemm is measured against: assembly/peak.ts in wider vectors.
#include "kernels.h"
#include "team.h"
#include "vec.h"

namespace ISA {

/** Eight products of four factors into eight accumulators an iteration: 16 × LANES floating-point operations. */
static float peak(Team&, int iterations) {
	float small = (float)iterations * 1e-20f;
	vf x[4] = {splat(1.0f + small), splat(small - 1.0f), splat(2.0f + small), splat(small - 2.0f)};
	vf a[8];
	for (int i = 0; i < 8; i++) a[i] = splat(0.0f);
	for (int n = 0; n < iterations; n++) {
		// No instruction, but the compiler must believe that the factors change; the products then stay in the loop.
		for (int i = 0; i < 4; i++) asm volatile("" : "+v"(x[i]));
		a[0] = a[0] + x[0] * x[0];
		a[1] = a[1] + x[0] * x[1];
		a[2] = a[2] + x[0] * x[2];
		a[3] = a[3] + x[0] * x[3];
		a[4] = a[4] + x[1] * x[1];
		a[5] = a[5] + x[1] * x[2];
		a[6] = a[6] + x[1] * x[3];
		a[7] = a[7] + x[2] * x[2];
	}
	vf sum = a[0];
	for (int i = 1; i < 8; i++) sum = sum + a[i];
	return sum[0];
}

void peakKernels(KernelTable& table) { table.peak = peak; }

}  // namespace ISA
