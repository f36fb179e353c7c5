// RMSNorm with its two gradients, and rotary position embedding. See assembly/norm.ts.
#include "kernels.h"
#include "rows.h"
#include "team.h"

namespace ISA {

constexpr long WORTH = 16384;

/** 1/√(ms+eps), ms = (strided-8 sum of x²)/width. */
INLINE float inverseRms(const float* x, int width, float eps) {
	float sum = sumStrided(width, [=](int i, int r) {
		vf v = take(x + i, r);
		return v * v;
	});
	float mean = sum / (float)width;
	return 1.0f / __builtin_sqrtf(mean + eps);
}

static void rmsNorm(Team& team, const float* x, const float* w, float* out, int rows, int width, float eps) {
	share(team, rows, 1, (long)rows * width < WORTH, [=](int from, int to, int) {
		for (int row = from; row < to; row++) {
			const float* a = x + (long)row * width;
			float* o = out + (long)row * width;
			vf r = splat(inverseRms(a, width, eps));
			eachVector(0, width, [=](int i, int n) { put(o + i, (take(a + i, n) * r) * take(w + i, n), n); });
		}
	});
}

static void rmsNormGradX(Team& team, const float* x, const float* w, const float* dy, float* dx, int rows, int width, float eps) {
	share(team, rows, 1, (long)rows * width < WORTH, [=](int from, int to, int) {
		for (int row = from; row < to; row++) {
			const float* a = x + (long)row * width;
			const float* d = dy + (long)row * width;
			float* o = dx + (long)row * width;
			float r = inverseRms(a, width, eps);
			float sum = sumStrided(width, [=](int i, int n) { return (take(d + i, n) * take(w + i, n)) * take(a + i, n); });
			float cube = (r * r) * r;
			float c = (sum * cube) / (float)width;
			vf rs = splat(r);
			vf cs = splat(c);
			eachVector(0, width, [=](int i, int n) {
				put(o + i, (take(d + i, n) * take(w + i, n)) * rs - take(a + i, n) * cs, n);
			});
		}
	});
}

/** The rows' 1/√ first, then the sums, shared by columns. */
static void rmsNormGradW(Team& team, const float* x, const float* dy, float* dw, int rows, int width, float eps) {
	bool whole = (long)rows * width < WORTH;
	float* inverse = (float*)team.scratch(0, (size_t)(rows > 0 ? rows : 1) * 4);
	if (inverse == nullptr) return;
	share(team, rows, 1, whole, [=](int from, int to, int) {
		for (int row = from; row < to; row++) inverse[row] = inverseRms(x + (long)row * width, width, eps);
	});
	share(team, width, LANES, whole, [=](int from, int to, int) {
		constexpr int FEW = 4;
		int i = from;
		for (; i + FEW * LANES <= to; i += FEW * LANES) {
			vf sum[FEW];
			for (int j = 0; j < FEW; j++) sum[j] = splat(0.0f);
			for (int row = 0; row < rows; row++) {
				const float* a = x + (long)row * width + i;
				const float* d = dy + (long)row * width + i;
				vf r = splat(inverse[row]);
				for (int j = 0; j < FEW; j++) sum[j] = sum[j] + load(d + j * LANES) * (load(a + j * LANES) * r);
			}
			for (int j = 0; j < FEW; j++) store(dw + i + j * LANES, sum[j]);
		}
		eachVector(i, to, [=](int at, int n) {
			vf sum = splat(0.0f);
			for (int row = 0; row < rows; row++) {
				long place = (long)row * width + at;
				sum = sum + take(dy + place, n) * (take(x + place, n) * splat(inverse[row]));
			}
			put(dw + at, sum, n);
		});
	});
}

static void rope(Team& team, const float* x, const float* cos, const float* sin, float* out, int B, int T, int H, int D, float sign) {
	int half = D >> 1;
	share(team, B * T, 1, (long)B * T * H * D < WORTH, [=](int from, int to, int) {
		vf signs = splat(sign);
		for (int position = from; position < to; position++) {
			const float* c = cos + (long)(position % T) * half;
			const float* s = sin + (long)(position % T) * half;
			for (int h = 0; h < H; h++) {
				const float* a = x + ((long)position * H + h) * (2 * half);
				float* o = out + ((long)position * H + h) * (2 * half);
				eachVector(0, half, [=](int i, int n) {
					vf low = take(a + i, n);
					vf high = take(a + half + i, n);
					vf cv = take(c + i, n);
					vf sv = signs * take(s + i, n);
					put(o + i, low * cv - high * sv, n);
					put(o + half + i, high * cv + low * sv, n);
				});
			}
		}
	});
}

void normKernels(KernelTable& table) {
	table.rmsNorm = rmsNorm;
	table.rmsNormGradX = rmsNormGradX;
	table.rmsNormGradW = rmsNormGradW;
	table.rope = rope;
}

}  // namespace ISA
