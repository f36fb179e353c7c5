// Causal attention with grouped key/value heads. A row's bits depend on positions up to its own and on nothing else:
// zeros added past the diagonal leave an accumulator that began at +0 unchanged.
import { attendOne } from "./attentionOne";
import { exp4 } from "./math";
import { maxRow, sumRow } from "./reduce";
import { packColumns, packRows4, packRows8, tile, tileTo } from "./tile";
import { ceil8, zero } from "./vec";

/** In place: scores of count positions become probabilities; positions count..padded-1 become 0. padded is a multiple of 8. */
export function softmaxRow(row: usize, count: i32, padded: i32, scale: f32): void {
	const used = <usize>((count + 3) & ~3) << 2;
	const bytes = <usize>padded << 2;
	const scales = f32x4.splat(scale);
	for (let j: usize = 0; j < used; j += 16) v128.store(row + j, f32x4.mul(v128.load(row + j), scales));
	const m = f32x4.splat(maxRow(row, count));
	for (let j: usize = 0; j < used; j += 16) v128.store(row + j, exp4(f32x4.sub(v128.load(row + j), m)));
	zero(row + (<usize>count << 2), padded - count);
	const z = f32x4.splat(sumRow(row, padded));
	for (let j: usize = 0; j < bytes; j += 16) v128.store(row + j, f32x4.div(v128.load(row + j), z));
}

/** Scratch of attention and attentionCached for T key positions. */
export function attentionScratchBytes(T: i32, D: i32): i32 {
	return ((ceil8(T) * D + T * ceil8(D) + 4 * D + 8 * ceil8(T) + 32) << 2) + 64;
}

/** T rows of `cols` features as panels of 8 columns, each T × 8. */
// @ts-ignore: decorator
@inline
export function packFeatures(src: usize, ld: usize, T: i32, D: i32, dst: usize): void {
	for (let d = 0; d < D; d += 8, dst += <usize>T << 5) packColumns(src + (<usize>d << 2), ld, D - d, T, dst, 8);
}

/** T rows of D features, transposed, as panels of 8 rows, each D × 8. */
// @ts-ignore: decorator
@inline
export function packPositions(src: usize, ld: usize, T: i32, D: i32, dst: usize): void {
	for (let j = 0; j < T; j += 8, dst += <usize>D << 5) packRows8(src + <usize>j * ld, ld, T - j, D, dst);
}

/**
 * One head's Tq rows, ld bytes apart, after `past` positions, over keys and values packed Tk deep; scratch takes (4·D + 8·ceil8(Tk) + 32) floats.
 */
export function attendPacked(
	q: usize, out: usize, ld: usize, Tq: i32, past: i32, keys: usize, values: usize, Tk: i32, D: i32, scale: f32, scratch: usize,
): void {
	const T8 = <usize>ceil8(Tk) << 2;
	const scores = scratch + (<usize>D << 4);
	const weights = scores + (T8 << 2);
	const edge = weights + (T8 << 2);
	for (let i = 0; i < Tq; i += 4, q += ld << 2, out += ld << 2) {
		const rows = Tq - i < 4 ? Tq - i : 4;
		const seen = past + i + rows;
		packRows4(q, ld, rows, D, scratch);
		for (let j = 0; j < seen; j += 8) {
			tile(scratch, 16, keys + <usize>j * (<usize>D << 2), 32, scores + (<usize>j << 2), T8, D, 0);
		}
		for (let r = 0; r < rows; r++) softmaxRow(scores + <usize>r * T8, past + i + r + 1, ceil8(seen), scale);
		packRows4(scores, T8, rows, seen, weights);
		for (let d = 0; d < D; d += 8) {
			const panel = values + <usize>d * (<usize>Tk << 2);
			tileTo(weights, 16, panel, 32, out + (<usize>d << 2), ld, seen, 0, rows, D - d, edge);
		}
	}
}

/** Heads first..last-1 of the B·H heads of attentionCached. */
export function attentionHeads(
	q: usize, k: usize, v: usize, out: usize, B: i32, Tq: i32, Tk: i32, capacity: i32,
	H: i32, Hkv: i32, D: i32, scale: f32, first: i32, last: i32, scratch: usize,
): void {
	const T8 = <usize>ceil8(Tk) << 2;
	const keys = scratch;
	const values = keys + T8 * D;
	const queries = values + (<usize>(Tk * ceil8(D)) << 2);
	const ld = <usize>(H * D) << 2;
	const ldkv = <usize>(Hkv * D) << 2;
	const group = H / Hkv;
	const past = Tk - Tq;
	for (let n = first; n < last; n++) {
		const b = n / H;
		const h = n % H;
		const cache = <usize>(b * capacity) * ldkv;
		if (Tq == 1) {
			const row = <usize>b * ld;
			attendOne(q + row, k + cache, v + cache, out + row, Tk, H, Hkv, D, scale, h, scratch);
			continue;
		}
		if (n == first || h % group == 0) {
			const own = cache + (<usize>(h / group * D) << 2);
			packPositions(k + own, ldkv, Tk, D, keys);
			packFeatures(v + own, ldkv, Tk, D, values);
		}
		const at = <usize>((b * Tq * H + h) * D) << 2;
		attendPacked(q + at, out + at, ld, Tq, past, keys, values, Tk, D, scale, queries);
	}
}

/**
 * Attention of the last Tq of Tk positions: q, out [B,Tq,H,D]; k, v [B,capacity,Hkv,D] with Tk rows filled.
 * Row i (position Tk−Tq+i) has the bits it has in attention over all Tk positions.
 */
export function attentionCached(
	q: usize, k: usize, v: usize, out: usize, B: i32, Tq: i32, Tk: i32, capacity: i32,
	H: i32, Hkv: i32, D: i32, scale: f32, scratch: usize,
): void {
	attentionHeads(q, k, v, out, B, Tq, Tk, capacity, H, Hkv, D, scale, 0, B * H, scratch);
}

/**
 * q, out [B,T,H,D]; k, v [B,T,Hkv,D]; head h reads kv head floor(h/(H/Hkv)). s_ij = (Σ_d q_id·k_jd)·scale for j ≤ i;
 * e_ij = exp(s_ij − max_j s_ij); p_ij = e_ij / strided-8 Σ_j e_ij; out_id = Σ_j in order p_ij·v_jd.
 */
export function attention(
	q: usize, k: usize, v: usize, out: usize, B: i32, T: i32, H: i32, Hkv: i32, D: i32, scale: f32, scratch: usize,
): void {
	attentionHeads(q, k, v, out, B, T, T, T, H, Hkv, D, scale, 0, B * H, scratch);
}
