// Native attention and its gradient give the bits of WebAssembly's kernels and of the twin: both instruction sets, one to four threads, sizes
// around the edges of strips, blocks and vectors, and cached steps on both of their ways.
import { expect, test } from "vitest";
import { type Flavour, firstDifference, numbers } from "../../tensor/src/kernels/testing.js";
import { twinAttention, twinAttentionGrad } from "../../tensor/src/kernels/twin/attention.js";
import { allKinds } from "./testing/allKinds.js";

type Shape = readonly [B: number, T: number, H: number, Hkv: number, D: number];

const shapes: readonly Shape[] = [
	[1, 1, 1, 1, 4],
	[2, 9, 4, 2, 6],
	[1, 70, 3, 1, 52],
	[3, 66, 6, 2, 48],
	[1, 131, 2, 1, 64],
	[2, 40, 20, 2, 20],
	[1, 150, 3, 3, 100],
	[1, 300, 2, 1, 24],
];

const { arena, kinds } = await allKinds(64);
const flavours: readonly Flavour[] = ["plain", "hard"];
const guarded = (at: number) => new Uint8Array(arena.read(at, 16).buffer).every((b) => b === 0xff);

/** The output of `call` by WebAssembly and by the kernels under test. */
function both(
	count: number,
	call: (kernels: typeof arena.kernels, out: number, scratch: number) => void,
	kernels: typeof arena.kernels,
) {
	const [expected, actual] = [arena.reserve(4 * count), arena.reserve(4 * count)];
	call(arena.kernels, expected, arena.reserve(1 << 22));
	call(kernels, actual, 0);
	expect(guarded(actual + 4 * count)).toBe(true);
	return [arena.read(actual, count), arena.read(expected, count)] as const;
}

for (const { name, kernels } of kinds) {
	for (const flavour of flavours) {
		test(`attention and its gradient: ${name}, ${flavour}`, () => {
			for (const shape of shapes) {
				const [B, T, H, Hkv, D] = shape;
				arena.reset();
				const scale = Math.fround(1 / Math.sqrt(D));
				const [wide, narrow] = [B * T * H * D, B * T * Hkv * D];
				const [q, k, v, dout] = [wide, narrow, narrow, wide].map((n, i) => numbers(n, i + 1, flavour)) as [
					Float32Array,
					Float32Array,
					Float32Array,
					Float32Array,
				];
				const [pq, pk, pv, pd] = [q, k, v, dout].map((x) => arena.put(x)) as [number, number, number, number];
				const forward = both(
					wide,
					(use, out, scratch) => use.attention(pq, pk, pv, out, B, T, H, Hkv, D, scale, scratch),
					kernels,
				);
				expect(firstDifference(...forward), `attention ${shape}`).toBe(-1);
				const backward = both(
					wide + 2 * narrow,
					(use, out, scratch) => use.attentionGrad(pq, pk, pv, pd, out, B, T, H, Hkv, D, scale, scratch),
					kernels,
				);
				expect(firstDifference(...backward), `attentionGrad ${shape}`).toBe(-1);
				if (T > 70) continue;
				const facts = { B, T, H, Hkv, D, scale };
				expect(firstDifference(forward[0], twinAttention(q, k, v, facts)), `twin ${shape}`).toBe(-1);
				expect(firstDifference(backward[0], twinAttentionGrad(q, k, v, dout, facts)), `twin ${shape}`).toBe(-1);
			}
		});
	}

	test(`attentionCached: ${name}`, () => {
		for (const [B, T, H, Hkv, D] of shapes) {
			for (const queries of [1, 2, 3, 4, 17, T]) {
				if (queries > T) continue;
				arena.reset();
				const capacity = T + 3;
				const scale = Math.fround(1 / Math.sqrt(D));
				const [q, k, v] = [B * queries * H * D, B * capacity * Hkv * D, B * capacity * Hkv * D].map((n, i) =>
					arena.put(numbers(n, i + 1, "hard")),
				) as [number, number, number];
				const outputs = both(
					B * queries * H * D,
					(use, out, scratch) => use.attentionCached(q, k, v, out, B, queries, T, capacity, H, Hkv, D, scale, scratch),
					kernels,
				);
				expect(firstDifference(...outputs), `${queries} of ${T}, ${H}/${Hkv} heads of ${D}`).toBe(-1);
			}
		}
	});
}
