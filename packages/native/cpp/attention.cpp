// Causal attention with grouped key/value heads. A row's bits depend on positions up to its own and on nothing else.
// The formula and the order of its sums: packages/tensor/src/kernels/assembly/attention.ts.
#include "attention.h"
#include "kernels.h"
#include "rowProduct.h"
#include "team.h"

namespace ISA {

namespace {

/** q, out [B,Tq,H,D]; k, v [B,capacity,Hkv,D] with Tk rows filled; the queries are the last Tq of the Tk positions. */
struct Call {
	const float* q;
	const float* k;
	const float* v;
	float* out;
	int B, Tq, Tk, capacity, H, Hkv, D;
	float scale;

	int group() const { return H / Hkv; }
	long row() const { return (long)H * D; }
	long rowKv() const { return (long)Hkv * D; }
	const float* keys(int b, int g) const { return k + ((long)b * capacity * Hkv + g) * D; }
	const float* values(int b, int g) const { return v + ((long)b * capacity * Hkv + g) * D; }
	long query(int b, int i, int h) const { return (((long)b * Tq + i) * H + h) * D; }
};

/** Queries from..to-1 of the heads that read kv head g, in strips, over packed keys and values. */
void attendStrips(const Call& call, int b, int g, int first, int last, float* scratch) {
	const int D = call.D, past = call.Tk - call.Tq, count = past + last, padded = roundUp(count, LANES);
	float* keys = scratch;
	float* values = keys + positionPanels(count, D);
	float* scores = values + featurePanels(count, D);
	packPositions(call.keys(b, g), call.rowKv(), count, D, keys);
	packFeatures(call.values(b, g), call.rowKv(), count, D, values);
	for (int h = g * call.group(); h < (g + 1) * call.group(); h++) {
		for (int i = first; i < last; i += TILE_ROWS) {
			const int rows = least(last - i, TILE_ROWS), seen = past + i + rows;
			const long at = call.query(b, i, h);
			scoreStrip({call.q + at, call.row(), 1}, keys, count, D, rows, seen, scores, padded);
			softmaxStrip(scores, padded, rows, past + i + 1, roundUp(seen, LANES), call.scale);
			mixStrip({scores, padded, 1}, values, count, 0, seen, D, {call.out + at, call.row(), 1}, rows, false);
		}
	}
}

size_t stripBytes(const Call& call) {
	return sizeof(float) * (positionPanels(call.Tk, call.D) + featurePanels(call.Tk, call.D) + (size_t)TILE_ROWS * (size_t)roundUp(call.Tk, LANES));
}

/** The same for one query of few: keys and values are read where they lie, once for all heads that share them. */
void attendInPlace(const Call& call, int b, int g, float* scratch) {
	const int D = call.D, padded = roundUp(call.Tk, LANES);
	float* scores = scratch;
	float* spare = scores + (size_t)FEW_ROWS * (size_t)padded;
	for (int i = 0; i < call.Tq; i++) {
		const int seen = call.Tk - call.Tq + i + 1;
		for (int h = 0; h < call.group(); h += FEW_ROWS) {
			const int rows = least(call.group() - h, FEW_ROWS);
			const long at = call.query(b, i, g * call.group() + h);
			rowProduct(call.q + at, D, rows, call.keys(b, g), call.rowKv(), seen, D, scores, padded);
			for (int r = 0; r < rows; r++) softmaxStrip(scores + (long)r * padded, padded, 1, seen, roundUp(seen, LANES), call.scale);
			multiply({scores, padded, 1}, {call.values(b, g), 1, call.rowKv()}, {call.out + at, D, 1}, rows, D, seen, spare);
		}
	}
}

size_t inPlaceBytes(const Call& call) {
	return sizeof(float) * (size_t)FEW_ROWS * (size_t)roundUp(call.Tk, LANES) + scratchBytes(call.D, call.Tk);
}

/** Queries up to which packing keys and values costs more than it saves. */
constexpr int FEW_QUERIES = 3;
/** Multiply–adds below which a call stays on one thread. */
constexpr double WHOLE = 1e5;

void attend(Team& team, const Call& call) {
	const double work = 2.0 * call.B * call.H * call.Tq * (call.Tk - call.Tq / 2) * call.D;
	const int heads = call.B * call.Hkv;
	const bool whole = work < WHOLE;
	if (call.Tq <= FEW_QUERIES) {
		share(team, heads, 1, whole, [&](int from, int to, int member) {
			float* scratch = (float*)team.scratch(member, inPlaceBytes(call));
			if (scratch == nullptr) return;
			for (int n = from; n < to; n++) attendInPlace(call, n / call.Hkv, n % call.Hkv, scratch);
		});
		return;
	}
	// Few heads do not divide evenly among the threads: then the queries are cut too, the long rows first.
	const bool even = whole || heads % team.size == 0 || heads >= 4 * team.size;
	const int cuts = even ? 1 : least(4, ceilDiv(call.Tq, TILE_ROWS));
	auto piece = [&](int part, int member) {
		const int n = part % heads, cut = cuts - 1 - part / heads;
		const int strips = ceilDiv(call.Tq, TILE_ROWS);
		const int first = strips * cut / cuts * TILE_ROWS, last = least(call.Tq, strips * (cut + 1) / cuts * TILE_ROWS);
		float* scratch = (float*)team.scratch(member, stripBytes(call));
		if (scratch == nullptr) return;
		attendStrips(call, n / call.Hkv, n % call.Hkv, first, last, scratch);
	};
	if (whole)
		for (int n = 0; n < heads; n++) piece(n, 0);
	else
		runParts(team, heads * cuts, piece);
}

void attentionCached(Team& team, const float* q, const float* k, const float* v, float* out, int B, int Tq, int Tk, int capacity, int H, int Hkv,
	int D, float scale) {
	attend(team, {q, k, v, out, B, Tq, Tk, capacity, H, Hkv, D, scale});
}

void attention(Team& team, const float* q, const float* k, const float* v, float* out, int B, int T, int H, int Hkv, int D, float scale) {
	attend(team, {q, k, v, out, B, T, T, T, H, Hkv, D, scale});
}

}  // namespace

void attentionKernels(KernelTable& table) {
	table.attention = attention;
	table.attentionCached = attentionCached;
}

}  // namespace ISA
