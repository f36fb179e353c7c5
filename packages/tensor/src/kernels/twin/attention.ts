// Twins of assembly/attention.ts and assembly/attentionGrad.ts, written from the definition: one query row after another.
import { twinExp } from "./math.js";
import { greatest, strided8 } from "./reduce.js";

const f = Math.fround;

export interface AttentionShape {
	readonly B: number;
	readonly T: number;
	readonly H: number;
	readonly Hkv: number;
	readonly D: number;
	readonly scale: number;
}

function dot(a: Float32Array, at: number, b: Float32Array, bt: number, D: number): number {
	let sum = 0;
	for (let d = 0; d < D; d++) sum = f(sum + f(a[at + d]! * b[bt + d]!));
	return sum;
}

/** Probabilities p_ij, j ≤ i, of one query row; kvAt(j) is the offset of key j. */
function weights(
	q: Float32Array,
	at: number,
	k: Float32Array,
	kvAt: (j: number) => number,
	count: number,
	D: number,
	scale: number,
): Float32Array {
	const s = new Float32Array(count);
	for (let j = 0; j < count; j++) s[j] = dot(q, at, k, kvAt(j), D) * f(scale);
	const m = greatest(count, (j) => s[j]!);
	const e = s.map((x) => twinExp(f(x - m)));
	const z = strided8(count, (j) => e[j]!);
	return e.map((x) => x / z);
}

/** See Kernels.attention. */
export function twinAttention(q: Float32Array, k: Float32Array, v: Float32Array, shape: AttentionShape): Float32Array {
	const { B, T, H, Hkv, D, scale } = shape;
	const out = new Float32Array(q.length);
	for (let b = 0; b < B; b++) {
		for (let h = 0; h < H; h++) {
			const kvAt = (j: number) => ((b * T + j) * Hkv + Math.floor(h / (H / Hkv))) * D;
			for (let i = 0; i < T; i++) {
				const at = ((b * T + i) * H + h) * D;
				const p = weights(q, at, k, kvAt, i + 1, D, scale);
				for (let d = 0; d < D; d++) {
					let sum = 0;
					for (let j = 0; j <= i; j++) sum = f(sum + f(p[j]! * v[kvAt(j) + d]!));
					out[at + d] = sum;
				}
			}
		}
	}
	return out;
}

/** See Kernels.attentionGrad. */
export function twinAttentionGrad(
	q: Float32Array,
	k: Float32Array,
	v: Float32Array,
	dout: Float32Array,
	shape: AttentionShape,
): Float32Array {
	const { B, T, H, Hkv, D, scale } = shape;
	const out = new Float32Array(q.length + 2 * k.length);
	const dk = out.subarray(q.length, q.length + k.length);
	const dv = out.subarray(q.length + k.length);
	for (let b = 0; b < B; b++) {
		for (let h = 0; h < H; h++) {
			const kvAt = (j: number) => ((b * T + j) * Hkv + Math.floor(h / (H / Hkv))) * D;
			for (let i = 0; i < T; i++) {
				const at = ((b * T + i) * H + h) * D;
				const p = weights(q, at, k, kvAt, i + 1, D, scale);
				const dp = p.map((_, j) => dot(dout, at, v, kvAt(j), D));
				const delta = strided8(i + 1, (j) => f(p[j]! * dp[j]!));
				const ds = dp.map((x, j) => f(p[j]! * f(x - delta)) * f(scale));
				for (let d = 0; d < D; d++) {
					let dq = 0;
					for (let j = 0; j <= i; j++) {
						const c = kvAt(j) + d;
						dq = f(dq + f(ds[j]! * k[c]!));
						dk[c] = dk[c]! + f(ds[j]! * q[at + d]!);
						dv[c] = dv[c]! + f(p[j]! * dout[at + d]!);
					}
					out[at + d] = dq;
				}
			}
		}
	}
	return out;
}
