// The addon: kernels over the bytes of one WebAssembly memory, called through an array of numbers that JavaScript fills.
//
// args[0] is the kernel's place in NAMES, the rest its arguments as in packages/tensor/src/kernels/kernels.ts; a result comes back in args[0].
// WebAssembly keeps a wrong address inside its memory; native code does not, so every address, extent and row number is checked here.
#include <node_api.h>

#include <stdint.h>
#include <string.h>

#include "kernels.h"
#include "team.h"

namespace {

enum Kernel {
	GEMM, GEMM_BATCH, GEMM_PACKED, GEMM_QUANTISED, BINARY, UNARY, COPY_STRIDED, FILL, REDUCE_SUM, REDUCE_MAX, GATHER_ROWS, SCATTER_ADD_ROWS, RMS_NORM, RMS_NORM_GRAD_X,
	RMS_NORM_GRAD_W, ROPE, ATTENTION, ATTENTION_CACHED, ATTENTION_GRAD, SILU_GATE, SILU_GATE_GRAD, CROSS_ENTROPY, CROSS_ENTROPY_GRAD,
	ADAMW, FIRST_NON_FINITE, PEAK, ATTENTION_PAGED, LOW_RANK_ADD, KERNELS,
};

const char* const NAMES[KERNELS] = {
	"gemm", "gemmBatch", "gemmPacked", "gemmQuantised", "binary", "unary", "copyStrided", "fill", "reduceSum", "reduceMax", "gatherRows", "scatterAddRows", "rmsNorm",
	"rmsNormGradX", "rmsNormGradW", "rope", "attention", "attentionCached", "attentionGrad", "siluGate", "siluGateGrad", "crossEntropy",
	"crossEntropyGrad", "adamw", "firstNonFinite", "peak", "attentionPaged", "lowRankAdd",
};

struct Set {
	const char* name;
	int lanes;
	bool here;
	KernelTable table;
};

#define FILL_TABLE(ISA) \
	void fillTable_##ISA(KernelTable& table) { \
		using namespace ISA; \
		void (*const families[])(KernelTable&) = {elementwiseKernels, layoutKernels, reduceKernels, normKernels, lossKernels, adamwKernels, peakKernels, \
			gemmKernels, packedKernels, quantisedKernels, attentionKernels, attentionGradKernels, attentionPagedKernels, lowRankKernels}; \
		for (auto family : families) { \
			if (family != nullptr) family(table); \
		} \
	}
FILL_TABLE(avx2)
FILL_TABLE(avx512)

/** The instruction sets, the best first. */
struct Sets {
	Set all[2];
	Sets() : all{{"avx512", 16, false, {}}, {"avx2", 8, false, {}}} {
		__builtin_cpu_init();
		all[0].here = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
			__builtin_cpu_supports("avx512vl");
		all[1].here = __builtin_cpu_supports("avx2");
		fillTable_avx512(all[0].table);
		fillTable_avx2(all[1].table);
	}
};

const Sets& sets() {
	static const Sets found;
	return found;
}

const void* entryOf(const KernelTable& t, int kernel) {
	const void* entries[KERNELS] = {
		(void*)t.gemm, (void*)t.gemmBatch, (void*)t.gemmPacked, (void*)t.gemmQuantised, (void*)t.binary, (void*)t.unary, (void*)t.copyStrided, (void*)t.fill, (void*)t.reduceSum,
		(void*)t.reduceMax, (void*)t.gatherRows, (void*)t.scatterAddRows, (void*)t.rmsNorm, (void*)t.rmsNormGradX, (void*)t.rmsNormGradW,
		(void*)t.rope, (void*)t.attention, (void*)t.attentionCached, (void*)t.attentionGrad, (void*)t.siluGate, (void*)t.siluGateGrad,
		(void*)t.crossEntropy, (void*)t.crossEntropyGrad, (void*)t.adamw, (void*)t.firstNonFinite, (void*)t.peak,
		(void*)t.attentionPaged, (void*)t.lowRankAdd,
	};
	return entries[kernel];
}

/** One WebAssembly memory with its threads. */
struct Machine {
	uint8_t* base = nullptr;
	size_t bytes = 0;
	double* args = nullptr;
	napi_ref argsKept = nullptr;
	Team* team = nullptr;
	const KernelTable* table = nullptr;
};

/** The arguments of one call; `ok` falls when one of them reaches outside the memory. */
struct Call {
	const Machine& machine;
	bool ok = true;

	int whole(int at) const { return (int)(int64_t)machine.args[at]; }
	float number(int at) const { return (float)machine.args[at]; }
	/** The array of `count` 4-byte elements at the address in args[at]; sizes as doubles cannot wrap. */
	template <class T = float>
	T* array(int at, double count) {
		double address = machine.args[at];
		if (!(address >= 0 && count >= 0 && address + 4 * count <= (double)machine.bytes)) ok = false;
		return ok ? (T*)(machine.base + (size_t)address) : nullptr;
	}
	/** Checks that rows ids[0..count-1] of `width` elements lie in the memory, counted from the address in args[at]. */
	float* rows(int at, const int32_t* ids, double count, double width) {
		float* table = array(at, 0);
		if (!ok) return nullptr;
		double room = ((double)machine.bytes - machine.args[at]) / 4;
		for (int i = 0; i < (int)count; i++) ok = ok && ids[i] >= 0 && ((double)ids[i] + 1) * width <= room;
		return table;
	}
	void need(bool condition) { ok = ok && condition; }
};

bool attentionCall(Call& call, Team& team, const KernelTable& t, int kernel) {
	// attention: q k v out B T H Hkv D scale; cached: q k v out B Tq Tk capacity H Hkv D scale; gradient: q k v dout dqkv B T H Hkv D scale.
	int from = kernel == ATTENTION_GRAD ? 6 : 5;
	int heads = kernel == ATTENTION_CACHED ? from + 4 : from + 2;
	int B = call.whole(from), T = call.whole(from + 1), H = call.whole(heads), Hkv = call.whole(heads + 1), D = call.whole(heads + 2);
	int Tk = kernel == ATTENTION_CACHED ? call.whole(from + 2) : T;
	int capacity = kernel == ATTENTION_CACHED ? call.whole(from + 3) : T;
	float scale = call.number(heads + 3);
	call.need(B >= 0 && T >= 0 && H > 0 && Hkv > 0 && D >= 0 && H % Hkv == 0 && T <= Tk && Tk <= capacity);
	double wide = (double)B * T * H * D;
	double narrow = (double)B * capacity * Hkv * D;
	const float* q = call.array(1, wide);
	const float* k = call.array(2, narrow);
	const float* v = call.array(3, narrow);
	float* out = call.array(4, wide);
	float* dqkv = kernel == ATTENTION_GRAD ? call.array(5, wide + 2 * narrow) : nullptr;
	if (!call.ok) return false;
	if (kernel == ATTENTION) t.attention(team, q, k, v, out, B, T, H, Hkv, D, scale);
	else if (kernel == ATTENTION_CACHED) t.attentionCached(team, q, k, v, out, B, T, Tk, capacity, H, Hkv, D, scale);
	else t.attentionGrad(team, q, k, v, out, dqkv, B, T, H, Hkv, D, scale);
	return true;
}

bool pagedCall(Call& call, Team& team, const KernelTable& t) {
	// q k v out segments places S most tokens H Hkv D scale scratch
	int S = call.whole(7), most = call.whole(8), tokens = call.whole(9), H = call.whole(10), Hkv = call.whole(11), D = call.whole(12);
	call.need(S >= 0 && most >= 0 && tokens > 0 && tokens % 8 == 0 && H > 0 && Hkv > 0 && D >= 0 && H % Hkv == 0);
	const PagedSegment* segments = call.array<PagedSegment>(5, 4.0 * S);
	const int32_t* places = call.array<int32_t>(6, (double)S * most);
	if (!call.ok) return false;
	double rows = 0, blocks = 0;
	for (int s = 0; s < S && call.ok; s++) {
		const PagedSegment& own = segments[s];
		if (own.rows == 0) continue;
		double seen = (double)own.past + own.rows;
		call.need(own.first >= rows && own.rows > 0 && own.past >= 0 && seen <= (double)most * tokens);
		rows = (double)own.first + own.rows;
		for (int i = 0; call.ok && (double)i * tokens < seen; i++) {
			int block = places[(long)s * most + i];
			call.need(block >= 0);
			if (block >= blocks) blocks = block + 1.0;
		}
	}
	const float* q = call.array(1, rows * H * D);
	const float* k = call.array(2, blocks * tokens * Hkv * D);
	const float* v = call.array(3, blocks * tokens * Hkv * D);
	float* out = call.array(4, rows * H * D);
	if (call.ok) t.attentionPaged(team, q, k, v, out, segments, places, S, most, tokens, H, Hkv, D, call.number(13));
	return call.ok;
}

/** Ranks beyond it do not fit the scratch. */
constexpr int GREATEST_RANK = 1024;

bool lowRankCall(Call& call, Team& team, const KernelTable& t) {
	// y x pool table groups M N K scratch
	int count = call.whole(5), M = call.whole(6), N = call.whole(7), K = call.whole(8);
	call.need(count >= 0 && M >= 0 && N >= 0 && K >= 0);
	float* y = call.array(1, (double)M * N);
	const float* x = call.array(2, (double)M * K);
	const LowRankGroup* groups = call.array<LowRankGroup>(4, 6.0 * count);
	if (!call.ok) return false;
	double next = 0, reach = 0;
	for (int g = 0; g < count && call.ok; g++) {
		const LowRankGroup& own = groups[g];
		if (own.rows == 0 || own.rank == 0) continue;
		call.need(own.first >= next && own.rows > 0 && (double)own.first + own.rows <= M && own.a >= 0 && own.b >= 0);
		call.need(own.rank > 0 && own.rank <= GREATEST_RANK && own.rank % 4 == 0);
		next = (double)own.first + own.rows;
		// Behind A the last piece reads up to four numbers more.
		const double ends[] = {own.a + (double)own.rank * K + 4, own.b + ((double)(N / 16) + (N % 16 > 0)) * 16 * own.rank};
		for (double end : ends) reach = end > reach ? end : reach;
	}
	const float* pool = call.array(3, reach);
	if (call.ok) t.lowRankAdd(team, y, x, pool, groups, count, M, N, K);
	return call.ok;
}

bool productCall(Call& call, Team& team, const KernelTable& t, int kernel) {
	// gemm: a b c M N K transA transB; batch: a b c batch strideA strideB strideC M N K transA transB.
	int from = kernel == GEMM ? 4 : 8;
	int batch = kernel == GEMM ? 1 : call.whole(4);
	int strides[3] = {0, 0, 0};
	if (kernel == GEMM_BATCH) for (int i = 0; i < 3; i++) strides[i] = call.whole(5 + i);
	int M = call.whole(from), N = call.whole(from + 1), K = call.whole(from + 2);
	bool transA = call.whole(from + 3) != 0, transB = call.whole(from + 4) != 0;
	call.need(batch >= 0 && M >= 0 && N >= 0 && K >= 0 && strides[0] >= 0 && strides[1] >= 0 && strides[2] >= 0);
	double before = batch > 0 ? batch - 1 : 0;
	const float* a = call.array(1, before * strides[0] + (double)M * K);
	const float* b = call.array(2, before * strides[1] + (double)K * N);
	float* c = call.array(3, before * strides[2] + (double)M * N);
	if (!call.ok) return false;
	if (kernel == GEMM) t.gemm(team, a, b, c, M, N, K, transA, transB);
	else t.gemmBatch(team, a, b, c, batch, strides[0], strides[1], strides[2], M, N, K, transA, transB);
	return true;
}

/** Beyond it a sum of products of int8 might not fit 32 bits. */
constexpr int GREATEST_K = 133144;

bool panelsCall(Call& call, Team& team, const KernelTable& t, int kernel) {
	// packed: x panels out M N K first last; quantised: x words scales out M N K first last scratch.
	int from = kernel == GEMM_PACKED ? 4 : 5;
	int M = call.whole(from), N = call.whole(from + 1), K = call.whole(from + 2), first = call.whole(from + 3), last = call.whole(from + 4);
	call.need(M >= 0 && N >= 0 && K >= 0 && (kernel == GEMM_PACKED || K <= GREATEST_K) && first >= 0 && first <= last && last <= (N + 15.0) / 16);
	const float* x = call.array(1, (double)M * K);
	float* out = call.array(from - 1, (double)M * N);
	if (kernel == GEMM_PACKED) {
		const float* panels = call.array(2, 16.0 * K * last);
		if (call.ok) t.gemmPacked(team, x, panels, out, M, N, K, first, last);
	} else {
		const int8_t* words = (const int8_t*)call.array<int32_t>(2, 16.0 * ((K + 3) / 4) * last);
		const float* scales = call.array(3, 16.0 * last);
		if (call.ok) t.gemmQuantised(team, x, words, scales, out, M, N, K, first, last);
	}
	return call.ok;
}

bool copyCall(Call& call, Team& team, const KernelTable& t) {
	int ndim = call.whole(3);
	call.need(ndim >= 0 && ndim <= 6);
	const int32_t* params = call.array<int32_t>(4, 3.0 * ndim);
	if (!call.ok) return false;
	double reach[2] = {1, 1};
	for (int i = 0; i < ndim; i++) {
		if (params[i] == 0) return true;
		call.need(params[i] > 0);
		for (int side = 0; side < 2; side++) {
			double stride = params[(side + 1) * ndim + i];
			call.need(stride >= 0);
			reach[side] += (params[i] - 1.0) * stride;
		}
	}
	const float* src = call.array(1, reach[0]);
	float* dst = call.array(2, reach[1]);
	if (call.ok) t.copyStrided(team, src, dst, ndim, params);
	return call.ok;
}

/** Runs args[0]; false if an argument reaches outside the memory. */
bool dispatch(const Machine& machine) {
	Call call{machine};
	Team& team = *machine.team;
	const KernelTable& t = *machine.table;
	int kernel = call.whole(0);
	if (kernel < 0 || kernel >= KERNELS || entryOf(t, kernel) == nullptr) return false;
	auto n = [&](int at) { return (double)call.whole(at); };
	auto w = [&](int at) { return call.whole(at); };
	switch (kernel) {
		case GEMM:
		case GEMM_BATCH:
			return productCall(call, team, t, kernel);
		case GEMM_PACKED:
		case GEMM_QUANTISED:
			return panelsCall(call, team, t, kernel);
		case ATTENTION:
		case ATTENTION_CACHED:
		case ATTENTION_GRAD:
			return attentionCall(call, team, t, kernel);
		case ATTENTION_PAGED:
			return pagedCall(call, team, t);
		case LOW_RANK_ADD:
			return lowRankCall(call, team, t);
		case COPY_STRIDED:
			return copyCall(call, team, t);
		case BINARY: {
			const float* a = call.array(2, w(6) == 2 ? 1 : n(5));
			const float* b = call.array(3, w(6) == 1 ? 1 : n(5));
			float* out = call.array(4, n(5));
			if (call.ok) t.binary(team, w(1), a, b, out, w(5), w(6));
			return call.ok;
		}
		case UNARY: {
			const float* a = call.array(2, n(4));
			float* out = call.array(3, n(4));
			if (call.ok) t.unary(team, w(1), a, out, w(4));
			return call.ok;
		}
		case FILL: {
			float* dst = call.array(1, n(3));
			if (call.ok) t.fill(team, dst, call.number(2), w(3));
			return call.ok;
		}
		case REDUCE_SUM:
		case REDUCE_MAX: {
			call.need(w(3) >= 0 && w(4) >= (kernel == REDUCE_MAX ? 1 : 0) && w(5) >= 0);
			const float* x = call.array(1, n(3) * n(4) * n(5));
			float* out = call.array(2, n(3) * n(5));
			if (call.ok) (kernel == REDUCE_SUM ? t.reduceSum : t.reduceMax)(team, x, out, w(3), w(4), w(5));
			return call.ok;
		}
		case GATHER_ROWS: {
			call.need(w(5) >= 0);
			const int32_t* ids = call.array<int32_t>(2, n(4));
			float* out = call.array(3, n(4) * n(5));
			const float* table = call.ok ? call.rows(1, ids, n(4), n(5)) : nullptr;
			if (call.ok) t.gatherRows(team, table, ids, out, w(4), w(5));
			return call.ok;
		}
		case SCATTER_ADD_ROWS: {
			call.need(w(5) >= 0);
			const int32_t* ids = call.array<int32_t>(1, n(4));
			const float* dy = call.array(2, n(4) * n(5));
			float* out = call.ok ? call.rows(3, ids, n(4), n(5)) : nullptr;
			if (call.ok) t.scatterAddRows(team, ids, dy, out, w(4), w(5));
			return call.ok;
		}
		case RMS_NORM: {
			call.need(w(4) >= 0);
			const float* x = call.array(1, n(4) * n(5));
			const float* weight = call.array(2, n(5));
			float* out = call.array(3, n(4) * n(5));
			if (call.ok) t.rmsNorm(team, x, weight, out, w(4), w(5), call.number(6));
			return call.ok;
		}
		case RMS_NORM_GRAD_X: {
			call.need(w(5) >= 0);
			const float* x = call.array(1, n(5) * n(6));
			const float* weight = call.array(2, n(6));
			const float* dy = call.array(3, n(5) * n(6));
			float* dx = call.array(4, n(5) * n(6));
			if (call.ok) t.rmsNormGradX(team, x, weight, dy, dx, w(5), w(6), call.number(7));
			return call.ok;
		}
		case RMS_NORM_GRAD_W: {
			call.need(w(4) >= 0);
			const float* x = call.array(1, n(4) * n(5));
			const float* dy = call.array(2, n(4) * n(5));
			float* dw = call.array(3, n(5));
			if (call.ok) t.rmsNormGradW(team, x, dy, dw, w(4), w(5), call.number(6));
			return call.ok;
		}
		case ROPE: {
			int B = w(5), T = w(6), H = w(7), D = w(8);
			call.need(B >= 0 && T >= 0 && H >= 0 && D >= 0);
			double all = (double)B * T * H * D;
			double table = (double)T * (D >> 1);
			const float* x = call.array(1, all);
			const float* cos = call.array(2, table);
			const float* sin = call.array(3, table);
			float* out = call.array(4, all);
			if (call.ok) t.rope(team, x, cos, sin, out, B, T, H, D, call.number(9));
			return call.ok;
		}
		case SILU_GATE: {
			const float* g = call.array(1, n(4));
			const float* u = call.array(2, n(4));
			float* out = call.array(3, n(4));
			if (call.ok) t.siluGate(team, g, u, out, w(4));
			return call.ok;
		}
		case SILU_GATE_GRAD: {
			const float* g = call.array(1, n(5));
			const float* u = call.array(2, n(5));
			const float* dy = call.array(3, n(5));
			float* dgu = call.array(4, 2 * n(5));
			if (call.ok) t.siluGateGrad(team, g, u, dy, dgu, w(5));
			return call.ok;
		}
		case ADAMW: {
			float* p = call.array(1, n(5));
			float* m = call.array(2, n(5));
			float* v = call.array(3, n(5));
			const float* g = call.array(4, n(5));
			const float* s = call.array(6, 11);
			if (call.ok) t.adamw(team, p, m, v, g, w(5), s);
			return call.ok;
		}
		case CROSS_ENTROPY:
		case CROSS_ENTROPY_GRAD: {
			int from = kernel == CROSS_ENTROPY ? 4 : 5;
			int rows = w(from), V = w(from + 1);
			call.need(rows >= 0 && V >= 1);
			const float* logits = call.array(1, (double)rows * V);
			const int32_t* targets = call.array<int32_t>(2, rows);
			for (int i = 0; i < rows && call.ok; i++) call.need(targets[i] >= 0 && targets[i] < V);
			if (kernel == CROSS_ENTROPY) {
				float* out = call.array(3, rows);
				if (call.ok) t.crossEntropy(team, logits, targets, out, rows, V);
			} else {
				const float* dl = call.array(3, rows);
				float* out = call.array(4, (double)rows * V);
				if (call.ok) t.crossEntropyGrad(team, logits, targets, dl, out, rows, V);
			}
			return call.ok;
		}
		case FIRST_NON_FINITE: {
			const float* x = call.array(1, n(2));
			if (call.ok) machine.args[0] = t.firstNonFinite(team, x, w(2));
			return call.ok;
		}
		case PEAK:
			machine.args[0] = t.peak(team, w(1));
			return true;
	}
	return false;
}

void refuse(napi_env env, const char* code, const char* message) { napi_throw_range_error(env, code, message); }

napi_value callKernel(napi_env env, napi_callback_info info) {
	void* data;
	napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
	Machine& machine = *(Machine*)data;
	if (machine.team == nullptr) {
		refuse(env, "native/closed", "these kernels were closed; make a new machine");
		return nullptr;
	}
	int kernel = (int)(int64_t)machine.args[0];
	const bool done = dispatch(machine);
	const Shortage shortage = machine.team->shortage();
	if (shortage.wanted > 0) {
		machine.args[0] = (double)shortage.wanted;
		machine.args[1] = (double)shortage.room;
		refuse(env, "native/scratch", "a thread's scratch cannot be had; args[0] says what it wanted, args[1] what it could have");
		return nullptr;
	}
	if (done) return nullptr;
	char message[160] = "native kernel ";
	strncat(message, kernel >= 0 && kernel < KERNELS ? NAMES[kernel] : "?", 32);
	strncat(message, ": an argument reaches outside the memory, or a size or row number is wrong", 100);
	refuse(env, "native/bounds", message);
	return nullptr;
}

void end(Machine& machine) {
	if (machine.team != nullptr) Team::end(machine.team);
	machine.team = nullptr;
	machine.base = nullptr;
	machine.bytes = 0;
}

void forget(napi_env env, void* data, void*) {
	Machine* machine = (Machine*)data;
	end(*machine);
	if (machine->argsKept != nullptr) napi_delete_reference(env, machine->argsKept);
	delete machine;
}

const Set* setNamed(napi_env env, napi_value value) {
	char name[16] = "";
	size_t length;
	napi_get_value_string_utf8(env, value, name, sizeof name, &length);
	for (const Set& set : sets().all) {
		if (set.here && strcmp(set.name, name) == 0) return &set;
	}
	return nullptr;
}

/** create(args: Float64Array, threads, instructionSet, mostScratch?) → the function that runs what args says; scratch is in bytes a thread. */
napi_value create(napi_env env, napi_callback_info info) {
	size_t argc = 4;
	napi_value argv[4];
	napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
	napi_typedarray_type type;
	size_t length = 0;
	void* args = nullptr;
	int32_t threads = 0;
	const Set* set = argc >= 3 ? setNamed(env, argv[2]) : nullptr;
	int64_t mostScratch = INT64_MAX;
	if (argc >= 4 && (napi_get_value_int64(env, argv[3], &mostScratch) != napi_ok || mostScratch < 0)) set = nullptr;
	if (set == nullptr || napi_get_value_int32(env, argv[1], &threads) != napi_ok || threads < 1 || threads > 256 ||
		napi_get_typedarray_info(env, argv[0], &type, &length, &args, nullptr, nullptr) != napi_ok || type != napi_float64_array || length < 16) {
		refuse(env, "native/bounds", "create takes a Float64Array of 16 or more, 1 to 256 threads, an instruction set of this processor, and bytes of scratch or nothing");
		return nullptr;
	}
	Machine* machine = new Machine;
	machine->args = (double*)args;
	machine->table = &set->table;
	napi_create_reference(env, argv[0], 1, &machine->argsKept);
	machine->team = Team::start(threads, (size_t)mostScratch);
	if (machine->team == nullptr) {
		napi_delete_reference(env, machine->argsKept);
		delete machine;
		refuse(env, "native/memory", "there is no memory for the threads");
		return nullptr;
	}
	napi_value call;
	napi_create_function(env, "call", NAPI_AUTO_LENGTH, callKernel, machine, &call);
	napi_wrap(env, call, machine, forget, nullptr, nullptr);
	return call;
}

Machine* machineOf(napi_env env, napi_value call) {
	void* machine = nullptr;
	if (napi_unwrap(env, call, &machine) != napi_ok) refuse(env, "native/bounds", "the first argument must come from create");
	return (Machine*)machine;
}

/** attach(call, memory.buffer): the bytes that addresses count from, from now on. */
napi_value attach(napi_env env, napi_callback_info info) {
	size_t argc = 2;
	napi_value argv[2];
	napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
	Machine* machine = argc == 2 ? machineOf(env, argv[0]) : nullptr;
	if (machine == nullptr) return nullptr;
	void* base = nullptr;
	size_t bytes = 0;
	if (napi_get_arraybuffer_info(env, argv[1], &base, &bytes) != napi_ok) {
		refuse(env, "native/bounds", "attach takes the buffer of a memory that is not shared");
		return nullptr;
	}
	machine->base = (uint8_t*)base;
	machine->bytes = bytes;
	return nullptr;
}

/** close(call): joins the threads; may be called twice. */
napi_value close(napi_env env, napi_callback_info info) {
	size_t argc = 1;
	napi_value argv[1];
	napi_get_cb_info(env, info, &argc, argv, nullptr, nullptr);
	Machine* machine = argc == 1 ? machineOf(env, argv[0]) : nullptr;
	if (machine != nullptr) end(*machine);
	return nullptr;
}

napi_value text(napi_env env, const char* value) {
	napi_value out;
	napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &out);
	return out;
}

/** [{ name, lanes, kernels }], the best first: the instruction sets of this processor, and which kernels are there by place; absent ones are null. */
napi_value describe(napi_env env) {
	napi_value list;
	napi_create_array(env, &list);
	uint32_t count = 0;
	for (const Set& set : sets().all) {
		if (!set.here) continue;
		napi_value entry, lanes, kernels;
		napi_create_object(env, &entry);
		napi_create_int32(env, set.lanes, &lanes);
		napi_create_array(env, &kernels);
		for (int i = 0; i < KERNELS; i++) {
			napi_value name = text(env, NAMES[i]);
			if (entryOf(set.table, i) == nullptr) napi_get_null(env, &name);
			napi_set_element(env, kernels, (uint32_t)i, name);
		}
		napi_set_named_property(env, entry, "name", text(env, set.name));
		napi_set_named_property(env, entry, "lanes", lanes);
		napi_set_named_property(env, entry, "kernels", kernels);
		napi_set_element(env, list, count++, entry);
	}
	return list;
}

}  // namespace

extern "C" NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1(void) { return NAPI_VERSION; }

extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
	const struct {
		const char* name;
		napi_callback function;
	} functions[] = {{"create", create}, {"attach", attach}, {"close", close}};
	for (const auto& f : functions) {
		napi_value value;
		napi_create_function(env, f.name, NAPI_AUTO_LENGTH, f.function, nullptr, &value);
		napi_set_named_property(env, exports, f.name, value);
	}
	napi_set_named_property(env, exports, "sets", describe(env));
	return exports;
}
