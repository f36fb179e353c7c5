// Gradients of causal attention. The formula and the order of its sums: packages/tensor/src/kernels/assembly/attentionGrad.ts.
#include "attention.h"
#include "kernels.h"
#include "team.h"

namespace ISA {

namespace {

/** Query rows whose probabilities and slopes are held at once, before they are added to dk and dv. */
constexpr int BLOCK = 64;

struct Call {
	const float* q;
	const float* k;
	const float* v;
	const float* dout;
	float* dq;
	float* dk;
	float* dv;
	int B, T, H, Hkv, D;
	float scale;

	long row() const { return (long)H * D; }
	long rowKv() const { return (long)Hkv * D; }
};

/** Scratch of one kv head, cut into its pieces. */
struct Pieces {
	float* keys;
	float* values;
	float* keyFeatures;
	float* queryFeatures;
	float* slopeFeatures;
	float* p;
	float* ds;
	size_t floats;

	Pieces(float* at, int T, int D) {
		float* begin = at;
		auto take = [&](size_t n) {
			float* piece = at;
			at += (n + 15) / 16 * 16;
			return piece;
		};
		const size_t square = (size_t)BLOCK * (size_t)roundUp(T, LANES);
		keys = take(positionPanels(T, D));
		values = take(positionPanels(T, D));
		keyFeatures = take(featurePanels(T, D));
		queryFeatures = take(featurePanels(BLOCK, D));
		slopeFeatures = take(featurePanels(BLOCK, D));
		p = take(square);
		ds = take(square);
		floats = (size_t)(at - begin);
	}
};

/**
 * In place, dp_j → ds_j = (p_j·(dp_j − δ))·scale for the positions that a row sees, 0 up to padded; δ = strided-8 Σ p_j·dp_j. Rows as in
 * softmaxStrip.
 */
void slopeStrip(const float* probabilities, float* slopes, long ld, int rows, int count, int padded, float scale) {
	const vf scales = splat(scale);
	v8 sums[TILE_ROWS];
	for (int r = 0; r < rows; r++) {
		const float* p = probabilities + r * ld;
		float* dp = slopes + r * ld;
		const int last = (count + r - 1) / LANES * LANES;
		store(dp + last, firstLanes(load(dp + last), count + r - last, vf{}));
		v8 sum = {};
		for (int j = 0; j <= last; j += LANES) sum = addStrided(sum, load(p + j) * load(dp + j));
		sums[r] = sum;
	}
	for (int r = 0; r < rows; r++) {
		const float* p = probabilities + r * ld;
		float* dp = slopes + r * ld;
		const int last = (count + r - 1) / LANES * LANES;
		const vf delta = splat(sumTree(sums[r]));
		for (int j = 0; j <= last; j += LANES) store(dp + j, (load(p + j) * (load(dp + j) - delta)) * scales);
		// Positions that the row does not see get nothing from it, were δ infinite.
		store(dp + last, firstLanes(load(dp + last), count + r - last, vf{}));
		for (int j = last + LANES; j < padded; j += LANES) store(dp + j, vf{});
	}
}

/** Everything that kv head g of row b gets, and dq of its group. */
void slopesOfHead(const Call& call, int b, int g, const Pieces& at) {
	const int T = call.T, D = call.D, padded = roundUp(T, LANES), group = call.H / call.Hkv;
	const long row = call.row(), rowKv = call.rowKv();
	const long kv = ((long)b * T * call.Hkv + g) * D;
	packPositions(call.k + kv, rowKv, T, D, at.keys);
	packPositions(call.v + kv, rowKv, T, D, at.values);
	packFeatures(call.k + kv, rowKv, T, D, at.keyFeatures);
	for (int j = 0; j < T; j++) {
		memset(call.dk + kv + j * rowKv, 0, sizeof(float) * (size_t)D);
		memset(call.dv + kv + j * rowKv, 0, sizeof(float) * (size_t)D);
	}
	for (int h = g * group; h < (g + 1) * group; h++) {
		for (int i0 = 0; i0 < T; i0 += BLOCK) {
			const int block = least(T - i0, BLOCK);
			const long first = (((long)b * T + i0) * call.H + h) * D;
			for (int i = i0; i < i0 + block; i += TILE_ROWS) {
				const int rows = least(i0 + block - i, TILE_ROWS), seen = i + rows, whole = roundUp(seen, LANES);
				const long x = first + (i - i0) * row;
				float* p = at.p + (long)(i - i0) * padded;
				float* ds = at.ds + (long)(i - i0) * padded;
				scoreStrip({call.q + x, row, 1}, at.keys, T, D, rows, seen, p, padded);
				scoreStrip({call.dout + x, row, 1}, at.values, T, D, rows, seen, ds, padded);
				softmaxStrip(p, padded, rows, i + 1, whole, call.scale);
				slopeStrip(p, ds, padded, rows, i + 1, whole, call.scale);
				mixStrip({ds, padded, 1}, at.keyFeatures, T, 0, seen, D, {call.dq + x, row, 1}, rows, false);
			}
			packFeatures(call.q + first, row, block, D, at.queryFeatures);
			packFeatures(call.dout + first, row, block, D, at.slopeFeatures);
			for (int j = 0; j < i0 + block; j += TILE_ROWS) {
				// Rows before j do not see it.
				const int rows = least(i0 + block - j, TILE_ROWS), from = j > i0 ? j - i0 : 0;
				mixStrip({at.ds + j, 1, padded}, at.queryFeatures, block, from, block, D, {call.dk + kv + j * rowKv, rowKv, 1}, rows, true);
				mixStrip({at.p + j, 1, padded}, at.slopeFeatures, block, from, block, D, {call.dv + kv + j * rowKv, rowKv, 1}, rows, true);
			}
		}
	}
}

/** Multiply–adds below which a call stays on one thread. */
constexpr double WHOLE = 2e5;

void attentionGrad(Team& team, const float* q, const float* k, const float* v, const float* dout, float* dqkv, int B, int T, int H, int Hkv, int D,
	float scale) {
	float* dk = dqkv + (long)B * T * H * D;
	const Call call = {q, k, v, dout, dqkv, dk, dk + (long)B * T * Hkv * D, B, T, H, Hkv, D, scale};
	const size_t bytes = sizeof(float) * Pieces(nullptr, T, D).floats;
	auto head = [&](int n, int member) { slopesOfHead(call, n / Hkv, n % Hkv, Pieces((float*)team.scratch(member, bytes), T, D)); };
	if (2.5 * B * H * T * T * D < WHOLE)
		for (int n = 0; n < B * Hkv; n++) head(n, 0);
	else
		runParts(team, B * Hkv, head);
}

}  // namespace

void attentionGradKernels(KernelTable& table) { table.attentionGrad = attentionGrad; }

}  // namespace ISA
