// Gradients of causal attention, in blocks of 16 query rows. See attention.ts for the forward pass and the zeros past the diagonal.
import { packFeatures, packPositions, softmaxRow } from "./attention";
import { sumRow } from "./reduce";
import { packRows4, tile, tileTo } from "./tile";
import { ceil8, zero } from "./vec";

const BLOCK: i32 = 16;

export function attentionGradScratchBytes(T: i32, D: i32): i32 {
	const panels = 2 * ceil8(T) * D + T * ceil8(D);
	return ((panels + 2 * BLOCK * D + 2 * BLOCK * ceil8(D) + (2 * BLOCK + 5) * ceil8(T) + 32) << 2) + 64;
}

/**
 * In place, dp_j → ds_j = (p_j·(dp_j − δ))·scale for j < count, 0 up to padded; δ = strided-8 Σ p_j·dp_j, through spare.
 */
function scoreSlope(p: usize, dp: usize, spare: usize, count: i32, padded: i32, scale: f32): void {
	const bytes = (<usize>padded) << 2;
	zero(dp + ((<usize>count) << 2), padded - count);
	for (let j: usize = 0; j < bytes; j += 16) v128.store(spare + j, f32x4.mul(v128.load(p + j), v128.load(dp + j)));
	const delta = f32x4.splat(sumRow(spare, padded));
	const scales = f32x4.splat(scale);
	for (let j: usize = 0; j < bytes; j += 16) {
		const d = f32x4.mul(v128.load(p + j), f32x4.sub(v128.load(dp + j), delta));
		v128.store(dp + j, f32x4.mul(d, scales));
	}
}

/** to[j, d] += Σ over the block's rows in order of scores[row, j]·features[row, d]. */
function accumulate(
	scores: usize,
	T8: usize,
	features: usize,
	to: usize,
	ldkv: usize,
	rows: i32,
	seen: i32,
	D: i32,
	edge: usize,
): void {
	for (let j = 0; j < seen; j += 4) {
		for (let d = 0; d < D; d += 8) {
			const panel = features + ((<usize>(d * BLOCK)) << 2);
			const c = to + <usize>j * ldkv + ((<usize>d) << 2);
			tileTo(scores + ((<usize>j) << 2), T8, panel, 32, c, ldkv, rows, 1, seen - j, D - d, edge);
		}
	}
}

/** T rows as panels of 8 columns, each BLOCK × 8. */
function packBlock(src: usize, ld: usize, rows: i32, D: i32, dst: usize): void {
	for (let r = 0; r < rows; r++, src += ld) {
		const row = dst + ((<usize>r) << 5);
		for (let d = 0; d < D; d++) {
			store<u32>(row + ((<usize>((d & ~7) * BLOCK + (d & 7))) << 2), load<u32>(src + ((<usize>d) << 2)));
		}
	}
}

/** Groups first..last-1 of the B·Hkv groups of heads that share a key and a value: their dq, dk and dv, and nothing else. */
export function attentionGradGroups(
	q: usize, k: usize, v: usize, dout: usize, dqkv: usize, B: i32, T: i32, H: i32, Hkv: i32, D: i32, scale: f32,
	first: i32, last: i32, scratch: usize,
): void {
	const T8 = (<usize>ceil8(T)) << 2;
	const D8 = (<usize>ceil8(D)) << 2;
	const keys = scratch;
	const values = keys + T8 * D;
	const keyFeatures = values + T8 * D;
	const queries = keyFeatures + D8 * T;
	const slopes = queries + <usize>((BLOCK * D) << 2);
	const queryFeatures = slopes + <usize>((BLOCK * D) << 2);
	const slopeFeatures = queryFeatures + D8 * BLOCK;
	const p = slopeFeatures + D8 * BLOCK;
	const ds = p + T8 * BLOCK;
	const packed = ds + T8 * BLOCK;
	const spare = packed + T8 * 4;
	const edge = spare + T8;
	const ld = (<usize>(H * D)) << 2;
	const ldkv = (<usize>(Hkv * D)) << 2;
	const group = H / Hkv;
	const dk = dqkv + <usize>(B * T) * ld;
	const dv = dk + <usize>(B * T) * ldkv;
	for (let g = first; g < last; g++) {
		const b = g / Hkv;
		const kv = (<usize>((b * T * Hkv + g % Hkv) * D)) << 2;
		packPositions(k + kv, ldkv, T, D, keys);
		packPositions(v + kv, ldkv, T, D, values);
		packFeatures(k + kv, ldkv, T, D, keyFeatures);
		for (let t = 0; t < T; t++) {
			zero(dk + kv + <usize>t * ldkv, D);
			zero(dv + kv + <usize>t * ldkv, D);
		}
		for (let h = (g % Hkv) * group; h < (g % Hkv + 1) * group; h++) {
			for (let i = 0; i < T; i += BLOCK) {
				const rows = T - i < BLOCK ? T - i : BLOCK;
				const seen = i + rows;
				const padded = ceil8(seen);
				const at = (<usize>(((b * T + i) * H + h) * D)) << 2;
				packBlock(q + at, ld, rows, D, queryFeatures);
				packBlock(dout + at, ld, rows, D, slopeFeatures);
				for (let r = 0; r < rows; r += 4) {
					const left = rows - r < 4 ? rows - r : 4;
					packRows4(q + at + <usize>r * ld, ld, left, D, queries);
					packRows4(dout + at + <usize>r * ld, ld, left, D, slopes);
					for (let j = 0; j < i + r + left; j += 8) {
						const to = <usize>r * T8 + ((<usize>j) << 2);
						tile(queries, 16, keys + <usize>j * ((<usize>D) << 2), 32, p + to, T8, D, 0);
						tile(slopes, 16, values + <usize>j * ((<usize>D) << 2), 32, ds + to, T8, D, 0);
					}
					for (let s = r; s < r + left; s++) {
						softmaxRow(p + <usize>s * T8, i + s + 1, padded, scale);
						scoreSlope(p + <usize>s * T8, ds + <usize>s * T8, spare, i + s + 1, padded, scale);
					}
					packRows4(ds + <usize>r * T8, T8, left, i + r + left, packed);
					for (let d = 0; d < D; d += 8) {
						const panel = keyFeatures + <usize>d * ((<usize>T) << 2);
						const c = dqkv + at + <usize>r * ld + ((<usize>d) << 2);
						tileTo(packed, 16, panel, 32, c, ld, i + r + left, 0, left, D - d, edge);
					}
				}
				accumulate(ds, T8, queryFeatures, dk + kv, ldkv, rows, seen, D, edge);
				accumulate(p, T8, slopeFeatures, dv + kv, ldkv, rows, seen, D, edge);
			}
		}
	}
}

/**
 * dqkv = dq [B,T,H,D], dk [B,T,Hkv,D], dv [B,T,Hkv,D]. With p as in attention:
 * dp_ij = Σ_d in order dout_id·v_jd; δ_i = strided-8 Σ_{j≤i} p_ij·dp_ij; ds_ij = (p_ij·(dp_ij − δ_i))·scale;
 * dq_id = Σ_{j≤i} in order ds_ij·k_jd; dk_jd = Σ ds_ij·q_id and dv_jd = Σ p_ij·dout_id, one accumulator from +0 over the
 * group's heads in order and within a head over i = j..T-1 in order.
 */
export function attentionGrad(
	q: usize, k: usize, v: usize, dout: usize, dqkv: usize, B: i32, T: i32, H: i32, Hkv: i32, D: i32, scale: f32,
	scratch: usize,
): void {
	attentionGradGroups(q, k, v, dout, dqkv, B, T, H, Hkv, D, scale, 0, B * Hkv, scratch);
}
