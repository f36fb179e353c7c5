// Products of int8 weights, in panels of 16 columns, with rows that are quantised on the way in. Sums are of whole numbers in 32 bits and
// never round, so their order is free. Written out in twin/quantised.ts.
import { storePartial } from "./vec";

// @ts-ignore: decorator
@inline
function ceil4(K: i32): i32 {
	return (K + 3) & ~3;
}

/** Bytes of the quantised rows: i16 [M, K rounded up to 4], then their scales. */
export function gemmQuantisedScratchBytes(M: i32, K: i32): i32 {
	return M * (2 * ceil4(K) + 4) + 16;
}

/** q = the row in units of its scale, zeros behind it; returns the scale: greatest |x| / 127, NaN if an x is. */
function quantiseRow(x: usize, q: usize, K: i32): f32 {
	const end = x + ((<usize>K) << 2);
	const end4 = x + ((<usize>(K & ~3)) << 2);
	const magnitude = i32x4.splat(0x7fffffff);
	let p = x;
	// Greatest by the bits of |x|: the order of finite numbers, infinity above them, NaN above all.
	let most4 = i32x4.splat(0);
	for (; p < end4; p += 16) most4 = i32x4.max_s(most4, v128.and(v128.load(p), magnitude));
	let most = max(
		max(i32x4.extract_lane(most4, 0), i32x4.extract_lane(most4, 1)),
		max(i32x4.extract_lane(most4, 2), i32x4.extract_lane(most4, 3)),
	);
	for (; p < end; p += 4) most = max(most, load<i32>(p) & 0x7fffffff);
	const scale = reinterpret<f32>(most) / 127;
	if (scale == 0) {
		memory.fill(q, 0, (<usize>ceil4(K)) << 1);
		return scale;
	}
	const scales = f32x4.splat(scale);
	const low = f32x4.splat(-127);
	const high = f32x4.splat(127);
	for (p = x; p < end4; p += 16, q += 8) {
		const v = f32x4.nearest(f32x4.max(f32x4.min(f32x4.div(v128.load(p), scales), high), low));
		const n = i32x4.trunc_sat_f32x4_s(v);
		v128.store64_lane(q, i16x8.narrow_i32x4_s(n, n), 0);
	}
	if (p < end) {
		store<u64>(q, 0);
		for (; p < end; p += 4, q += 2) {
			const v: f32 = load<f32>(p) / scale;
			// NaN gives 0, as it does four at a time.
			store<i16>(q, v == v ? <i16>(<i32>nearest<f32>(max<f32>(min<f32>(v, 127), -127))) : 0);
		}
	}
	return scale;
}

/** f32(sum) · (scale of the row · scale of the column) of four columns, whose sums lie in pairs in a and b. */
// @ts-ignore: decorator
@inline
function scaled(a: v128, b: v128, scale: v128, scales: usize): v128 {
	const sum = i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
	return f32x4.mul(f32x4.convert_i32x4_s(sum), f32x4.mul(scale, v128.load(scales)));
}

// @ts-ignore: decorator
@inline
function storeColumns(out: usize, v: v128, cols: i32): void {
	if (cols >= 4) v128.store(out, v);
	else if (cols > 0) storePartial(out, v, cols);
}

/** One row times half a panel, 8 k at a time where it can. */
function row(q: usize, p: usize, scale: f32, scales: usize, out: usize, K4: i32, cols: i32): void {
	let s0 = i32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
	for (const even = q + ((<usize>(K4 & ~7)) << 1); q < even; q += 16, p += 128) {
		const x = v128.load64_splat(q);
		const y = v128.load64_splat(q, 8);
		s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load8x8_s(p), x));
		s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load8x8_s(p, 8), x));
		s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load8x8_s(p, 16), x));
		s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load8x8_s(p, 24), x));
		s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load8x8_s(p, 64), y));
		s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load8x8_s(p, 72), y));
		s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load8x8_s(p, 80), y));
		s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load8x8_s(p, 88), y));
	}
	if (K4 & 4) {
		const x = v128.load64_splat(q);
		s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load8x8_s(p), x));
		s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load8x8_s(p, 8), x));
		s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v128.load8x8_s(p, 16), x));
		s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v128.load8x8_s(p, 24), x));
	}
	const own = f32x4.splat(scale);
	storeColumns(out, scaled(s0, s1, own, scales), cols);
	storeColumns(out + 16, scaled(s2, s3, own, scales + 16), cols - 4);
}

/** Two rows times half a panel. */
function twoRows(
	q: usize, p: usize, rowScales: usize, scales: usize, out: usize, ldo: usize, K4: i32, cols: i32,
): void {
	let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
	let r = q + ((<usize>K4) << 1);
	for (const end = r; q < end; q += 8, r += 8, p += 64) {
		const w0 = v128.load8x8_s(p);
		const w1 = v128.load8x8_s(p, 8);
		const w2 = v128.load8x8_s(p, 16);
		const w3 = v128.load8x8_s(p, 24);
		let x = v128.load64_splat(q);
		a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w0, x));
		a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w1, x));
		a2 = i32x4.add(a2, i32x4.dot_i16x8_s(w2, x));
		a3 = i32x4.add(a3, i32x4.dot_i16x8_s(w3, x));
		x = v128.load64_splat(r);
		b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w0, x));
		b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w1, x));
		b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w2, x));
		b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w3, x));
	}
	let own = v128.load32_splat(rowScales);
	storeColumns(out, scaled(a0, a1, own, scales), cols);
	storeColumns(out + 16, scaled(a2, a3, own, scales + 16), cols - 4);
	own = v128.load32_splat(rowScales, 4);
	storeColumns(out + ldo, scaled(b0, b1, own, scales), cols);
	storeColumns(out + ldo + 16, scaled(b2, b3, own, scales + 16), cols - 4);
}

/**
 * Columns of the panels first … last − 1 of x [M,K] · words into out [M,N]. words are int8 [⌈N/16⌉][⌈K/4⌉][16][4], what is missing zero;
 * scales [⌈N/16⌉·16]; K ≤ 133,144, beyond which 32 bits might not hold a sum.
 */
export function gemmQuantised(
	x: usize, words: usize, scales: usize, out: usize, M: i32, N: i32, K: i32, first: i32, last: i32, scratch: usize,
): void {
	const K4 = ceil4(K);
	const ldq = (<usize>K4) << 1;
	const ldo = (<usize>N) << 2;
	const rowScales = scratch + <usize>M * ldq;
	for (let m = 0; m < M; m++) {
		const scale = quantiseRow(x + <usize>m * ((<usize>K) << 2), scratch + <usize>m * ldq, K);
		store<f32>(rowScales + ((<usize>m) << 2), scale);
	}
	let p = words + <usize>first * ((<usize>K4) << 4);
	for (let i = first; i < last; i++, p += (<usize>K4) << 4) {
		const j = i << 4;
		const own = scales + ((<usize>j) << 2);
		let to = out + ((<usize>j) << 2);
		let m = 0;
		for (; m + 2 <= M; m += 2, to += ldo << 1) {
			const q = scratch + <usize>m * ldq;
			const s = rowScales + ((<usize>m) << 2);
			twoRows(q, p, s, own, to, ldo, K4, N - j);
			if (N - j > 8) twoRows(q, p + 32, s, own + 32, to + 32, ldo, K4, N - j - 8);
		}
		if (m < M) {
			const q = scratch + <usize>m * ldq;
			const scale = load<f32>(rowScales + ((<usize>m) << 2));
			row(q, p, scale, own, to, K4, N - j);
			if (N - j > 8) row(q, p + 32, scale, own + 32, to + 32, K4, N - j - 8);
		}
	}
}

/** out[i,:] = f32(int8) · scale of the table's row ids[i], of K numbers. */
export function gatherQuantised(words: usize, scales: usize, ids: usize, out: usize, count: i32, K: i32): void {
	for (let i = 0; i < count; i++) {
		const id = load<i32>(ids + ((<usize>i) << 2));
		const p = words + <usize>(id >> 4) * ((<usize>ceil4(K)) << 4) + ((<usize>(id & 15)) << 2);
		const scale = load<f32>(scales + ((<usize>id) << 2));
		for (let k = 0; k < K; k++, out += 4) {
			store<f32>(out, <f32>load<i8>(p + ((<usize>(k >> 2)) << 6) + <usize>(k & 3)) * scale);
		}
	}
}
