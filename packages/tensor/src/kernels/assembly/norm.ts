// RMSNorm with its two gradients, and rotary position embedding.
import { loadPartial, storePartial, sumTree } from "./vec";

/** 1/√(ms+eps), ms = (strided-8 sum of x²)/width. */
// @ts-ignore: decorator
@inline
function inverseRms(x: usize, width: i32, eps: f32): f32 {
	let low = f32x4.splat(0);
	let high = f32x4.splat(0);
	let i = 0;
	for (; i + 8 <= width; i += 8, x += 32) {
		const a = v128.load(x);
		const b = v128.load(x, 16);
		low = f32x4.add(low, f32x4.mul(a, a));
		high = f32x4.add(high, f32x4.mul(b, b));
	}
	let rest = width - i;
	if (rest >= 4) {
		const a = v128.load(x);
		low = f32x4.add(low, f32x4.mul(a, a));
		rest -= 4;
		if (rest) {
			const b = loadPartial(x + 16, rest);
			high = f32x4.add(high, f32x4.mul(b, b));
		}
	} else if (rest) {
		const a = loadPartial(x, rest);
		low = f32x4.add(low, f32x4.mul(a, a));
	}
	const ms: f32 = sumTree(low, high) / <f32>width;
	return <f32>1 / sqrt<f32>(ms + eps);
}

/** out = (x·r)·w by row, r = 1/√(ms+eps). */
export function rmsNorm(x: usize, w: usize, out: usize, rows: i32, width: i32, eps: f32): void {
	const bytes = <usize>width << 2;
	const main = bytes & ~15;
	const rest = width & 3;
	for (let row = 0; row < rows; row++) {
		const r = f32x4.splat(inverseRms(x, width, eps));
		for (let j: usize = 0; j < main; j += 16) {
			v128.store(out + j, f32x4.mul(f32x4.mul(v128.load(x + j), r), v128.load(w + j)));
		}
		if (rest) {
			const y = f32x4.mul(f32x4.mul(loadPartial(x + main, rest), r), loadPartial(w + main, rest));
			storePartial(out + main, y, rest);
		}
		x += bytes;
		out += bytes;
	}
}

/** (dy·w)·x */
// @ts-ignore: decorator
@inline
function slope(dy: v128, w: v128, x: v128): v128 {
	return f32x4.mul(f32x4.mul(dy, w), x);
}

/** (dy·w)·r − x·c */
// @ts-ignore: decorator
@inline
function gradX(dy: v128, w: v128, x: v128, r: v128, c: v128): v128 {
	return f32x4.sub(f32x4.mul(f32x4.mul(dy, w), r), f32x4.mul(x, c));
}

/** dx = (dy·w)·r − x·c; c = (S·((r·r)·r))/width with S the strided-8 sum of (dy·w)·x. */
export function rmsNormGradX(x: usize, w: usize, dy: usize, dx: usize, rows: i32, width: i32, eps: f32): void {
	const bytes = <usize>width << 2;
	const main = bytes & ~15;
	const rest = width & 3;
	for (let row = 0; row < rows; row++) {
		const r = inverseRms(x, width, eps);
		let low = f32x4.splat(0);
		let high = f32x4.splat(0);
		let j: usize = 0;
		for (; j + 32 <= main; j += 32) {
			low = f32x4.add(low, slope(v128.load(dy + j), v128.load(w + j), v128.load(x + j)));
			high = f32x4.add(high, slope(v128.load(dy + j, 16), v128.load(w + j, 16), v128.load(x + j, 16)));
		}
		const half = j < main;
		if (half) low = f32x4.add(low, slope(v128.load(dy + j), v128.load(w + j), v128.load(x + j)));
		if (rest) {
			const s = slope(loadPartial(dy + main, rest), loadPartial(w + main, rest), loadPartial(x + main, rest));
			if (half) high = f32x4.add(high, s);
			else low = f32x4.add(low, s);
		}
		const c: f32 = (sumTree(low, high) * (r * r * r)) / <f32>width;
		const rs = f32x4.splat(r);
		const cs = f32x4.splat(c);
		for (j = 0; j < main; j += 16) {
			v128.store(dx + j, gradX(v128.load(dy + j), v128.load(w + j), v128.load(x + j), rs, cs));
		}
		if (rest) {
			const g = gradX(loadPartial(dy + main, rest), loadPartial(w + main, rest), loadPartial(x + main, rest), rs, cs);
			storePartial(dx + main, g, rest);
		}
		x += bytes;
		dy += bytes;
		dx += bytes;
	}
}

/** dw = Σ over rows in order, from +0, of dy·(x·r). */
export function rmsNormGradW(x: usize, dy: usize, dw: usize, rows: i32, width: i32, eps: f32): void {
	rmsNormGradWPart(x, dy, dw, rows, width, eps, 0, width);
}

/** Columns first..last-1 of rmsNormGradW. */
export function rmsNormGradWPart(
	x: usize, dy: usize, dw: usize, rows: i32, width: i32, eps: f32, first: i32, last: i32,
): void {
	const bytes = <usize>width << 2;
	const from = <usize>first << 2;
	const to = <usize>last << 2;
	memory.fill(dw + from, 0, to - from);
	for (let row = 0; row < rows; row++) {
		const r = inverseRms(x, width, eps);
		const rs = f32x4.splat(r);
		let j = from;
		for (; j + 16 <= to; j += 16) {
			const g = f32x4.mul(v128.load(dy + j), f32x4.mul(v128.load(x + j), rs));
			v128.store(dw + j, f32x4.add(v128.load(dw + j), g));
		}
		for (; j < to; j += 4) {
			store<f32>(dw + j, load<f32>(dw + j) + load<f32>(dy + j) * (load<f32>(x + j) * r));
		}
		x += bytes;
		dy += bytes;
	}
}

/** Half rotation of x [B,T,H,D] by cos, sin [T,D/2]; sign +1 turns, -1 turns back (the gradient). */
export function rope(x: usize, cos: usize, sin: usize, out: usize, B: i32, T: i32, H: i32, D: i32, sign: f32): void {
	const half = <usize>(D >> 1) << 2;
	const signs = f32x4.splat(sign);
	for (let b = 0; b < B; b++) {
		for (let t = 0; t < T; t++) {
			const c = cos + <usize>t * half;
			const s = sin + <usize>t * half;
			for (let h = 0; h < H; h++) {
				let j: usize = 0;
				for (; j + 16 <= half; j += 16) {
					const lo = v128.load(x + j);
					const hi = v128.load(x + half + j);
					const cv = v128.load(c + j);
					const sv = f32x4.mul(signs, v128.load(s + j));
					v128.store(out + j, f32x4.sub(f32x4.mul(lo, cv), f32x4.mul(hi, sv)));
					v128.store(out + half + j, f32x4.add(f32x4.mul(hi, cv), f32x4.mul(lo, sv)));
				}
				for (; j < half; j += 4) {
					const lo = load<f32>(x + j);
					const hi = load<f32>(x + half + j);
					const cv = load<f32>(c + j);
					const sv: f32 = sign * load<f32>(s + j);
					store<f32>(out + j, lo * cv - hi * sv);
					store<f32>(out + half + j, hi * cv + lo * sv);
				}
				x += half << 1;
				out += half << 1;
			}
		}
	}
}
