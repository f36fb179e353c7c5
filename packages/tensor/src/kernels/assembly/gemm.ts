// Matrix product: C[M,N] = op(A)·op(B); every output sums over k = 0..K-1 in order with one accumulator from +0.
import { rowTimes, rowTimesTransposed } from "./rowProduct";
import { packColumns, packRows4, packRows8, tileTo } from "./tile";
import { ceil8 } from "./vec";

/** Upper bound, in bytes, of what gemm and gemmBatch write into scratch. */
export function gemmScratchBytes(M: i32, N: i32, K: i32): i32 {
	return ((ceil8(N) * K + 4 * K + 32) << 2) + 64;
}

/** B in panels of 8 columns, each K × 8, edge columns zero. */
function packB(b: usize, N: i32, K: i32, transB: i32, dst: usize): void {
	for (let j = 0; j < N; j += 8, dst += (<usize>K) << 5) {
		const cols = N - j < 8 ? N - j : 8;
		if (transB) packRows8(b + <usize>j * ((<usize>K) << 2), (<usize>K) << 2, cols, K, dst);
		else packColumns(b + ((<usize>j) << 2), (<usize>N) << 2, cols, K, dst, 8);
	}
}

/** The product with B already packed; spare holds one panel of A (4·K floats), then one tile (32 floats). */
function multiply(a: usize, packed: usize, c: usize, M: i32, N: i32, K: i32, transA: i32, spare: usize): void {
	const edge = spare + ((<usize>K) << 4);
	const ldc = (<usize>N) << 2;
	// As many panels of B as stay in the second-level cache while the rows of A pass by.
	let block = (1 << 14) / (K < 1 ? 1 : K);
	block = block < 8 ? 8 : block;
	for (let n0 = 0; n0 < N; n0 += block << 3) {
		const n1 = n0 + (block << 3) < N ? n0 + (block << 3) : N;
		for (let i = 0; i < M; i += 4) {
			const rows = M - i < 4 ? M - i : 4;
			if (transA) packColumns(a + ((<usize>i) << 2), (<usize>M) << 2, rows, K, spare, 4);
			else packRows4(a + <usize>i * ((<usize>K) << 2), (<usize>K) << 2, rows, K, spare);
			for (let j = n0; j < n1; j += 8) {
				const panel = packed + <usize>j * ((<usize>K) << 2);
				const out = c + (<usize>i * ldc + ((<usize>j) << 2));
				tileTo(spare, 16, panel, 32, out, ldc, K, 0, rows, n1 - j, edge);
			}
		}
	}
}

/** Whether packing B would cost more than it saves. */
// @ts-ignore: decorator
@inline
function fewRows(M: i32, transA: i32): bool {
	return M == 1 || (M <= 3 && !transA);
}

function multiplyFewRows(a: usize, b: usize, c: usize, M: i32, N: i32, K: i32, transB: i32): void {
	for (let i = 0; i < M; i++, a += <usize>K << 2, c += <usize>N << 2) {
		if (transB) rowTimesTransposed(a, b, c, N, K);
		else rowTimes(a, b, c, N, K);
	}
}

/** A is [M,K], or [K,M] when transA; B is [K,N], or [N,K] when transB; scratch per gemmScratchBytes. */
export function gemm(
	a: usize,
	b: usize,
	c: usize,
	M: i32,
	N: i32,
	K: i32,
	transA: i32,
	transB: i32,
	scratch: usize,
): void {
	gemmBatch(a, b, c, 1, 0, 0, 0, M, N, K, transA, transB, scratch);
}

/** batch products; strides in elements, 0 shares the matrix (a shared B is packed once). */
export function gemmBatch(
	a: usize,
	b: usize,
	c: usize,
	batch: i32,
	strideA: i32,
	strideB: i32,
	strideC: i32,
	M: i32,
	N: i32,
	K: i32,
	transA: i32,
	transB: i32,
	scratch: usize,
): void {
	const spare = scratch + <usize>ceil8(N) * ((<usize>K) << 2);
	for (let i = 0; i < batch; i++) {
		if (fewRows(M, transA)) multiplyFewRows(a, b, c, M, N, K, transB);
		else {
			if (i == 0 || strideB != 0) packB(b, N, K, transB, scratch);
			multiply(a, scratch, c, M, N, K, transA, spare);
		}
		a += strideA << 2;
		b += strideB << 2;
		c += strideC << 2;
	}
}

