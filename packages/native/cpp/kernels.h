// The kernels of packages/tensor/src/kernels/kernels.ts as native functions, one table for each instruction set. The arguments mean what they
// mean there, pointers being real ones; scratch comes from the team. Each kernel shares itself among the team, over outputs only.
#pragma once
#include <stdint.h>

struct Team;

/** Rows of one sequence: its first row, how many, positions before them. */
struct PagedSegment {
	int32_t first, rows, past, unused;
};

/** Rows with one pair of low-rank matrices: ranks are multiples of 4, a and b places in the pool. */
struct LowRankGroup {
	int32_t first, rows, rank, a, b;
	float scale;
};

/** An entry may be missing (null); WebAssembly's kernel is used in its place. */
struct KernelTable {
	void (*gemm)(Team&, const float* a, const float* b, float* c, int M, int N, int K, bool transA, bool transB);
	void (*gemmBatch)(Team&, const float* a, const float* b, float* c, int batch, int strideA, int strideB, int strideC,
		int M, int N, int K, bool transA, bool transB);
	void (*gemmPacked)(Team&, const float* x, const float* panels, float* out, int M, int N, int K, int first, int last);
	void (*gemmQuantised)(Team&, const float* x, const int8_t* words, const float* scales, float* out, int M, int N, int K, int first, int last);
	void (*binary)(Team&, int op, const float* a, const float* b, float* out, int n, int mode);
	void (*unary)(Team&, int op, const float* a, float* out, int n);
	void (*copyStrided)(Team&, const float* src, float* dst, int ndim, const int32_t* params);
	void (*fill)(Team&, float* dst, float value, int n);
	void (*reduceSum)(Team&, const float* x, float* out, int outer, int n, int inner);
	void (*reduceMax)(Team&, const float* x, float* out, int outer, int n, int inner);
	void (*gatherRows)(Team&, const float* table, const int32_t* ids, float* out, int count, int width);
	void (*scatterAddRows)(Team&, const int32_t* ids, const float* dy, float* out, int count, int width);
	void (*rmsNorm)(Team&, const float* x, const float* w, float* out, int rows, int width, float eps);
	void (*rmsNormGradX)(Team&, const float* x, const float* w, const float* dy, float* dx, int rows, int width, float eps);
	void (*rmsNormGradW)(Team&, const float* x, const float* dy, float* dw, int rows, int width, float eps);
	void (*rope)(Team&, const float* x, const float* cos, const float* sin, float* out, int B, int T, int H, int D, float sign);
	void (*attention)(Team&, const float* q, const float* k, const float* v, float* out, int B, int T, int H, int Hkv, int D, float scale);
	void (*attentionCached)(Team&, const float* q, const float* k, const float* v, float* out, int B, int Tq, int Tk, int capacity,
		int H, int Hkv, int D, float scale);
	void (*attentionPaged)(Team&, const float* q, const float* k, const float* v, float* out, const PagedSegment* segments, const int32_t* places,
		int S, int most, int tokens, int H, int Hkv, int D, float scale);
	void (*lowRankAdd)(Team&, float* y, const float* x, const float* pool, const LowRankGroup* groups, int count, int M, int N, int K);
	void (*attentionGrad)(Team&, const float* q, const float* k, const float* v, const float* dout, float* dqkv, int B, int T, int H,
		int Hkv, int D, float scale);
	void (*siluGate)(Team&, const float* g, const float* u, float* out, int n);
	void (*siluGateGrad)(Team&, const float* g, const float* u, const float* dy, float* dgu, int n);
	void (*crossEntropy)(Team&, const float* logits, const int32_t* targets, float* out, int rows, int V);
	void (*crossEntropyGrad)(Team&, const float* logits, const int32_t* targets, const float* dl, float* out, int rows, int V);
	void (*adamw)(Team&, float* p, float* m, float* v, const float* g, int n, const float* s);
	int (*firstNonFinite)(Team&, const float* x, int n);
	float (*peak)(Team&, int iterations);
};

// Each family of kernels fills its entries; a family that a file does not define stays empty.
#define FAMILY(NAME) \
	namespace avx2 { void NAME(KernelTable&) __attribute__((weak)); } \
	namespace avx512 { void NAME(KernelTable&) __attribute__((weak)); }

FAMILY(elementwiseKernels)
FAMILY(layoutKernels)
FAMILY(reduceKernels)
FAMILY(normKernels)
FAMILY(lossKernels)
FAMILY(adamwKernels)
FAMILY(peakKernels)
FAMILY(gemmKernels)
FAMILY(packedKernels)
FAMILY(quantisedKernels)
FAMILY(attentionKernels)
FAMILY(attentionGradKernels)
FAMILY(attentionPagedKernels)
FAMILY(lowRankKernels)
