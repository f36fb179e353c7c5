// Philox 4x32-10, a counter-based generator (Salmon et al. 2011): the number at (seed, purpose, step, index) never depends on what was drawn before.

import { canonicalCos, canonicalLog } from "./canonical.js";

function multiplyHigh(a: number, b: number): number {
	const [al, ah, bl, bh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
	const low = al * bl;
	const mid = ah * bl + (low >>> 16);
	const mid2 = al * bh + (mid & 0xffff);
	return (ah * bh + Math.floor(mid / 65536) + Math.floor(mid2 / 65536)) >>> 0;
}

/** Four 32-bit words from a 128-bit counter and a 64-bit key. */
export function philox(
	counter: readonly [number, number, number, number],
	key: readonly [number, number],
): [number, number, number, number] {
	let [c0, c1, c2, c3] = counter;
	let [k0, k1] = key;
	for (let round = 0; round < 10; round++) {
		const [h0, l0] = [multiplyHigh(0xd2511f53, c0), Math.imul(0xd2511f53, c0) >>> 0];
		const [h1, l1] = [multiplyHigh(0xcd9e8d57, c2), Math.imul(0xcd9e8d57, c2) >>> 0];
		[c0, c1, c2, c3] = [(h1 ^ c1 ^ k0) >>> 0, l1, (h0 ^ c3 ^ k1) >>> 0, l0];
		k0 = (k0 + 0x9e3779b9) >>> 0;
		k1 = (k1 + 0xbb67ae85) >>> 0;
	}
	return [c0, c1, c2, c3];
}

/** Where a draw stands. `purpose` keeps streams apart; `step` and `index` count inside one. */
export interface DrawKey {
	readonly seed: number;
	readonly purpose: number;
	readonly step?: number;
}

function words(key: DrawKey, index: number): [number, number, number, number] {
	const seedHigh = Math.floor(key.seed / 4294967296);
	return philox(
		[index >>> 0, Math.floor(index / 4294967296), key.step ?? 0, key.purpose],
		[key.seed >>> 0, seedHigh >>> 0],
	);
}

/** A whole number below 2^32. */
export function drawUint32(key: DrawKey, index: number): number {
	return words(key, index >>> 2)[index & 3]!;
}

/** Uniform in [0, 1), a multiple of 2^-24, so it is exact in f32. */
export function drawUniform(key: DrawKey, index: number): number {
	return (drawUint32(key, index) >>> 8) * 2 ** -24;
}

/** Standard normals by Box–Muller, rounded to f32. */
export function drawNormals(key: DrawKey, count: number): Float32Array {
	const out = new Float32Array(count);
	for (let i = 0; i < count; i++) {
		const w = words(key, i);
		const radius = Math.sqrt(-2 * canonicalLog(((w[0] >>> 8) + 1) * 2 ** -24));
		out[i] = radius * canonicalCos(2 * Math.PI * ((w[1] >>> 8) * 2 ** -24));
	}
	return out;
}

/** A permutation of 0 … count−1 (Fisher–Yates). */
export function drawPermutation(key: DrawKey, count: number): number[] {
	const out = Array.from({ length: count }, (_, i) => i);
	for (let i = count - 1; i > 0; i--) {
		// The bias of a 53-bit product is below count·2^-32 and the same for everyone.
		const j = Math.floor((drawUint32(key, i) * (i + 1)) / 4294967296);
		[out[i], out[j]] = [out[j]!, out[i]!];
	}
	return out;
}
