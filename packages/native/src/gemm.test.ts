// Native products give the bits of WebAssembly's kernels, which have those of the slow twin: both instruction sets, one to four threads, all
// four layouts, every size around the edges of tiles, vectors and blocks. A witness from outside: sums that are exact in any order.
import { expect, test } from "vitest";
import { type Flavour, firstDifference, generator, numbers } from "../../tensor/src/kernels/testing.js";
import { twinGemm } from "../../tensor/src/kernels/twin/gemm.js";
import { allKinds } from "./testing/allKinds.js";

type Shape = readonly [M: number, N: number, K: number];

const EDGES = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33, 47, 48, 49, 64, 65, 97];
const random = generator(5);
const edge = () => EDGES[Math.floor(random() * EDGES.length)]!;
const shapes: Shape[] = Array.from({ length: 60 }, () => [edge(), edge(), edge()]);
// Several blocks over k and over the lanes; shapes that are cut over rows, and over lanes; adapters of rank 16.
shapes.push(
	[8, 300, 1100],
	[70, 40, 1030],
	[40, 700, 520],
	[130, 16, 260],
	[16, 130, 260],
	[260, 130, 16],
	[1, 1000, 523],
);
shapes.push([200, 33, 64], [33, 200, 64], [5, 6, 0], [1, 3, 0]);

const { arena, kinds } = await allKinds(48);
const flavours: readonly Flavour[] = ["plain", "hard", "huge"];
const guarded = (at: number) => new Uint8Array(arena.read(at, 16).buffer).every((b) => b === 0xff);

for (const { name, kernels } of kinds) {
	test(`gemm: ${name}`, () => {
		shapes.forEach(([M, N, K], i) => {
			arena.reset();
			const flavour = flavours[i % flavours.length]!;
			const [a, b] = [arena.put(numbers(M * K, i, flavour)), arena.put(numbers(K * N, i + 1000, flavour))];
			const [expected, actual] = [arena.reserve(4 * M * N), arena.reserve(4 * M * N)];
			const scratch = arena.reserve(arena.kernels.gemmScratchBytes(M, N, K));
			for (const layout of [0, 1, 2, 3]) {
				const [transA, transB] = [layout & 1, layout >> 1];
				arena.kernels.gemm(a, b, expected, M, N, K, transA, transB, scratch);
				kernels.gemm(a, b, actual, M, N, K, transA, transB, 0);
				const at = firstDifference(arena.read(actual, M * N), arena.read(expected, M * N));
				expect(at, `${M}×${N}×${K}, layout ${layout}, ${flavour}`).toBe(-1);
				expect(guarded(actual + 4 * M * N)).toBe(true);
			}
		});
	});

	test(`gemmBatch: ${name}`, () => {
		for (const [batch, M, N, K, sharedA, sharedB] of [
			[1, 5, 7, 9, false, false],
			[3, 40, 33, 20, false, true],
			[5, 17, 50, 16, true, false],
			[7, 130, 40, 48, false, false],
			[3, 140, 150, 160, false, false],
			[4, 1, 65, 40, false, true],
			[6, 20, 16, 100, false, false],
		] as const) {
			for (const layout of [0, 1, 2, 3]) {
				arena.reset();
				const [strideA, strideB] = [sharedA ? 0 : M * K, sharedB ? 0 : K * N];
				const a = arena.put(numbers(sharedA ? M * K : batch * M * K, 7, "hard"));
				const b = arena.put(numbers(sharedB ? K * N : batch * K * N, 8, "hard"));
				const count = batch * M * N;
				const [expected, actual] = [arena.reserve(4 * count), arena.reserve(4 * count)];
				const scratch = arena.reserve(arena.kernels.gemmScratchBytes(M, N, K));
				const rest = [batch, strideA, strideB, M * N, M, N, K, layout & 1, layout >> 1, scratch] as const;
				arena.kernels.gemmBatch(a, b, expected, ...rest);
				kernels.gemmBatch(a, b, actual, ...rest);
				const at = firstDifference(arena.read(actual, count), arena.read(expected, count));
				expect(at, `${batch} of ${M}×${N}×${K}, layout ${layout}`).toBe(-1);
				expect(guarded(actual + 4 * count)).toBe(true);
			}
		}
	});

	test(`gemm: ${name}: an adversarial product against the twin, an exact one against whole numbers`, () => {
		const [M, N, K] = [19, 53, 611];
		for (const layout of [0, 1, 2, 3]) {
			arena.reset();
			const [x, y] = [numbers(M * K, 11, "hard"), numbers(K * N, 12, "hard")];
			// Small whole numbers: every partial sum is exact, so the right answer does not depend on our order, nor on our kernels.
			const [u, w] = [x, y].map((values, s) => values.map((_, i) => ((i * (7919 + s)) % 15) - 7)) as [
				Float32Array,
				Float32Array,
			];
			for (const [left, right] of [
				[x, y],
				[u, w],
			] as const) {
				const [a, b, c] = [arena.put(left), arena.put(right), arena.reserve(4 * M * N)];
				const [transA, transB] = [layout & 1, layout >> 1];
				kernels.gemm(a, b, c, M, N, K, transA, transB, 0);
				const out = arena.read(c, M * N);
				expect(firstDifference(out, twinGemm(left, right, M, N, K, transA === 1, transB === 1))).toBe(-1);
				if (left !== u) continue;
				for (const [i, j] of [
					[0, 0],
					[18, 52],
					[7, 48],
				] as const) {
					let sum = 0n;
					for (let k = 0; k < K; k++)
						sum += BigInt(u[transA ? k * M + i : i * K + k]!) * BigInt(w[transB ? j * K + k : k * N + j]!);
					expect(out[i * N + j]).toBe(Number(sum));
				}
			}
		}
	});
}
