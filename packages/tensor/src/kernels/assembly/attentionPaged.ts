// Attention over keys and values that lie in blocks of a pool, by a table for each sequence: the sums of attention, the blocks read where they lie.
import { attendPacked, attentionScratchBytes, softmaxRow } from "./attention";
import { scoresOf } from "./attentionOne";
import { packColumns, packRows8 } from "./tile";
import { ceil8 } from "./vec";

/** Scratch for sequences of at most `most` blocks of `tokens` positions. */
export function attentionPagedScratchBytes(most: i32, tokens: i32, D: i32): i32 {
	return attentionScratchBytes(most * tokens, D);
}

/** Bytes from the pool's start to the block at this place of a table. */
// @ts-ignore: decorator
@inline
function blockAt(places: usize, i: i32, blockBytes: usize): usize {
	return <usize>load<u32>(places + (<usize>i << 2)) * blockBytes;
}

/** out_d = Σ over j in order of p_j·v_jd; the values of `tokens` positions at a time. */
function mixPaged(
	p: usize, v: usize, places: usize, blockBytes: usize, ld: usize, out: usize, T: i32, tokens: i32, D: i32,
): void {
	const end = p + (<usize>T << 2);
	const step = <usize>tokens << 2;
	let d = 0;
	for (; d + 16 <= D; d += 16, v += 64, out += 64) {
		let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
		let place = places;
		for (let from = p; from < end; from += step, place += 4) {
			let w = v + <usize>load<u32>(place) * blockBytes;
			const to = from + step < end ? from + step : end;
			for (let x = from; x < to; x += 4, w += ld) {
				const y = v128.load32_splat(x);
				s0 = f32x4.add(s0, f32x4.mul(y, v128.load(w)));
				s1 = f32x4.add(s1, f32x4.mul(y, v128.load(w, 16)));
				s2 = f32x4.add(s2, f32x4.mul(y, v128.load(w, 32)));
				s3 = f32x4.add(s3, f32x4.mul(y, v128.load(w, 48)));
			}
		}
		v128.store(out, s0);
		v128.store(out, s1, 16);
		v128.store(out, s2, 32);
		v128.store(out, s3, 48);
	}
	for (; d + 4 <= D; d += 4, v += 16, out += 16) {
		let s = f32x4.splat(0);
		let place = places;
		for (let from = p; from < end; from += step, place += 4) {
			let w = v + <usize>load<u32>(place) * blockBytes;
			const to = from + step < end ? from + step : end;
			for (let x = from; x < to; x += 4, w += ld) s = f32x4.add(s, f32x4.mul(v128.load32_splat(x), v128.load(w)));
		}
		v128.store(out, s);
	}
	for (; d < D; d++, v += 4, out += 4) {
		let s: f32 = 0;
		let place = places;
		for (let from = p; from < end; from += step, place += 4) {
			let w = v + <usize>load<u32>(place) * blockBytes;
			const to = from + step < end ? from + step : end;
			for (let x = from; x < to; x += 4, w += ld) s += load<f32>(x) * load<f32>(w);
		}
		store<f32>(out, s);
	}
}

/**
 * Heads first..last-1 of the S·H heads of attentionPaged. Only a head's own rows of out are written.
 */
export function attentionPagedHeads(
	q: usize, k: usize, v: usize, out: usize, segments: usize, places: usize, most: i32, tokens: i32,
	H: i32, Hkv: i32, D: i32, scale: f32, first: i32, last: i32, scratch: usize,
): void {
	const ld = <usize>(H * D) << 2;
	const ldkv = <usize>(Hkv * D) << 2;
	const blockBytes = <usize>tokens * ldkv;
	const group = H / Hkv;
	for (let n = first; n < last; n++) {
		const s = n / H;
		const h = n % H;
		const segment = segments + (<usize>s << 4);
		const Tq = load<i32>(segment, 4);
		if (Tq == 0) continue;
		const past = load<i32>(segment, 8);
		const Tk = past + Tq;
		const own = <usize>(h / group * D) << 2;
		const table = places + (<usize>(s * most) << 2);
		const at = <usize>load<u32>(segment) * ld + (<usize>(h * D) << 2);
		if (Tq == 1) {
			for (let j = 0, i = 0; j < Tk; j += tokens, i++) {
				const count = Tk - j < tokens ? Tk - j : tokens;
				scoresOf(q + at, k + own + blockAt(table, i, blockBytes), ldkv, scratch + (<usize>j << 2), count, D);
			}
			softmaxRow(scratch, Tk, ceil8(Tk), scale);
			mixPaged(scratch, v + own, table, blockBytes, ldkv, out + at, Tk, tokens, D);
			continue;
		}
		const keys = scratch;
		const values = keys + (<usize>ceil8(Tk) << 2) * D;
		if (n == first || h % group == 0) {
			for (let j = 0, i = 0; j < Tk; j += tokens, i++) {
				const count = Tk - j < tokens ? Tk - j : tokens;
				const block = own + blockAt(table, i, blockBytes);
				for (let l = 0; l < count; l += 8) {
					packRows8(k + block + <usize>l * ldkv, ldkv, count - l, D, keys + (<usize>((j + l) * D) << 2));
				}
				for (let d = 0; d < D; d += 8) {
					const panel = values + (<usize>(d * Tk) << 2) + (<usize>j << 5);
					packColumns(v + block + (<usize>d << 2), ldkv, D - d, count, panel, 8);
				}
			}
		}
		attendPacked(q + at, out + at, ld, Tq, past, keys, values, Tk, D, scale, values + (<usize>(Tk * ceil8(D)) << 2));
	}
}

/**
 * q, out [rows,H,D]; pools k, v [blocks,tokens,Hkv,D], tokens a multiple of 8; segments i32 [S,4]: first row, rows, positions before, unused;
 * places i32 [S,most]: each sequence's blocks. Row t of a sequence sees its positions up to its own, which the pools hold already.
 */
export function attentionPaged(
	q: usize, k: usize, v: usize, out: usize, segments: usize, places: usize, S: i32, most: i32, tokens: i32,
	H: i32, Hkv: i32, D: i32, scale: f32, scratch: usize,
): void {
	attentionPagedHeads(q, k, v, out, segments, places, most, tokens, H, Hkv, D, scale, 0, S * H, scratch);
}
