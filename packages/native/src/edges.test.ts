// Arrays that end where the memory ends: behind it lie pages that may not be touched, so a kernel that reads or writes one vector too far
// does not fail quietly, it ends the process.
import { describe, expect, test } from "vitest";
import { createKernels, type Kernels } from "../../tensor/src/index.js";
import { firstDifference, numbers } from "../../tensor/src/kernels/testing.js";
import { nativeForTests } from "./testing.js";

const best = await nativeForTests();
const narrow = await nativeForTests("avx2");

type Call = (kernels: Kernels, inputs: readonly number[], out: number) => unknown;
type Case = readonly [name: string, inputs: readonly (Float32Array | Int32Array)[], count: number, call: Call];

const SCRATCH = 1 << 16;
const FIRST = 1 << 19;

function cases(n: number): Case[] {
	const [x, y, z] = [numbers(n, 1), numbers(n, 2), numbers(n, 3)];
	const ids = Int32Array.of(1, 0, 1);
	const [K, N] = [n, 5];
	const a = numbers(3 * K, 4);
	const b = numbers(K * N, 5);
	const D = 2 * n;
	const [q, k] = [numbers(2 * 5 * D, 6), numbers(5 * D, 7)];
	const rotation = numbers(5 * n, 8);
	return [
		["binary", [x, y], n, (f, [p, r], out) => f.binary(0, p!, r!, out, n, 0)],
		["binary, one", [x, y.slice(0, 1)], n, (f, [p, r], out) => f.binary(2, p!, r!, out, n, 1)],
		["unary", [x], n, (f, [p], out) => f.unary(1, p!, out, n)],
		["fill", [], n, (f, _, out) => f.fill(out, 2, n)],
		["siluGate", [x, y], n, (f, [p, r], out) => f.siluGate(p!, r!, out, n)],
		["siluGateGrad", [x, y, z], 2 * n, (f, [p, r, s], out) => f.siluGateGrad(p!, r!, s!, out, n)],
		["reduceSum", [x], 1, (f, [p], out) => f.reduceSum(p!, out, 1, n, 1)],
		["reduceSum, columns", [a], n, (f, [p], out) => f.reduceSum(p!, out, 1, 3, n)],
		["reduceMax", [x], 1, (f, [p], out) => f.reduceMax(p!, out, 1, n, 1)],
		["reduceMax, columns", [a], n, (f, [p], out) => f.reduceMax(p!, out, 1, 3, n)],
		["gatherRows", [numbers(2 * n, 1), ids], 3 * n, (f, [p, i], out) => f.gatherRows(p!, i!, out, 3, n)],
		["rmsNorm", [a, x], 3 * n, (f, [p, w], out) => f.rmsNorm(p!, w!, out, 3, n, 1e-5)],
		["rmsNormGradX", [a, x, a], 3 * n, (f, [p, w, d], out) => f.rmsNormGradX(p!, w!, d!, out, 3, n, 1e-5)],
		["rmsNormGradW", [a, a], n, (f, [p, d], out) => f.rmsNormGradW(p!, d!, out, 3, n, 1e-5)],
		["crossEntropy", [x, Int32Array.of(n - 1)], 1, (f, [p, i], out) => f.crossEntropy(p!, i!, out, 1, n)],
		[
			"crossEntropyGrad",
			[x, Int32Array.of(n - 1), y.slice(0, 1)],
			n,
			(f, [p, i, d], out) => f.crossEntropyGrad(p!, i!, d!, out, 1, n),
		],
		["rope", [q, rotation, rotation], q.length, (f, [p, c, s], out) => f.rope(p!, c!, s!, out, 1, 5, 2, D, 1)],
		...[0, 1, 2, 3].map(
			(trans): Case => [
				`gemm ${trans}`,
				[a, b],
				3 * N,
				(f, [p, r], out) => f.gemm(p!, r!, out, 3, N, K, trans & 1, trans >> 1, SCRATCH),
			],
		),
		...[0, 1, 2, 3].map(
			(trans): Case => [
				`gemm, wide ${trans}`,
				[numbers(20 * 3, 9), numbers(3 * n, 10)],
				20 * n,
				(f, [p, r], out) => f.gemm(p!, r!, out, 20, n, 3, trans & 1, trans >> 1, SCRATCH),
			],
		),
		[
			"attention",
			[q, k, k],
			q.length,
			(f, [p, r, s], out) => f.attention(p!, r!, s!, out, 1, 5, 2, 1, D, 0.3, SCRATCH),
		],
		[
			"attentionGrad",
			[q, k, k, q],
			q.length + 2 * k.length,
			(f, [p, r, s, d], out) => f.attentionGrad(p!, r!, s!, d!, out, 1, 5, 2, 1, D, 0.3, SCRATCH),
		],
		[
			"attentionCached",
			[q.slice(0, 2 * D), k, k],
			2 * D,
			(f, [p, r, s], out) => f.attentionCached(p!, r!, s!, out, 1, 1, 4, 5, 2, 1, D, 0.3, SCRATCH),
		],
		...[1, 4].map((rows): Case => {
			const pool = numbers(2 * 8 * D, 11);
			return [
				`attentionPaged, ${rows}`,
				[numbers(rows * 2 * D, 12), pool, pool, Int32Array.of(0, rows, 12 - rows, 0), Int32Array.of(0, 1)],
				rows * 2 * D,
				(f, [p, r, s, t, u], out) => f.attentionPaged(p!, r!, s!, out, t!, u!, 1, 2, 8, 2, 1, D, 0.3, SCRATCH),
			];
		}),
		...[0, 1].map((turned): Case => {
			const [rank, width] = [4 * Math.ceil(n / 4), 16 * Math.ceil(n / 16)];
			const [A, B] = turned ? [width * rank, 0] : [0, 7 * rank + 4];
			const bits = new Int32Array(Float32Array.of(0.7).buffer)[0]!;
			return [
				`lowRankAdd, ${turned ? "A" : "B"} last`,
				[numbers(3 * 7, 13), numbers((7 + width) * rank + 4, 14), Int32Array.of(0, 3, rank, A, B, bits)],
				3 * n,
				(f, [x, pool, table], out) => {
					f.fill(out, 0.3, 3 * n);
					f.lowRankAdd(out, x!, pool!, table!, 1, 3, n, 7, SCRATCH);
				},
			];
		}),
	];
}

describe.skipIf(best === undefined || narrow === undefined)("arrays at the end of the memory", () => {
	test.each(["avx512", "avx2"])("default: nothing behind them is touched (%s, or the best there is)", (set) => {
		const source = set === "avx2" ? narrow!.source : best!.source;
		const memories = [0, 1].map(() => new WebAssembly.Memory({ initial: 32, maximum: 32 }));
		const both = [createKernels(memories[0]!), source(memories[1]!, 1).kernels] as const;
		const end = memories[0]!.buffer.byteLength;
		for (const n of [1, 3, 7, 8, 9, 15, 17, 31, 33, 49]) {
			for (const [name, inputs, count, call] of cases(n)) {
				// Each array in turn, the result last, is the one that ends where the memory does.
				for (let last = 0; last <= inputs.length; last++) {
					const [expected, actual] = both.map((kernels, i) => {
						const { buffer } = memories[i]!;
						let at = FIRST;
						const place = (bytes: number, isLast: boolean): number => {
							const here = isLast ? end - bytes : at;
							if (!isLast) at = (at + bytes + 63) & ~63;
							return here;
						};
						const places = inputs.map((values, j) => {
							const here = place(values.byteLength, j === last);
							new Uint8Array(buffer, here, values.byteLength).set(
								new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
							);
							return here;
						});
						const out = place(4 * count, last === inputs.length);
						call(kernels, places, out);
						return new Float32Array(buffer.slice(out, out + 4 * count));
					}) as [Float32Array, Float32Array];
					expect(firstDifference(actual, expected), `${name}, n ${n}, array ${last}`).toBe(-1);
				}
			}
		}
	});
});
