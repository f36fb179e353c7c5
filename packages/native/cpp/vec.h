// Vectors of f32 as wide as the instruction set that a file is compiled for, and the strided-8 sum tree. Knows nothing of any operation.
//
// A file that includes this is compiled once for each instruction set, with -DISA=NAME; everything it defines lives in `namespace ISA`,
// so that the linker can never take one set's code for another's.
#pragma once
// GCC's AVX-512 intrinsics begin from a value that is undefined on purpose, and GCC 12 warns of it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifndef ISA
#error "compile with -DISA=avx2 -mavx2, or -DISA=avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl"
#endif

#define INLINE static inline __attribute__((always_inline))

namespace ISA {

#ifdef __AVX512F__
constexpr int LANES = 16;
#else
constexpr int LANES = 8;
#endif

typedef float vf __attribute__((vector_size(LANES * 4)));
typedef int32_t vi __attribute__((vector_size(LANES * 4)));
/** Eight lanes whatever the set: what a strided-8 sum is kept in. */
typedef float v8 __attribute__((vector_size(32)));

typedef float UnalignedVf __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef float UnalignedV8 __attribute__((vector_size(32), aligned(4), may_alias));

INLINE vf load(const float* p) { return *(const UnalignedVf*)p; }
INLINE void store(float* p, vf v) { *(UnalignedVf*)p = v; }
INLINE v8 load8(const float* p) { return *(const UnalignedV8*)p; }
INLINE void store8(float* p, v8 v) { *(UnalignedV8*)p = v; }

INLINE vf splat(float x) {
#ifdef __AVX512F__
	return (vf)_mm512_set1_ps(x);
#else
	return (vf)_mm256_set1_ps(x);
#endif
}

INLINE vi splatInt(int32_t x) { return x - (vi){}; }
INLINE v8 splat8(float x) { return (v8)_mm256_set1_ps(x); }

/** Bits as they are. */
INLINE vf floats(vi bits) { return (vf)bits; }
INLINE vi bits(vf v) { return (vi)v; }

/** Lanes of a where the mask's are all ones, else of b. */
INLINE vf select(vi mask, vf a, vf b) { return mask ? a : b; }

/** x > limit ? limit : x; a NaN stays. */
INLINE vf atMost(vf x, float limit) {
#ifdef __AVX512F__
	return (vf)_mm512_min_ps((__m512)splat(limit), (__m512)x);
#else
	return (vf)_mm256_min_ps((__m256)splat(limit), (__m256)x);
#endif
}

/** x < limit ? limit : x; a NaN stays. */
INLINE vf atLeast(vf x, float limit) {
#ifdef __AVX512F__
	return (vf)_mm512_max_ps((__m512)splat(limit), (__m512)x);
#else
	return (vf)_mm256_max_ps((__m256)splat(limit), (__m256)x);
#endif
}

INLINE __m256i firstLanes8(int r) {
	return _mm256_cmpgt_epi32(_mm256_set1_epi32(r), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/** Lanes 0..r-1 from memory, +0 above (0 ≤ r ≤ 8); reads nothing past them. */
INLINE v8 loadPartial8(const float* p, int r) { return (v8)_mm256_maskload_ps(p, firstLanes8(r)); }
INLINE void storePartial8(float* p, v8 v, int r) { _mm256_maskstore_ps(p, firstLanes8(r), (__m256)v); }

#ifdef __AVX512F__
/** Lanes 0..r-1 from memory, +0 above (0 ≤ r ≤ LANES); reads nothing past them. */
INLINE vf loadPartial(const float* p, int r) { return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << r) - 1), p); }
/** Stores lanes 0..r-1. */
INLINE void storePartial(float* p, vf v, int r) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << r) - 1), (__m512)v); }
INLINE v8 lowHalf(vf v) { return (v8)_mm512_maskz_extractf32x8_ps(0xff, (__m512)v, 0); }
INLINE v8 highHalf(vf v) { return (v8)_mm512_maskz_extractf32x8_ps(0xff, (__m512)v, 1); }
#else
INLINE vf loadPartial(const float* p, int r) { return (vf)loadPartial8(p, r); }
INLINE void storePartial(float* p, vf v, int r) { storePartial8(p, (v8)v, r); }
#endif

/** ((p0+p4)+(p2+p6)) + ((p1+p5)+(p3+p7)) */
INLINE float sumTree(v8 p) {
	float even = (p[0] + p[4]) + (p[2] + p[6]);
	float odd = (p[1] + p[5]) + (p[3] + p[7]);
	return even + odd;
}

/**
 * Adds one vector of terms to a strided-8 sum: its first eight lanes, then its last. Zeros added to a partial sum that began at +0 leave it
 * unchanged, so the lanes past a row's end may be zeros.
 */
INLINE v8 addStrided(v8 sum, vf terms) {
#ifdef __AVX512F__
	sum += lowHalf(terms);
	return sum + highHalf(terms);
#else
	return sum + (v8)terms;
#endif
}

INLINE int least(int a, int b) { return a < b ? a : b; }

}  // namespace ISA
