// Attention and its gradient give their twins' bits; a row's bits depend on nothing after it and on no neighbour.
import { expect, test } from "vitest";
import { createArena, type Flavour, firstDifference, numbers } from "./testing.js";
import { type AttentionShape, twinAttention, twinAttentionGrad } from "./twin/attention.js";

const arena = createArena(32);
const { kernels } = arena;

const shapes: readonly (readonly [B: number, T: number, H: number, Hkv: number, D: number])[] = [
	[1, 1, 1, 1, 4],
	[2, 3, 2, 1, 8],
	[1, 7, 4, 2, 6],
	[1, 17, 3, 1, 10],
	[2, 21, 2, 2, 16],
	[1, 40, 4, 2, 8],
	[1, 67, 2, 1, 12],
];

function inputs([B, T, H, Hkv, D]: readonly [number, number, number, number, number], flavour: Flavour) {
	const scale = Math.fround(1 / Math.sqrt(D));
	const shape: AttentionShape = { B, T, H, Hkv, D, scale };
	const q = numbers(B * T * H * D, 1, flavour);
	const k = numbers(B * T * Hkv * D, 2, flavour);
	const v = numbers(B * T * Hkv * D, 3, flavour);
	return { shape, q, k, v, dout: numbers(q.length, 4, flavour) };
}

function attend(q: Float32Array, k: Float32Array, v: Float32Array, { B, T, H, Hkv, D, scale }: AttentionShape) {
	arena.reset();
	const [pq, pk, pv] = [arena.put(q), arena.put(k), arena.put(v)];
	const out = arena.reserve(4 * q.length);
	const bytes = kernels.attentionScratchBytes(T, D);
	const scratch = arena.reserve(bytes);
	kernels.attention(pq, pk, pv, out, B, T, H, Hkv, D, scale, scratch);
	expect(new Uint8Array(arena.read(scratch + bytes, 16).buffer).every((b) => b === 0xff)).toBe(true);
	return arena.read(out, q.length);
}

test.each(["plain", "hard"] as const)("attention: %s", (flavour) => {
	for (const dims of shapes) {
		const { shape, q, k, v } = inputs(dims, flavour);
		expect(firstDifference(attend(q, k, v, shape), twinAttention(q, k, v, shape)), `${dims}`).toBe(-1);
	}
});

test.each(["plain", "hard"] as const)("attentionGrad: %s", (flavour) => {
	for (const dims of shapes) {
		const { shape, q, k, v, dout } = inputs(dims, flavour);
		const { B, T, H, Hkv, D, scale } = shape;
		arena.reset();
		const [pq, pk, pv, pd] = [arena.put(q), arena.put(k), arena.put(v), arena.put(dout)];
		const n = q.length + 2 * k.length;
		const out = arena.reserve(4 * n);
		const bytes = kernels.attentionGradScratchBytes(T, D);
		const scratch = arena.reserve(bytes);
		kernels.attentionGrad(pq, pk, pv, pd, out, B, T, H, Hkv, D, scale, scratch);
		const guards = [out + 4 * n, scratch + bytes];
		for (const at of guards) expect(new Uint8Array(arena.read(at, 16).buffer).every((b) => b === 0xff)).toBe(true);
		const expected = twinAttentionGrad(q, k, v, dout, shape);
		expect(firstDifference(arena.read(out, n), expected), `${dims}`).toBe(-1);
	}
});

test("behavior: a prefix, one batch row alone and a cached step have the full pass's bits", () => {
	const { shape, q, k, v } = inputs([2, 21, 4, 2, 10], "plain");
	const { B, T, H, Hkv, D, scale } = shape;
	const full = attend(q, k, v, shape);
	const row = H * D;
	const rowKv = Hkv * D;
	for (let t = 1; t <= T; t++) {
		const second = attend(
			q.subarray(T * row, (T + t) * row),
			k.subarray(T * rowKv, (T + t) * rowKv),
			v.subarray(T * rowKv, (T + t) * rowKv),
			{ ...shape, B: 1, T: t },
		);
		expect(firstDifference(second, full.subarray(T * row, (T + t) * row))).toBe(-1);
	}
	for (const [Tq, Tk] of [
		[1, 1],
		[1, 13],
		[5, 20],
		[21, 21],
	] as const) {
		arena.reset();
		const steps = new Float32Array(B * Tq * row);
		const expected = new Float32Array(B * Tq * row);
		for (let b = 0; b < B; b++) {
			const from = (b * T + Tk - Tq) * row;
			steps.set(q.subarray(from, from + Tq * row), b * Tq * row);
			expected.set(full.subarray(from, from + Tq * row), b * Tq * row);
		}
		const [pq, pk, pv] = [arena.put(steps), arena.put(k), arena.put(v)];
		const out = arena.reserve(4 * steps.length);
		const scratch = arena.reserve(kernels.attentionScratchBytes(Tk, D));
		kernels.attentionCached(pq, pk, pv, out, B, Tq, Tk, T, H, Hkv, D, scale, scratch);
		expect(firstDifference(arena.read(out, steps.length), expected), `${Tq} of ${Tk}`).toBe(-1);
	}
});
