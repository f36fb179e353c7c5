// One row times a matrix without packing it, for decoding: same sums, k in order, one accumulator per output.

/** acc + Σ over the four k of x of x[k]·(rows p, p+ld, p+2ld, p+3ld at k), k in order. */
// @ts-ignore: decorator
@inline
function dot4(acc: v128, x0: v128, x1: v128, x2: v128, x3: v128, p: usize, ld: usize): v128 {
	const a = v128.load(p);
	const b = v128.load(p + ld);
	const c = v128.load(p + ld * 2);
	const d = v128.load(p + ld * 3);
	const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
	const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
	const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
	const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
	acc = f32x4.add(acc, f32x4.mul(x0, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5)));
	acc = f32x4.add(acc, f32x4.mul(x1, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7)));
	acc = f32x4.add(acc, f32x4.mul(x2, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5)));
	return f32x4.add(acc, f32x4.mul(x3, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7)));
}

/** acc + x·(one element of each of four rows). */
// @ts-ignore: decorator
@inline
function dot1(acc: v128, x: v128, p: usize, ld: usize): v128 {
	let column = v128.load32_zero(p);
	column = f32x4.replace_lane(column, 1, load<f32>(p + ld));
	column = f32x4.replace_lane(column, 2, load<f32>(p + ld * 2));
	column = f32x4.replace_lane(column, 3, load<f32>(p + ld * 3));
	return f32x4.add(acc, f32x4.mul(x, column));
}

/** c[0..N-1] = x[0..K-1] · Bᵀ, B [N,K]. */
export function rowTimesTransposed(x: usize, b: usize, c: usize, N: i32, K: i32): void {
	const ld = <usize>K << 2;
	let n = 0;
	for (; n + 16 <= N; n += 16, b += ld << 4, c += 64) {
		let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
		let p = b, y = x, k = 0;
		for (; k + 4 <= K; k += 4, p += 16, y += 16) {
			const x0 = v128.load32_splat(y);
			const x1 = v128.load32_splat(y, 4);
			const x2 = v128.load32_splat(y, 8);
			const x3 = v128.load32_splat(y, 12);
			s0 = dot4(s0, x0, x1, x2, x3, p, ld);
			s1 = dot4(s1, x0, x1, x2, x3, p + ld * 4, ld);
			s2 = dot4(s2, x0, x1, x2, x3, p + ld * 8, ld);
			s3 = dot4(s3, x0, x1, x2, x3, p + ld * 12, ld);
		}
		for (; k < K; k++, p += 4, y += 4) {
			const xk = v128.load32_splat(y);
			s0 = dot1(s0, xk, p, ld);
			s1 = dot1(s1, xk, p + ld * 4, ld);
			s2 = dot1(s2, xk, p + ld * 8, ld);
			s3 = dot1(s3, xk, p + ld * 12, ld);
		}
		v128.store(c, s0);
		v128.store(c, s1, 16);
		v128.store(c, s2, 32);
		v128.store(c, s3, 48);
	}
	for (; n < N; n++, b += ld, c += 4) {
		let s: f32 = 0;
		for (let k: usize = 0; k < ld; k += 4) s += load<f32>(x + k) * load<f32>(b + k);
		store<f32>(c, s);
	}
}

/** c[0..N-1] = x[0..K-1] · B, rows of B [K,N] ld bytes apart; streams B once, four rows at a time. */
export function rowTimes(x: usize, b: usize, ld: usize, c: usize, N: i32, K: i32): void {
	const end = <usize>N << 2;
	memory.fill(c, 0, end);
	let k = 0;
	for (; k + 4 <= K; k += 4, x += 16, b += ld << 2) {
		const x0 = v128.load32_splat(x);
		const x1 = v128.load32_splat(x, 4);
		const x2 = v128.load32_splat(x, 8);
		const x3 = v128.load32_splat(x, 12);
		let j: usize = 0;
		for (; j + 16 <= end; j += 16) {
			const p = b + j;
			let s = v128.load(c + j);
			s = f32x4.add(s, f32x4.mul(x0, v128.load(p)));
			s = f32x4.add(s, f32x4.mul(x1, v128.load(p + ld)));
			s = f32x4.add(s, f32x4.mul(x2, v128.load(p + ld * 2)));
			s = f32x4.add(s, f32x4.mul(x3, v128.load(p + ld * 3)));
			v128.store(c + j, s);
		}
		for (; j < end; j += 4) {
			let s = load<f32>(c + j);
			for (let i: usize = 0; i < 4; i++) s += load<f32>(x + (i << 2)) * load<f32>(b + j + i * ld);
			store<f32>(c + j, s);
		}
	}
	for (; k < K; k++, x += 4, b += ld) {
		const x0 = v128.load32_splat(x);
		let j: usize = 0;
		for (; j + 16 <= end; j += 16) v128.store(c + j, f32x4.add(v128.load(c + j), f32x4.mul(x0, v128.load(b + j))));
		for (; j < end; j += 4) store<f32>(c + j, load<f32>(c + j) + load<f32>(x) * load<f32>(b + j));
	}
}
