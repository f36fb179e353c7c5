// Twins of assembly/norm.ts.
import { strided8 } from "./reduce.js";

const f = Math.fround;

function inverseRms(x: Float32Array, at: number, width: number, eps: number): number {
	const ms = f(strided8(width, (i) => f(x[at + i]! * x[at + i]!)) / width);
	return f(1 / f(Math.sqrt(f(ms + f(eps)))));
}

/** See Kernels.rmsNorm. */
export function twinRmsNorm(x: Float32Array, w: Float32Array, eps: number): Float32Array {
	const width = w.length;
	const out = new Float32Array(x.length);
	for (let at = 0; at < x.length; at += width) {
		const r = inverseRms(x, at, width, eps);
		for (let i = 0; i < width; i++) out[at + i] = f(x[at + i]! * r) * w[i]!;
	}
	return out;
}

/** See Kernels.rmsNormGradX. */
export function twinRmsNormGradX(x: Float32Array, w: Float32Array, dy: Float32Array, eps: number): Float32Array {
	const width = w.length;
	const dx = new Float32Array(x.length);
	for (let at = 0; at < x.length; at += width) {
		const r = inverseRms(x, at, width, eps);
		const s = strided8(width, (i) => f(f(dy[at + i]! * w[i]!) * x[at + i]!));
		const c = f(f(s * f(f(r * r) * r)) / width);
		for (let i = 0; i < width; i++) {
			dx[at + i] = f(f(dy[at + i]! * w[i]!) * r) - f(x[at + i]! * c);
		}
	}
	return dx;
}

/** See Kernels.rmsNormGradW. */
export function twinRmsNormGradW(x: Float32Array, dy: Float32Array, width: number, eps: number): Float32Array {
	const dw = new Float32Array(width);
	for (let at = 0; at < x.length; at += width) {
		const r = inverseRms(x, at, width, eps);
		for (let i = 0; i < width; i++) dw[i] = dw[i]! + f(dy[at + i]! * f(x[at + i]! * r));
	}
	return dw;
}

/** See Kernels.rope. */
export function twinRope(
	x: Float32Array,
	cos: Float32Array,
	sin: Float32Array,
	[B, T, H, D]: readonly [number, number, number, number],
	sign: number,
): Float32Array {
	const half = D / 2;
	const out = new Float32Array(x.length);
	for (let row = 0; row < B * T * H; row++) {
		const t = Math.floor(row / H) % T;
		for (let i = 0; i < half; i++) {
			const lo = x[row * D + i]!;
			const hi = x[row * D + half + i]!;
			const c = cos[t * half + i]!;
			const s = f(sign * sin[t * half + i]!);
			out[row * D + i] = f(lo * c) - f(hi * s);
			out[row * D + half + i] = f(hi * c) + f(lo * s);
		}
	}
	return out;
}
