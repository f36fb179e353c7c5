// Gradients of causal attention. The formula and the order of its sums: packages/tensor/src/kernels/assembly/attentionGrad.ts.
#include "attention.h"
#include "kernels.h"
#include "team.h"

namespace ISA {

namespace {

/**
 * Query rows whose probabilities and slopes are held at once, before they are added to dk and dv: on one thread, so that they stay in the
 * second-level cache; and where all threads share a head, so that each has enough to do.
 */
constexpr int BLOCK = 64;
constexpr int SHARED_BLOCK = 256;

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

/** Scratch of one kv head, cut into its pieces; rows is the length of a block. */
struct Pieces {
	int rows;
	float* keys;
	float* values;
	float* keyFeatures;
	float* queryFeatures;
	float* slopeFeatures;
	float* p;
	float* ds;
	size_t floats;

	Pieces(float* at, int T, int D, int most) : rows(least(most, T)) {
		size_t top = 0;
		auto take = [&](size_t n) {
			float* piece = at + top;
			top += (n + 15) / 16 * 16;
			return piece;
		};
		const size_t square = (size_t)rows * (size_t)roundUp(T, LANES);
		keys = take(positionPanels(T, D));
		values = take(positionPanels(T, D));
		keyFeatures = take(featurePanels(T, D));
		queryFeatures = take(featurePanels(rows, D));
		slopeFeatures = take(featurePanels(rows, D));
		p = take(square);
		ds = take(square);
		floats = top;
	}
};

size_t bytesOf(const Call& call, int most) { return sizeof(float) * Pieces(nullptr, call.T, call.D, most).floats; }

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

/** Some rows of one head: first, first+1 … of row b of the batch. */
struct Block {
	int b;
	int h;
	int first;
	int rows;
	/** Whether it is the first head of its group. */
	bool opens;
};

void packHead(const Call& call, int b, int g, const Pieces& at) {
	const long kv = ((long)b * call.T * call.Hkv + g) * call.D;
	packPositions(call.k + kv, call.rowKv(), call.T, call.D, at.keys);
	packPositions(call.v + kv, call.rowKv(), call.T, call.D, at.values);
	packFeatures(call.k + kv, call.rowKv(), call.T, call.D, at.keyFeatures);
}

/** p, ds and dq of the strip of queries that begins at i. */
void queryStrip(const Call& call, const Pieces& at, const Block& block, int i) {
	const int D = call.D, padded = roundUp(call.T, LANES), local = i - block.first;
	const int rows = least(block.rows - local, TILE_ROWS), seen = i + rows, whole = roundUp(seen, LANES);
	const long x = (((long)block.b * call.T + i) * call.H + block.h) * D;
	float* p = at.p + (long)local * padded;
	float* ds = at.ds + (long)local * padded;
	scoreStrip({call.q + x, call.row(), 1}, at.keys, call.T, D, rows, seen, p, padded);
	scoreStrip({call.dout + x, call.row(), 1}, at.values, call.T, D, rows, seen, ds, padded);
	softmaxStrip(p, padded, rows, i + 1, whole, call.scale);
	slopeStrip(p, ds, padded, rows, i + 1, whole, call.scale);
	mixStrip({ds, padded, 1}, at.keyFeatures, call.T, 0, seen, D, {call.dq + x, call.row(), 1}, rows, false);
}

/** The features of q and dout, for keyStrip. */
void packBlock(const Call& call, const Pieces& at, const Block& block) {
	const long x = (((long)block.b * call.T + block.first) * call.H + block.h) * call.D;
	packFeatures(call.q + x, call.row(), block.rows, call.D, at.queryFeatures);
	packFeatures(call.dout + x, call.row(), block.rows, call.D, at.slopeFeatures);
}

/** What the block's queries add to dk and dv of the strip of positions that begins at j. */
void keyStrip(const Call& call, const Pieces& at, const Block& block, int j) {
	const int D = call.D, padded = roundUp(call.T, LANES), end = block.first + block.rows;
	const int rows = least(end - j, TILE_ROWS);
	// Queries before j do not see it; and those that see it first begin its sums.
	const int from = j > block.first ? j - block.first : 0;
	const bool add = !block.opens || j < block.first;
	const long kv = (((long)block.b * call.T + j) * call.Hkv + block.h / (call.H / call.Hkv)) * D;
	mixStrip({at.ds + j, 1, padded}, at.queryFeatures, block.rows, from, block.rows, D, {call.dk + kv, call.rowKv(), 1}, rows, add);
	mixStrip({at.p + j, 1, padded}, at.slopeFeatures, block.rows, from, block.rows, D, {call.dv + kv, call.rowKv(), 1}, rows, add);
}

/** f(block) for the blocks of the heads that read kv head g, in the order of their sums. */
template <class F>
void eachBlock(const Call& call, int b, int g, int length, F f) {
	const int group = call.H / call.Hkv;
	for (int h = g * group; h < (g + 1) * group; h++)
		for (int i = 0; i < call.T; i += length) f(Block{b, h, i, least(call.T - i, length), h == g * group});
}

/** One kv head on one thread. */
void headAlone(const Call& call, int b, int g, const Pieces& at) {
	packHead(call, b, g, at);
	eachBlock(call, b, g, at.rows, [&](const Block& block) {
		const int end = block.first + block.rows;
		for (int i = block.first; i < end; i += TILE_ROWS) queryStrip(call, at, block, i);
		packBlock(call, at, block);
		for (int j = 0; j < end; j += TILE_ROWS) keyStrip(call, at, block, j);
	});
}

/** One kv head on all threads: first the queries of a block, then the positions they see. */
void headShared(Team& team, const Call& call, int b, int g, const Pieces& at) {
	packHead(call, b, g, at);
	eachBlock(call, b, g, at.rows, [&](const Block& block) {
		const int end = block.first + block.rows;
		packBlock(call, at, block);
		// Late strips are the long ones.
		auto query = [&](int part, int) { queryStrip(call, at, block, block.first + (ceilDiv(block.rows, TILE_ROWS) - 1 - part) * TILE_ROWS); };
		auto key = [&](int part, int) { keyStrip(call, at, block, part * TILE_ROWS); };
		runParts(team, ceilDiv(block.rows, TILE_ROWS), query);
		runParts(team, ceilDiv(end, TILE_ROWS), key);
	});
}

/** Multiply–adds below which a call stays on one thread, and those of a head that is worth sharing. */
constexpr double WHOLE = 2e5;
constexpr double WORTH_SHARING = 4e6;

void attentionGrad(Team& team, const float* q, const float* k, const float* v, const float* dout, float* dqkv, int B, int T, int H, int Hkv, int D,
	float scale) {
	float* dk = dqkv + (long)B * T * H * D;
	const Call call = {q, k, v, dout, dqkv, dk, dk + (long)B * T * Hkv * D, B, T, H, Hkv, D, scale};
	const int heads = B * Hkv;
	const double work = 2.5 * H / Hkv * T * T * D;
	const bool alone = team.size == 1 || heads * work < WHOLE;
	// Heads that do not divide evenly would leave threads idle: the last few are shared.
	const int uneven = alone || heads >= 8 * team.size || work < WORTH_SHARING ? 0 : heads % team.size;
	const size_t bytes = bytesOf(call, BLOCK);
	auto head = [&](int n, int member) {
		float* scratch = (float*)team.scratch(member, bytes);
		if (scratch != nullptr) headAlone(call, n / Hkv, n % Hkv, Pieces(scratch, T, D, BLOCK));
	};
	if (alone)
		for (int n = 0; n < heads; n++) head(n, 0);
	else
		runParts(team, heads - uneven, head);
	if (uneven == 0) return;
	float* scratch = (float*)team.scratch(0, bytesOf(call, SHARED_BLOCK));
	if (scratch == nullptr) return;
	for (int n = heads - uneven; n < heads; n++) headShared(team, call, n / Hkv, n % Hkv, Pieces(scratch, T, D, SHARED_BLOCK));
}

}  // namespace

void attentionGradKernels(KernelTable& table) { table.attentionGrad = attentionGrad; }

}  // namespace ISA
