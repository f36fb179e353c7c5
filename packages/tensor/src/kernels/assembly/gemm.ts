// Matrix product: C[M,N] = op(A)·op(B); every output sums over k = 0..K-1 in order with one accumulator from +0.
//
// One side of the product is packed in panels of eight and lies in the lanes, the other is broadcast: B and A, or, for a few rows of A
// against a B transposed, A and B, so that a large weight is read once and in place.
import { block5, blockInPlace, packFive } from "./block";
import { rowTimes, rowTimesTransposed } from "./rowProduct";
import { packColumns, packRows8 } from "./tile";
import { ceil8 } from "./vec";

/** Most products of one pass: a panel of eight and five rows stay in the first-level cache (48 KiB, often 32). */
const DEPTH: i32 = 640;
/** Rows of A below which they, and not B, are packed. */
const TURNED: i32 = 64;
/** Lanes from which on it pays to pack the broadcast rows too. */
const WORTH_PACKING: i32 = 64;

/** K in passes of the same depth. */
function depthOf(K: i32): i32 {
	const passes = (K + DEPTH - 1) / DEPTH;
	return passes < 2 ? K : (K + passes - 1) / passes;
}

/** Lanes whose panels stay in the second-level cache (512 KiB) while the broadcast rows pass by; a multiple of 8. */
function lanesOfPass(lanes: i32, depth: i32): i32 {
	const most = ((1 << 14) / (depth < 1 ? 1 : depth)) << 3;
	return most < ceil8(lanes) ? most : ceil8(lanes);
}

/** Upper bound, in bytes, of what gemm, gemmPart and gemmBatch write into scratch. */
export function gemmScratchBytes(M: i32, N: i32, K: i32): i32 {
	const depth = depthOf(K);
	const floats = (lanesOfPass(N, depth) + 5) * depth;
	// Turned, whole panels of A instead.
	const turned = ceil8(M < TURNED ? M : TURNED) * K;
	return (((floats > turned ? floats : turned) + 40) << 2) + 64;
}

/** c[lane·ldc + r] = tile[r][lane] */
function storeTurned(tile: usize, rows: i32, lanes: i32, c: usize, ldc: usize): void {
	let lane = 0;
	if (rows >= 4) {
		for (; lane + 4 <= lanes; lane += 4, tile += 16) {
			const p = v128.load(tile);
			const q = v128.load(tile, 32);
			const s = v128.load(tile, 64);
			const t = v128.load(tile, 96);
			const pq0 = v128.shuffle<f32>(p, q, 0, 4, 1, 5);
			const pq1 = v128.shuffle<f32>(p, q, 2, 6, 3, 7);
			const st0 = v128.shuffle<f32>(s, t, 0, 4, 1, 5);
			const st1 = v128.shuffle<f32>(s, t, 2, 6, 3, 7);
			v128.store(c, v128.shuffle<f32>(pq0, st0, 0, 1, 4, 5));
			v128.store(c + ldc, v128.shuffle<f32>(pq0, st0, 2, 3, 6, 7));
			v128.store(c + ldc * 2, v128.shuffle<f32>(pq1, st1, 0, 1, 4, 5));
			v128.store(c + ldc * 3, v128.shuffle<f32>(pq1, st1, 2, 3, 6, 7));
			if (rows > 4) for (let i: usize = 0; i < 4; i++) store<u32>(c + ldc * i, load<u32>(tile + (i << 2), 128), 16);
			c += ldc << 2;
		}
	}
	for (; lane < lanes; lane++, c += ldc, tile += 4) {
		for (let r = 0; r < rows; r++) store<u32>(c + (<usize>r << 2), load<u32>(tile + (<usize>r << 5)));
	}
}

/** rows × lanes numbers between a tile (rows 32 bytes apart) and its place in C. */
function copyEdge(src: usize, ldSrc: usize, dst: usize, ldDst: usize, rows: i32, lanes: i32): void {
	for (let r = 0; r < rows; r++, src += ldSrc, dst += ldDst) {
		for (let lane: usize = 0; lane < <usize>lanes << 2; lane += 4) store<u32>(dst + lane, load<u32>(src + lane));
	}
}

/**
 * c[r, l] = Σ_k x[r, k]·y[l, k]. Element (r, k) of x lies at x + r·xRow + k·xStep, of y at y + l·yRow + k·yStep, in bytes, of which one
 * step is 4. y is packed and lies in the lanes. Between passes over k the sums rest in C, which keeps their bits.
 */
function multiply(
	x: usize, xRow: usize, xStep: usize, rows: i32, y: usize, yRow: usize, yStep: usize, lanes: i32,
	c: usize, ldc: usize, K: i32, scratch: usize,
): void {
	const deep = depthOf(K);
	const pass = lanesOfPass(lanes, deep);
	const packed = scratch + <usize>pass * (<usize>deep << 2);
	const edge = packed + <usize>(deep * 20);
	const pack = xStep != 4 || lanes >= WORTH_PACKING;
	let k0 = 0;
	do {
		const depth = K - k0 < deep ? K - k0 : deep;
		const panelBytes = <usize>depth << 5;
		for (let l0 = 0; l0 < lanes; l0 += pass) {
			const l1 = l0 + pass < lanes ? l0 + pass : lanes;
			packPanels(y + <usize>l0 * yRow + <usize>k0 * yStep, yRow, yStep, l1 - l0, depth, scratch);
			for (let r = 0; r < rows; r += 5) {
				const some = rows - r < 5 ? rows - r : 5;
				const from = x + <usize>r * xRow + <usize>k0 * xStep;
				const five = pack && some == 5;
				if (five) packFive(from, xRow, xStep, depth, packed);
				let to = c + <usize>r * ldc + (<usize>l0 << 2);
				for (let l = l0, panel = scratch; l < l1; l += 8, panel += panelBytes, to += 32) {
					const whole = lanes - l >= 8;
					if (!whole && k0 > 0) copyEdge(to, ldc, edge, 32, some, lanes - l);
					const tile = whole ? to : edge;
					const ld: usize = whole ? ldc : 32;
					if (five) block5(packed, panel, tile, ld, depth, k0);
					else blockInPlace(from, xRow, xStep, some, panel, tile, ld, depth, k0);
					if (!whole) copyEdge(edge, 32, to, ldc, some, lanes - l);
				}
			}
		}
		k0 += deep;
	} while (k0 < K);
}

/** Panels of eight lanes, each K × 8, missing lanes zero. */
function packPanels(y: usize, yRow: usize, yStep: usize, lanes: i32, K: i32, panel: usize): void {
	for (let l = 0; l < lanes; l += 8, panel += <usize>K << 5) {
		const some = lanes - l < 8 ? lanes - l : 8;
		if (yStep == 4) packRows8(y + <usize>l * yRow, yRow, some, K, panel);
		else packColumns(y + <usize>l * yRow, yStep, some, K, panel, 8);
	}
}

/**
 * c[l, r] = Σ_k x[r, k]·y[l, k] for few lanes: x is read once, where it lies, and only y is packed. Elements as in multiply, xStep = 4.
 */
function multiplyTurned(
	x: usize, xRow: usize, rows: i32, y: usize, yRow: usize, yStep: usize, lanes: i32,
	c: usize, ldc: usize, K: i32, scratch: usize,
): void {
	const edge = scratch + <usize>ceil8(lanes) * (<usize>K << 2);
	packPanels(y, yRow, yStep, lanes, K, scratch);
	for (let r = 0; r < rows; r += 5, x += xRow * 5, c += 20) {
		const some = rows - r < 5 ? rows - r : 5;
		for (let l = 0, panel = scratch; l < lanes; l += 8, panel += <usize>K << 5) {
			const left = lanes - l < 8 ? lanes - l : 8;
			blockInPlace(x, xRow, 4, some, panel, edge, 32, K, 0);
			storeTurned(edge, some, left, c + <usize>l * ldc, ldc);
		}
	}
}

/**
 * Rows m0..m1-1 and columns n0..n1-1 of the product, at their places in C. A is [M,K], or [K,M] when transA; B is [K,N], or [N,K] when
 * transB; scratch per gemmScratchBytes.
 */
export function gemmPart(
	a: usize, b: usize, c: usize, M: i32, N: i32, K: i32, transA: i32, transB: i32,
	m0: i32, m1: i32, n0: i32, n1: i32, scratch: usize,
): void {
	const lda = <usize>(transA ? M : K) << 2;
	const ldb = <usize>(transB ? K : N) << 2;
	const ldc = <usize>N << 2;
	const rows = m1 - m0;
	const columns = n1 - n0;
	a += transA ? <usize>m0 << 2 : <usize>m0 * lda;
	b += transB ? <usize>n0 * ldb : <usize>n0 << 2;
	c += <usize>m0 * ldc + (<usize>n0 << 2);
	const contiguous = !transA || M == 1;
	if (contiguous && rows <= (transB ? 2 : 3)) {
		for (let i = 0; i < rows; i++, a += lda, c += ldc) {
			if (transB) rowTimesTransposed(a, b, c, columns, K);
			else rowTimes(a, b, ldb, c, columns, K);
		}
	} else {
		const aRow = transA ? 4 : lda, aStep = transA ? lda : 4;
		const bRow = transB ? ldb : 4, bStep = transB ? 4 : ldb;
		if (transB && rows < TURNED && rows <= columns) multiplyTurned(b, ldb, columns, a, aRow, aStep, rows, c, ldc, K, scratch);
		else multiply(a, aRow, aStep, rows, b, bRow, bStep, columns, c, ldc, K, scratch);
	}
}

/** The whole product. */
export function gemm(
	a: usize, b: usize, c: usize, M: i32, N: i32, K: i32, transA: i32, transB: i32, scratch: usize,
): void {
	gemmPart(a, b, c, M, N, K, transA, transB, 0, M, 0, N, scratch);
}

/** batch products; strides in elements, 0 shares the matrix. */
export function gemmBatch(
	a: usize, b: usize, c: usize, batch: i32, strideA: i32, strideB: i32, strideC: i32,
	M: i32, N: i32, K: i32, transA: i32, transB: i32, scratch: usize,
): void {
	if (strideB == 0 && !transA && strideA == M * K && strideC == M * N) {
		gemm(a, b, c, batch * M, N, K, 0, transB, scratch);
		return;
	}
	for (let i = 0; i < batch; i++) {
		gemm(a, b, c, M, N, K, transA, transB, scratch);
		a += strideA << 2;
		b += strideB << 2;
		c += strideC << 2;
	}
}
