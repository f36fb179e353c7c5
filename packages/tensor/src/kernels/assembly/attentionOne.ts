// Attention of one new position that reads the cache where it lies: packing it would cost more than the position. Same sums as attention.
import { softmaxRow } from "./attention";

/** acc + Σ over four features x of q·(positions p, p+ld, p+2ld, p+3ld), in order. */
// @ts-ignore: decorator
@inline
function dot4(acc: v128, x: v128, p: usize, ld: usize): v128 {
	const a = v128.load(p);
	const b = v128.load(p + ld);
	const c = v128.load(p + ld * 2);
	const d = v128.load(p + ld * 3);
	const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
	const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
	const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
	const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
	acc = f32x4.add(acc, f32x4.mul(v128.shuffle<f32>(x, x, 0, 0, 0, 0), v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5)));
	acc = f32x4.add(acc, f32x4.mul(v128.shuffle<f32>(x, x, 1, 1, 1, 1), v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7)));
	acc = f32x4.add(acc, f32x4.mul(v128.shuffle<f32>(x, x, 2, 2, 2, 2), v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5)));
	return f32x4.add(acc, f32x4.mul(v128.shuffle<f32>(x, x, 3, 3, 3, 3), v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7)));
}

/** scores[j] = Σ_d q_d·k_jd for j < T, d in order. */
export function scoresOf(q: usize, k: usize, ld: usize, scores: usize, T: i32, D: i32): void {
	const whole = (<usize>(D & ~3)) << 2;
	const bytes = (<usize>D) << 2;
	let j = 0;
	for (; j + 8 <= T; j += 8, k += ld << 3, scores += 32) {
		let low = f32x4.splat(0), high = low;
		const l = k + (ld << 2);
		let d: usize = 0;
		for (; d < whole; d += 16) {
			const x = v128.load(q + d);
			low = dot4(low, x, k + d, ld);
			high = dot4(high, x, l + d, ld);
		}
		for (; d < bytes; d += 4) {
			const x = v128.load32_splat(q + d);
			let column = v128.load32_zero(k + d);
			column = f32x4.replace_lane(column, 1, load<f32>(k + d + ld));
			column = f32x4.replace_lane(column, 2, load<f32>(k + d + ld * 2));
			column = f32x4.replace_lane(column, 3, load<f32>(k + d + ld * 3));
			low = f32x4.add(low, f32x4.mul(x, column));
			column = v128.load32_zero(l + d);
			column = f32x4.replace_lane(column, 1, load<f32>(l + d + ld));
			column = f32x4.replace_lane(column, 2, load<f32>(l + d + ld * 2));
			column = f32x4.replace_lane(column, 3, load<f32>(l + d + ld * 3));
			high = f32x4.add(high, f32x4.mul(x, column));
		}
		v128.store(scores, low);
		v128.store(scores, high, 16);
	}
	for (; j < T; j++, k += ld, scores += 4) {
		let s: f32 = 0;
		for (let d: usize = 0; d < bytes; d += 4) s += load<f32>(q + d) * load<f32>(k + d);
		store<f32>(scores, s);
	}
}

/** out_d = Σ over j in order of p_j·v_jd. */
function mix(p: usize, v: usize, ld: usize, out: usize, T: i32, D: i32): void {
	const end = p + ((<usize>T) << 2);
	let d = 0;
	for (; d + 16 <= D; d += 16, v += 64, out += 64) {
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
		let w = v;
		for (let x = p; x < end; x += 4, w += ld) {
			const y = v128.load32_splat(x);
			s0 = f32x4.add(s0, f32x4.mul(y, v128.load(w)));
			s1 = f32x4.add(s1, f32x4.mul(y, v128.load(w, 16)));
			s2 = f32x4.add(s2, f32x4.mul(y, v128.load(w, 32)));
			s3 = f32x4.add(s3, f32x4.mul(y, v128.load(w, 48)));
		}
		v128.store(out, s0);
		v128.store(out, s1, 16);
		v128.store(out, s2, 32);
		v128.store(out, s3, 48);
	}
	for (; d + 4 <= D; d += 4, v += 16, out += 16) {
		let s = f32x4.splat(0);
		let w = v;
		for (let x = p; x < end; x += 4, w += ld) s = f32x4.add(s, f32x4.mul(v128.load32_splat(x), v128.load(w)));
		v128.store(out, s);
	}
	for (; d < D; d++, v += 4, out += 4) {
		let s: f32 = 0;
		let w = v;
		for (let x = p; x < end; x += 4, w += ld) s += load<f32>(x) * load<f32>(w);
		store<f32>(out, s);
	}
}

/** Head h of the last of T positions: q, out [H,D]; k, v rows of Hkv·D; scores holds T rounded up to 8 floats. */
export function attendOne(
	q: usize, k: usize, v: usize, out: usize, T: i32, H: i32, Hkv: i32, D: i32, scale: f32, h: i32, scores: usize,
): void {
	const ld = <usize>(Hkv * D) << 2;
	const width = (<usize>D) << 2;
	const padded = (T + 7) & ~7;
	const own = <usize>(h / (H / Hkv)) * width;
	scoresOf(q + <usize>h * width, k + own, ld, scores, T, D);
	softmaxRow(scores, T, padded, scale);
	mix(scores, v + own, ld, out + <usize>h * width, T, D);
}
