// Matrix products whose right side was laid out once, in panels of 16 columns, for models that only generate: nothing is shuffled or packed
// on the way, a weight is read once for all rows. Same sums as gemm: k in order, one accumulator per output, from +0.
import { storePartial } from "./vec";

/** The first cols of 16 columns. */
// @ts-ignore: decorator
@inline
function storeColumns(out: usize, s0: v128, s1: v128, s2: v128, s3: v128, cols: i32): void {
	if (cols >= 16) {
		v128.store(out, s0);
		v128.store(out, s1, 16);
		v128.store(out, s2, 32);
		v128.store(out, s3, 48);
		return;
	}
	if (cols >= 4) v128.store(out, s0);
	else storePartial(out, s0, cols);
	if (cols >= 8) v128.store(out, s1, 16);
	else if (cols > 4) storePartial(out + 16, s1, cols - 4);
	if (cols >= 12) v128.store(out, s2, 32);
	else if (cols > 8) storePartial(out + 32, s2, cols - 8);
	if (cols > 12) storePartial(out + 48, s3, cols - 12);
}

/** One row times one panel. Two k at a time: compilers load all that a pass needs first, and more than 16 registers of it would spill. */
function row(x: usize, p: usize, out: usize, K: i32, cols: i32): void {
	let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
	for (const even = x + ((<usize>(K & ~1)) << 2); x < even; x += 8, p += 128) {
		const k = v128.load32_splat(x);
		const l = v128.load32_splat(x, 4);
		s0 = f32x4.add(f32x4.add(s0, f32x4.mul(k, v128.load(p))), f32x4.mul(l, v128.load(p, 64)));
		s1 = f32x4.add(f32x4.add(s1, f32x4.mul(k, v128.load(p, 16))), f32x4.mul(l, v128.load(p, 80)));
		s2 = f32x4.add(f32x4.add(s2, f32x4.mul(k, v128.load(p, 32))), f32x4.mul(l, v128.load(p, 96)));
		s3 = f32x4.add(f32x4.add(s3, f32x4.mul(k, v128.load(p, 48))), f32x4.mul(l, v128.load(p, 112)));
	}
	if (K & 1) {
		const k = v128.load32_splat(x);
		s0 = f32x4.add(s0, f32x4.mul(k, v128.load(p)));
		s1 = f32x4.add(s1, f32x4.mul(k, v128.load(p, 16)));
		s2 = f32x4.add(s2, f32x4.mul(k, v128.load(p, 32)));
		s3 = f32x4.add(s3, f32x4.mul(k, v128.load(p, 48)));
	}
	storeColumns(out, s0, s1, s2, s3, cols);
}

/** Two rows, ldx and ldo bytes apart, times one panel. */
function twoRows(x: usize, ldx: usize, p: usize, out: usize, ldo: usize, K: i32, cols: i32): void {
	let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
	let y = x + ldx;
	for (const end = x + ((<usize>K) << 2); x < end; x += 4, y += 4, p += 64) {
		const w0 = v128.load(p);
		const w1 = v128.load(p, 16);
		const w2 = v128.load(p, 32);
		const w3 = v128.load(p, 48);
		let k = v128.load32_splat(x);
		a0 = f32x4.add(a0, f32x4.mul(k, w0));
		a1 = f32x4.add(a1, f32x4.mul(k, w1));
		a2 = f32x4.add(a2, f32x4.mul(k, w2));
		a3 = f32x4.add(a3, f32x4.mul(k, w3));
		k = v128.load32_splat(y);
		b0 = f32x4.add(b0, f32x4.mul(k, w0));
		b1 = f32x4.add(b1, f32x4.mul(k, w1));
		b2 = f32x4.add(b2, f32x4.mul(k, w2));
		b3 = f32x4.add(b3, f32x4.mul(k, w3));
	}
	storeColumns(out, a0, a1, a2, a3, cols);
	storeColumns(out + ldo, b0, b1, b2, b3, cols);
}

/** Columns of the panels first … last − 1 of x [M,K] · panels [⌈N/16⌉][K][16] into out [M,N]. */
export function gemmPacked(x: usize, panels: usize, out: usize, M: i32, N: i32, K: i32, first: i32, last: i32): void {
	const ldx = (<usize>K) << 2;
	const ldo = (<usize>N) << 2;
	const step = (<usize>K) << 6;
	let p = panels + <usize>first * step;
	let j = first << 4;
	for (let i = first; i < last; i++, j += 16, p += step) {
		let from = x;
		let to = out + ((<usize>j) << 2);
		let m = 0;
		for (; m + 2 <= M; m += 2, from += ldx << 1, to += ldo << 1) twoRows(from, ldx, p, to, ldo, K, N - j);
		if (m < M) row(from, p, to, K, N - j);
	}
}

/** out[i,:] = the table's row ids[i], of K numbers; the table is packed as for gemmPacked. */
export function gatherPacked(panels: usize, ids: usize, out: usize, count: i32, K: i32): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(ids + ((<usize>i) << 2));
		let p = panels + <usize>(id >> 4) * ((<usize>K) << 6) + ((<usize>(id & 15)) << 2);
		for (let k = 0; k < K; k++, p += 64, out += 4) store<u32>(out, load<u32>(p));
	}
}
