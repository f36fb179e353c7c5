// Sums and maxima along one axis, rows gathered and scattered.
import { loadPartial, storePartial, sumTree } from "./vec";

/** Strided-8 sum of n contiguous numbers: p_j = Σ x[8i+j], then the fixed tree. */
// @ts-ignore: decorator
@inline
export function sumRow(x: usize, n: i32): f32 {
	let low = f32x4.splat(0);
	let high = f32x4.splat(0);
	let i = 0;
	for (; i + 8 <= n; i += 8, x += 32) {
		low = f32x4.add(low, v128.load(x));
		high = f32x4.add(high, v128.load(x, 16));
	}
	// A partial sum that began at +0 is never -0, so the zeros of a padded tail leave it unchanged.
	let rest = n - i;
	if (rest >= 4) {
		low = f32x4.add(low, v128.load(x));
		rest -= 4;
		if (rest) high = f32x4.add(high, loadPartial(x + 16, rest));
	} else if (rest) {
		low = f32x4.add(low, loadPartial(x, rest));
	}
	return sumTree(low, high);
}

/** Greatest of n ≥ 1 contiguous numbers; a zero result is +0. */
// @ts-ignore: decorator
@inline
export function maxRow(x: usize, n: i32): f32 {
	let i = 0;
	let best: f32 = load<f32>(x);
	if (n >= 4) {
		let m = v128.load(x);
		for (i = 4; i + 4 <= n; i += 4) {
			const v = v128.load(x + (<usize>i << 2));
			m = v128.bitselect(v, m, f32x4.gt(v, m));
		}
		best = f32x4.extract_lane(m, 0);
		const b = f32x4.extract_lane(m, 1);
		const c = f32x4.extract_lane(m, 2);
		const d = f32x4.extract_lane(m, 3);
		best = b > best ? b : best;
		best = c > best ? c : best;
		best = d > best ? d : best;
	}
	for (; i < n; i++) {
		const v = load<f32>(x + (<usize>i << 2));
		best = v > best ? v : best;
	}
	return best + <f32>0;
}

/** out[outer, inner] = Σ over n; inner = 1: strided-8, else one accumulator per output in order. */
export function reduceSum(x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
	if (inner == 1) {
		for (let o = 0; o < outer; o++) {
			store<f32>(out + (<usize>o << 2), sumRow(x, n));
			x += <usize>n << 2;
		}
		return;
	}
	const stride = <usize>inner << 2;
	for (let o = 0; o < outer; o++) {
		let j = 0;
		for (; j + 16 <= inner; j += 16) {
			let a = f32x4.splat(0);
			let b = f32x4.splat(0);
			let c = f32x4.splat(0);
			let d = f32x4.splat(0);
			let p = x + (<usize>j << 2);
			for (let i = 0; i < n; i++, p += stride) {
				a = f32x4.add(a, v128.load(p));
				b = f32x4.add(b, v128.load(p, 16));
				c = f32x4.add(c, v128.load(p, 32));
				d = f32x4.add(d, v128.load(p, 48));
			}
			const q = out + (<usize>j << 2);
			v128.store(q, a);
			v128.store(q, b, 16);
			v128.store(q, c, 32);
			v128.store(q, d, 48);
		}
		for (; j < inner; j++) {
			let a: f32 = 0;
			let p = x + (<usize>j << 2);
			for (let i = 0; i < n; i++, p += stride) a += load<f32>(p);
			store<f32>(out + (<usize>j << 2), a);
		}
		x += <usize>n * stride;
		out += stride;
	}
}

/** out[outer, inner] = greatest over n ≥ 1; a zero result is +0; inputs are finite. */
export function reduceMax(x: usize, out: usize, outer: i32, n: i32, inner: i32): void {
	if (inner == 1) {
		for (let o = 0; o < outer; o++) {
			store<f32>(out + (<usize>o << 2), maxRow(x, n));
			x += <usize>n << 2;
		}
		return;
	}
	const stride = <usize>inner << 2;
	const zeros = f32x4.splat(0);
	for (let o = 0; o < outer; o++) {
		for (let j = 0; j < inner; j += 4) {
			const rest = inner - j;
			let p = x + (<usize>j << 2);
			const q = out + (<usize>j << 2);
			if (rest >= 4) {
				let m = v128.load(p);
				for (let i = 1; i < n; i++) {
					p += stride;
					const v = v128.load(p);
					m = v128.bitselect(v, m, f32x4.gt(v, m));
				}
				v128.store(q, f32x4.add(m, zeros));
			} else {
				let m = loadPartial(p, rest);
				for (let i = 1; i < n; i++) {
					p += stride;
					const v = loadPartial(p, rest);
					m = v128.bitselect(v, m, f32x4.gt(v, m));
				}
				storePartial(q, f32x4.add(m, zeros), rest);
			}
		}
		x += <usize>n * stride;
		out += stride;
	}
}

/** out[i, :] = table[ids[i], :]; ids are i32 and in range. */
export function gatherRows(table: usize, ids: usize, out: usize, count: i32, width: i32): void {
	const bytes = <usize>width << 2;
	for (let i = 0; i < count; i++) {
		memory.copy(out, table + <usize>load<i32>(ids + (<usize>i << 2)) * bytes, bytes);
		out += bytes;
	}
}

/** out[ids[i], :] += dy[i, :] for i in order; the caller zeroed out. */
export function scatterAddRows(ids: usize, dy: usize, out: usize, count: i32, width: i32): void {
	const bytes = <usize>width << 2;
	for (let i = 0; i < count; i++) {
		const row = out + <usize>load<i32>(ids + (<usize>i << 2)) * bytes;
		let j: usize = 0;
		for (; j + 16 <= bytes; j += 16) v128.store(row + j, f32x4.add(v128.load(row + j), v128.load(dy + j)));
		for (; j < bytes; j += 4) store<f32>(row + j, load<f32>(row + j) + load<f32>(dy + j));
		dy += bytes;
	}
}
