// The register block under gemm: five rows of numbers that are broadcast, times a panel of eight columns. Ten accumulators, two columns of
// the panel, one broadcast and one product fill the fourteen vector registers that V8 hands out; a sixth row would spill.
// Written out twice here and once more in tile.ts: registers are named, not indexed, and a body inlined into its
// caller ran at 48 GFLOP/s instead of 56.

/**
 * C[r, 0..7] = Σ_k a[r, k]·panel[k, 0..7], k in order, r < rows ≤ 5; from = 0 begins at +0, otherwise at C. Element (r, k) of a lies at a + r·row + k·step bytes;
 * the panel is K × 8; rows of C are ldc bytes apart. Rows past the last repeat it: the same bits go to the same place.
 */
export function blockInPlace(
	a: usize, row: usize, step: usize, rows: i32, panel: usize, c: usize, ldc: usize, K: i32, from: i32,
): void {
	let a1 = rows > 1 ? a + row : a;
	let a2 = rows > 2 ? a1 + row : a1;
	let a3 = rows > 3 ? a2 + row : a2;
	let a4 = rows > 4 ? a3 + row : a3;
	let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
	let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
	let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
	let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
	let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
	const c1 = rows > 1 ? c + ldc : c;
	const c2 = rows > 2 ? c1 + ldc : c1;
	const c3 = rows > 3 ? c2 + ldc : c2;
	const c4 = rows > 4 ? c3 + ldc : c3;
	if (from) {
		c00 = v128.load(c);
		c01 = v128.load(c, 16);
		c10 = v128.load(c1);
		c11 = v128.load(c1, 16);
		c20 = v128.load(c2);
		c21 = v128.load(c2, 16);
		c30 = v128.load(c3);
		c31 = v128.load(c3, 16);
		c40 = v128.load(c4);
		c41 = v128.load(c4, 16);
	}
	const end = panel + (<usize>K << 5);
	// The test at the end makes a loop of fewer bytes; V8's code runs at the speed at which its bytes are fetched.
	if (panel < end) for (;;) {
		const b0 = v128.load(panel);
		const b1 = v128.load(panel, 16);
		let x = v128.load32_splat(a);
		c00 = f32x4.add(c00, f32x4.mul(x, b0));
		c01 = f32x4.add(c01, f32x4.mul(x, b1));
		x = v128.load32_splat(a1);
		c10 = f32x4.add(c10, f32x4.mul(x, b0));
		c11 = f32x4.add(c11, f32x4.mul(x, b1));
		x = v128.load32_splat(a2);
		c20 = f32x4.add(c20, f32x4.mul(x, b0));
		c21 = f32x4.add(c21, f32x4.mul(x, b1));
		x = v128.load32_splat(a3);
		c30 = f32x4.add(c30, f32x4.mul(x, b0));
		c31 = f32x4.add(c31, f32x4.mul(x, b1));
		x = v128.load32_splat(a4);
		c40 = f32x4.add(c40, f32x4.mul(x, b0));
		c41 = f32x4.add(c41, f32x4.mul(x, b1));
		panel += 32;
		a += step;
		a1 += step;
		a2 += step;
		a3 += step;
		a4 += step;
		if (panel >= end) break;
	}
	v128.store(c, c00);
	v128.store(c, c01, 16);
	v128.store(c1, c10);
	v128.store(c1, c11, 16);
	v128.store(c2, c20);
	v128.store(c2, c21, 16);
	v128.store(c3, c30);
	v128.store(c3, c31, 16);
	v128.store(c4, c40);
	v128.store(c4, c41, 16);
}

/** blockInPlace for five rows packed k by k (a[k][0..4]): one pointer for all five, the fewest bytes of code. */
export function block5(a: usize, panel: usize, c: usize, ldc: usize, K: i32, from: i32): void {
	let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
	let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
	let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
	let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
	let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
	if (from) {
		c00 = v128.load(c);
		c01 = v128.load(c, 16);
		c10 = v128.load(c + ldc);
		c11 = v128.load(c + ldc, 16);
		c20 = v128.load(c + ldc * 2);
		c21 = v128.load(c + ldc * 2, 16);
		c30 = v128.load(c + ldc * 3);
		c31 = v128.load(c + ldc * 3, 16);
		c40 = v128.load(c + ldc * 4);
		c41 = v128.load(c + ldc * 4, 16);
	}
	const end = panel + (<usize>K << 5);
	if (panel < end) for (;;) {
		const b0 = v128.load(panel);
		const b1 = v128.load(panel, 16);
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
		x = v128.load32_splat(a, 16);
		c40 = f32x4.add(c40, f32x4.mul(x, b0));
		c41 = f32x4.add(c41, f32x4.mul(x, b1));
		a += 20;
		panel += 32;
		if (panel >= end) break;
	}
	v128.store(c, c00);
	v128.store(c, c01, 16);
	v128.store(c + ldc, c10);
	v128.store(c + ldc, c11, 16);
	v128.store(c + ldc * 2, c20);
	v128.store(c + ldc * 2, c21, 16);
	v128.store(c + ldc * 3, c30);
	v128.store(c + ldc * 3, c31, 16);
	v128.store(c + ldc * 4, c40);
	v128.store(c + ldc * 4, c41, 16);
}

/** dst[k][0..4] = element (r, k) of five rows, as blockInPlace finds them. */
export function packFive(src: usize, row: usize, step: usize, K: i32, dst: usize): void {
	let k = 0;
	if (step == 4) {
		for (; k + 4 <= K; k += 4, src += 16, dst += 80) {
			const a = v128.load(src);
			const b = v128.load(src + row);
			const c = v128.load(src + row * 2);
			const d = v128.load(src + row * 3);
			const e = v128.load(src + row * 4);
			const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
			const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
			const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
			const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
			v128.store(dst, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
			v128.store_lane<u32>(dst, e, 0, 16);
			v128.store(dst, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 20);
			v128.store_lane<u32>(dst, e, 1, 36);
			v128.store(dst, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 40);
			v128.store_lane<u32>(dst, e, 2, 56);
			v128.store(dst, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 60);
			v128.store_lane<u32>(dst, e, 3, 76);
		}
	}
	for (; k < K; k++, src += step, dst += 20) {
		store<u32>(dst, load<u32>(src));
		store<u32>(dst, load<u32>(src + row), 4);
		store<u32>(dst, load<u32>(src + row * 2), 8);
		store<u32>(dst, load<u32>(src + row * 3), 12);
		store<u32>(dst, load<u32>(src + row * 4), 16);
	}
}
