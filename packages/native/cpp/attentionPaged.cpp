// Attention over keys and values that lie in blocks of a pool, by a table for each sequence. The order of the sums: packages/tensor/src/kernels/
// assembly/attentionPaged.ts; what is shared with attention over whole rows: attention.h.
#include "attention.h"
#include "kernels.h"
#include "rowProduct.h"
#include "team.h"

namespace ISA {

namespace {

struct Call {
	const float* q;
	const float* k;
	const float* v;
	float* out;
	const PagedSegment* segments;
	const int32_t* places;
	int S, most, tokens, H, Hkv, D;
	float scale;

	int group() const { return H / Hkv; }
	long rowKv() const { return (long)Hkv * D; }
	long block() const { return tokens * rowKv(); }
	const int32_t* table(int s) const { return places + (long)s * most; }
};

/** out(r, d) = Σ_j p[r·ldp + j]·v(j, d), j in order, for R heads that read the same values; `vectors` vectors of d from v on, the last of `last` lanes. */
template <int R, int V>
static void mixBlocks(const float* p, long ldp, const float* v, const int32_t* table, long block, long ldv, int seen, int tokens, float* out,
	long ldo, int last) {
	vf sum[R][V];
	for (int r = 0; r < R; r++)
		for (int i = 0; i < V; i++) sum[r][i] = vf{};
	for (int j = 0; j < seen; j += tokens, table++) {
		const float* row = v + *table * block;
		const int count = least(tokens, seen - j);
		for (int t = 0; t < count; t++, row += ldv)
			for (int i = 0; i < V; i++) {
				const vf w = i + 1 < V || last == LANES ? load(row + i * LANES) : loadPartial(row + i * LANES, last);
				for (int r = 0; r < R; r++) sum[r][i] = sum[r][i] + splat(p[r * ldp + j + t]) * w;
			}
	}
	for (int r = 0; r < R; r++)
		for (int i = 0; i < V; i++) {
			float* to = out + r * ldo + i * LANES;
			if (i + 1 < V || last == LANES) store(to, sum[r][i]);
			else storePartial(to, sum[r][i], last);
		}
}

template <int R>
static void mixRows(const float* p, long ldp, const float* v, const Call& call, const int32_t* table, int seen, float* out) {
	for (int d = 0, vectors; d < call.D; d += vectors * LANES) {
		vectors = least(ceilDiv(call.D - d, LANES), LANES == 16 ? 4 : 2);
		const int last = least(call.D - d - (vectors - 1) * LANES, LANES);
		auto mix = [&](auto f) { f(p, ldp, v + d, table, call.block(), call.rowKv(), seen, call.tokens, out + d, (long)call.D, last); };
		switch (vectors) {
			case 1: mix(mixBlocks<R, 1>); break;
			case 2: mix(mixBlocks<R, 2>); break;
#ifdef __AVX512F__
			case 3: mix(mixBlocks<R, 3>); break;
			case 4: mix(mixBlocks<R, 4>); break;
#endif
		}
	}
}

/** One query of the heads that read kv head g, at position seen − 1. */
void attendOne(const Call& call, int s, int g, int i, float* scores) {
	const PagedSegment& segment = call.segments[s];
	const int D = call.D, seen = segment.past + i + 1, padded = roundUp(seen, LANES);
	const int32_t* table = call.table(s);
	for (int h = 0; h < call.group(); h += FEW_ROWS) {
		const int rows = least(call.group() - h, FEW_ROWS);
		const long at = ((long)(segment.first + i) * call.H + g * call.group() + h) * D;
		for (int j = 0; j < seen; j += call.tokens) {
			const float* keys = call.k + table[j / call.tokens] * call.block() + (long)g * D;
			rowProduct(call.q + at, D, rows, keys, call.rowKv(), least(call.tokens, seen - j), D, scores + j, padded);
		}
		for (int r = 0; r < rows; r++) softmaxStrip(scores + (long)r * padded, padded, 1, seen, padded, call.scale);
		const float* values = call.v + (long)g * D;
		int r = 0;
		for (; r + 4 <= rows; r += 4) mixRows<4>(scores + (long)r * padded, padded, values, call, table, seen, call.out + at + (long)r * D);
		for (; r + 2 <= rows; r += 2) mixRows<2>(scores + (long)r * padded, padded, values, call, table, seen, call.out + at + (long)r * D);
		for (; r < rows; r++) mixRows<1>(scores + (long)r * padded, padded, values, call, table, seen, call.out + at + (long)r * D);
	}
}

/** All queries of a chunk, for the heads that read kv head g: keys and values are gathered and packed once for all of them. */
void attendChunk(const Call& call, int s, int g, float* scratch) {
	const PagedSegment& segment = call.segments[s];
	const int D = call.D, past = segment.past, count = past + segment.rows, padded = roundUp(count, LANES);
	const size_t rows = (size_t)count * (size_t)D;
	float* gathered = scratch;
	float* keys = gathered + rows;
	float* values = keys + positionPanels(count, D);
	float* scores = values + featurePanels(count, D);
	auto gather = [&](const float* pool) {
		for (int j = 0; j < count; j++) {
			const float* row = pool + call.table(s)[j / call.tokens] * call.block() + j % call.tokens * call.rowKv() + (long)g * D;
			memcpy(gathered + (long)j * D, row, sizeof(float) * (size_t)D);
		}
	};
	gather(call.k);
	packPositions(gathered, D, count, D, keys);
	gather(call.v);
	packFeatures(gathered, D, count, D, values);
	const long ld = (long)call.H * D;
	for (int h = g * call.group(); h < (g + 1) * call.group(); h++) {
		for (int i = 0; i < segment.rows; i += TILE_ROWS) {
			const int some = least(segment.rows - i, TILE_ROWS), seen = past + i + some;
			const long at = (segment.first + i) * ld + (long)h * D;
			scoreStrip({call.q + at, ld, 1}, keys, count, D, some, seen, scores, padded);
			softmaxStrip(scores, padded, some, past + i + 1, roundUp(seen, LANES), call.scale);
			mixStrip({scores, padded, 1}, values, count, 0, seen, D, {call.out + at, ld, 1}, some, false);
		}
	}
}

/** Queries up to which packing keys and values costs more than it saves. */
constexpr int FEW_QUERIES = 3;
/** Multiply–adds below which a call stays on one thread. */
constexpr double WHOLE = 1e5;

size_t bytesFor(const Call& call, const PagedSegment& segment) {
	const int count = segment.past + segment.rows;
	const size_t padded = (size_t)roundUp(count, LANES);
	if (segment.rows <= FEW_QUERIES) return sizeof(float) * (size_t)FEW_ROWS * padded;
	return sizeof(float) * ((size_t)count * (size_t)call.D + positionPanels(count, call.D) + featurePanels(count, call.D) + TILE_ROWS * padded);
}

void attentionPaged(Team& team, const float* q, const float* k, const float* v, float* out, const PagedSegment* segments, const int32_t* places,
	int S, int most, int tokens, int H, int Hkv, int D, float scale) {
	const Call call = {q, k, v, out, segments, places, S, most, tokens, H, Hkv, D, scale};
	double work = 0;
	size_t bytes = 0;
	int used = 0;
	for (int s = 0; s < S; s++) {
		const PagedSegment& segment = segments[s];
		if (segment.rows == 0) continue;
		used = s + 1;
		work += 2.0 * H * segment.rows * (segment.past + segment.rows) * D;
		const size_t own = bytesFor(call, segment);
		if (own > bytes) bytes = own;
	}
	auto unit = [&](int n, int member) {
		const PagedSegment& segment = segments[n / Hkv];
		if (segment.rows == 0) return;
		float* scratch = (float*)team.scratch(member, bytes);
		if (scratch == nullptr) return;
		if (segment.rows > FEW_QUERIES) attendChunk(call, n / Hkv, n % Hkv, scratch);
		else
			for (int i = 0; i < segment.rows; i++) attendOne(call, n / Hkv, n % Hkv, i, scratch);
	};
	const int units = used * Hkv;
	// Each unit goes to whoever is free: a chunk of a prompt is worth many single tokens.
	if (work < WHOLE || team.size == 1 || units > 65535)
		for (int n = 0; n < units; n++) unit(n, 0);
	else runParts(team, units, unit);
}

}  // namespace

void attentionPagedKernels(KernelTable& table) { table.attentionPaged = attentionPaged; }

}  // namespace ISA
