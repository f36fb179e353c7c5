// SiLU gate and softmax cross-entropy, each with its gradient. See assembly/loss.ts.
#include "kernels.h"
#include "rows.h"
#include "team.h"

namespace ISA {

constexpr long WORTH = 8192;

/** 1/(1+exp(−g)) */
INLINE vf sigmoid(vf g) {
	vf one = splat(1.0f);
	return one / (one + expOf(floats(bits(g) ^ splatInt(INT32_MIN))));
}

static void siluGate(Team& team, const float* g, const float* u, float* out, int n) {
	share(team, n, LANES, n < WORTH, [=](int from, int to, int) {
		eachVector(from, to, [=](int i, int r) {
			vf x = take(g + i, r);
			put(out + i, (x * sigmoid(x)) * take(u + i, r), r);
		});
	});
}

static void siluGateGrad(Team& team, const float* g, const float* u, const float* dy, float* dgu, int n) {
	float* du = dgu + n;
	share(team, n, LANES, n < WORTH, [=](int from, int to, int) {
		vf one = splat(1.0f);
		eachVector(from, to, [=](int i, int r) {
			vf x = take(g + i, r);
			vf s = sigmoid(x);
			vf d = take(dy + i, r);
			vf slope = s * (one + x * (one - s));
			put(dgu + i, (d * take(u + i, r)) * slope, r);
			put(du + i, d * (x * s), r);
		});
	});
}

/** Strided-8 sum of exp(x − m). */
INLINE float sumExp(const float* x, int n, float m) {
	vf ms = splat(m);
	return sumStrided(n, [=](int i, int r) {
		vf e = expOf(take(x + i, r) - ms);
		return r == LANES ? e : firstLanes(e, r);
	});
}

static void crossEntropy(Team& team, const float* logits, const int32_t* targets, float* out, int rows, int V) {
	share(team, rows, 1, (long)rows * V < WORTH, [=](int from, int to, int) {
		for (int row = from; row < to; row++) {
			const float* x = logits + (long)row * V;
			float m = maxRow(x, V);
			out[row] = logOne(sumExp(x, V, m)) - (x[targets[row]] - m);
		}
	});
}

/** exp(x − m) goes to out, which may be the logits, and is divided there: half the exponentials, the same numbers. */
static void crossEntropyGrad(Team& team, const float* logits, const int32_t* targets, const float* dl, float* out, int rows, int V) {
	share(team, rows, 1, (long)rows * V < WORTH, [=](int from, int to, int) {
		for (int row = from; row < to; row++) {
			const float* x = logits + (long)row * V;
			float* o = out + (long)row * V;
			vf ms = splat(maxRow(x, V));
			float z = sumStrided(V, [=](int i, int r) {
				vf e = expOf(take(x + i, r) - ms);
				put(o + i, e, r);
				return r == LANES ? e : firstLanes(e, r);
			});
			float d = dl[row];
			float hit = o[targets[row]] / z;
			vf zs = splat(z), ds = splat(d);
			eachVector(0, V, [=](int i, int r) { put(o + i, (take(o + i, r) / zs) * ds, r); });
			o[targets[row]] = (hit - 1.0f) * d;
		}
	});
}

void lossKernels(KernelTable& table) {
	table.siluGate = siluGate;
	table.siluGateGrad = siluGateGrad;
	table.crossEntropy = crossEntropy;
	table.crossEntropyGrad = crossEntropyGrad;
}

}  // namespace ISA
