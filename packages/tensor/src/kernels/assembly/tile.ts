// The register tile under gemm and attention: 4 rows × 8 columns, one accumulator per output, k in order.

/**
 * C[4,8] = Σ_k a[k][0..3] ⊗ b[k][0..7]; rows of a, b and C lie lda, ldb and ldc bytes apart.
 * from = 0 begins at +0; otherwise at C.
 */
// @ts-ignore: decorator
@inline
export function tile(a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, from: i32): void {
	let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
	let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
	let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
	let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
	if (from) {
		c00 = v128.load(c);
		c01 = v128.load(c, 16);
		c10 = v128.load(c + ldc);
		c11 = v128.load(c + ldc, 16);
		c20 = v128.load(c + ldc * 2);
		c21 = v128.load(c + ldc * 2, 16);
		c30 = v128.load(c + ldc * 3);
		c31 = v128.load(c + ldc * 3, 16);
	}
	for (let k = 0; k < K; k++, a += lda, b += ldb) {
		const b0 = v128.load(b);
		const b1 = v128.load(b, 16);
		let x = v128.load32_splat(a);
		c00 = f32x4.add(c00, f32x4.mul(x, b0));
		c01 = f32x4.add(c01, f32x4.mul(x, b1));
		x = v128.load32_splat(a, 4);
		c10 = f32x4.add(c10, f32x4.mul(x, b0));
		c11 = f32x4.add(c11, f32x4.mul(x, b1));
		x = v128.load32_splat(a, 8);
		c20 = f32x4.add(c20, f32x4.mul(x, b0));
		c21 = f32x4.add(c21, f32x4.mul(x, b1));
		x = v128.load32_splat(a, 12);
		c30 = f32x4.add(c30, f32x4.mul(x, b0));
		c31 = f32x4.add(c31, f32x4.mul(x, b1));
	}
	v128.store(c, c00);
	v128.store(c, c01, 16);
	v128.store(c + ldc, c10);
	v128.store(c + ldc, c11, 16);
	v128.store(c + ldc * 2, c20);
	v128.store(c + ldc * 2, c21, 16);
	v128.store(c + ldc * 3, c30);
	v128.store(c + ldc * 3, c31, 16);
}

/** tile for any rows ≤ 4 and cols ≤ 8 of C; a partial tile goes through edge (32 floats). */
export function tileTo(
	a: usize, lda: usize, b: usize, ldb: usize, c: usize, ldc: usize, K: i32, from: i32, rows: i32, cols: i32, edge: usize,
): void {
	if (rows >= 4 && cols >= 8) {
		tile(a, lda, b, ldb, c, ldc, K, from);
		return;
	}
	if (rows > 4) rows = 4;
	if (cols > 8) cols = 8;
	if (from) {
		for (let r = 0; r < rows; r++) {
			for (let s = 0; s < cols; s++) {
				store<u32>(edge + (<usize>(r * 8 + s) << 2), load<u32>(c + <usize>r * ldc + (<usize>s << 2)));
			}
		}
	}
	tile(a, lda, b, ldb, edge, 32, K, from);
	for (let r = 0; r < rows; r++) {
		for (let s = 0; s < cols; s++) {
			store<u32>(c + <usize>r * ldc + (<usize>s << 2), load<u32>(edge + (<usize>(r * 8 + s) << 2)));
		}
	}
}

/** dst[k][0..3] = src[0..rows-1][k], zeros in missing rows; src's rows are ld bytes apart. */
export function packRows4(src: usize, ld: usize, rows: i32, K: i32, dst: usize): void {
	let k = 0;
	if (rows >= 4) {
		for (; k + 4 <= K; k += 4, src += 16, dst += 64) {
			const a = v128.load(src);
			const b = v128.load(src + ld);
			const c = v128.load(src + ld * 2);
			const d = v128.load(src + ld * 3);
			const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
			const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
			const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
			const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
			v128.store(dst, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
			v128.store(dst, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 16);
			v128.store(dst, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 32);
			v128.store(dst, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 48);
		}
	}
	for (; k < K; k++, src += 4, dst += 16) {
		store<u32>(dst, load<u32>(src));
		store<u32>(dst, rows > 1 ? load<u32>(src + ld) : 0, 4);
		store<u32>(dst, rows > 2 ? load<u32>(src + ld * 2) : 0, 8);
		store<u32>(dst, rows > 3 ? load<u32>(src + ld * 3) : 0, 12);
	}
}

/** dst[k][0..width-1] = src[k][0..cols-1], zeros in missing columns; dst's rows are width floats (4 or 8) apart. */
export function packColumns(src: usize, ld: usize, cols: i32, K: i32, dst: usize, width: i32): void {
	const step = <usize>width << 2;
	if (cols >= width) {
		for (let k = 0; k < K; k++, src += ld, dst += step) {
			v128.store(dst, v128.load(src));
			if (width == 8) v128.store(dst, v128.load(src, 16), 16);
		}
		return;
	}
	for (let k = 0; k < K; k++, src += ld, dst += step) {
		for (let j = 0; j < width; j++) {
			store<u32>(dst + (<usize>j << 2), j < cols ? load<u32>(src + (<usize>j << 2)) : 0);
		}
	}
}

/** dst[k][0..7] = src[0..rows-1][k], zeros in missing rows. */
export function packRows8(src: usize, ld: usize, rows: i32, K: i32, dst: usize): void {
	let k = 0;
	if (rows >= 8) {
		for (; k + 4 <= K; k += 4, src += 16, dst += 128) {
			for (let half: usize = 0; half < 32; half += 16) {
				const p = half ? src + ld * 4 : src;
				const a = v128.load(p);
				const b = v128.load(p + ld);
				const c = v128.load(p + ld * 2);
				const d = v128.load(p + ld * 3);
				const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
				const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
				const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
				const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
				const q = dst + half;
				v128.store(q, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
				v128.store(q, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
				v128.store(q, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
				v128.store(q, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
			}
		}
	}
	for (; k < K; k++, src += 4, dst += 32) {
		for (let j = 0; j < 8; j++) {
			store<u32>(dst + (<usize>j << 2), j < rows ? load<u32>(src + <usize>j * ld) : 0);
		}
	}
}
