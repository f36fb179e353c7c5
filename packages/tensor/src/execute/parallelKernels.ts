// The kernels with their large calls cut into parts for a team. Work is cut over outputs only, never over a sum, so the bits are those of one
// thread. Calls too small to repay the hand-off (some 10 µs) are left whole.

import type { Kernels } from "../kernels/index.js";
import type { Team } from "./team.js";

/** Multiply–adds below which a call stays whole. */
const WORTH = 250_000;
/** Elements below which an elementwise call stays whole; they are bound by memory. */
const WORTH_ELEMENTS = 60_000;

/** [from, count] for each part of `total`, in multiples of `step`. */
export function cut(total: number, step: number, parts: number): [from: number, count: number][] {
	const each = Math.ceil(total / step / parts) * step;
	const out: [number, number][] = [];
	for (let from = 0; from < total; from += each) out.push([from, Math.min(each, total - from)]);
	return out;
}

const roundUp16 = (bytes: number) => Math.ceil(bytes / 16) * 16;

/** Kernels of the same interface that share their large calls among the team. */
export function parallelKernels(own: Kernels, team: Team): Kernels {
	const parts = team.size;
	const F = 4;
	const elements = (n: number, call: (from: number, count: number) => readonly number[], kernel: keyof Kernels) =>
		team.run(
			kernel,
			cut(n, 16, n >= WORTH_ELEMENTS ? parts : 1).map(([from, count]) => call(from, count)),
		);
	const rows = (
		count: number,
		work: number,
		call: (from: number, count: number) => readonly number[],
		kernel: keyof Kernels,
	) =>
		team.run(
			kernel,
			cut(count, 1, work >= WORTH ? parts : 1).map(([from, n]) => call(from, n)),
		);

	return {
		...own,
		gemmScratchBytes: (M, N, K) => parts * own.gemmScratchBytes(M, N, K),
		gemm(a, b, c, M, N, K, transA, transB, scratch) {
			const each = own.gemmScratchBytes(M, N, K);
			const large = M * N * K >= WORTH;
			if (large && M === 1 && transB !== 0) {
				team.run(
					"gemm",
					cut(N, 16, parts).map(([n, count], i) => [
						a,
						b + F * n * K,
						c + F * n,
						1,
						count,
						K,
						0,
						1,
						scratch + i * each,
					]),
				);
			} else {
				const share = large && transA === 0 ? parts : 1;
				team.run(
					"gemm",
					cut(M, 4, share).map(([m, count], i) => [
						a + F * m * K,
						b,
						c + F * m * N,
						count,
						N,
						K,
						transA,
						transB,
						scratch + i * each,
					]),
				);
			}
		},
		gemmBatch(a, b, c, batch, strideA, strideB, strideC, M, N, K, transA, transB, scratch) {
			const each = own.gemmScratchBytes(M, N, K);
			const share = batch * M * N * K >= WORTH ? parts : 1;
			const calls = cut(batch, 1, share).map(([z, count], i) => [
				a + F * z * strideA,
				b + F * z * strideB,
				c + F * z * strideC,
				count,
				strideA,
				strideB,
				strideC,
				M,
				N,
				K,
				transA,
				transB,
				scratch + i * each,
			]);
			team.run("gemmBatch", calls);
		},
		gemmPacked: (x, panels, out, M, N, K, first, last) =>
			team.run(
				"gemmPacked",
				cut(last - first, 1, M * N * K >= WORTH ? parts : 1).map(([from, count]) => [
					...[x, panels, out, M, N, K],
					first + from,
					first + from + count,
				]),
			),
		gemmQuantisedScratchBytes: (M, K) => parts * roundUp16(own.gemmQuantisedScratchBytes(M, K)),
		gemmQuantised(x, words, scales, out, M, N, K, first, last, scratch) {
			const each = roundUp16(own.gemmQuantisedScratchBytes(M, K));
			team.run(
				"gemmQuantised",
				cut(last - first, 1, M * N * K >= WORTH ? parts : 1).map(([from, count], i) => [
					...[x, words, scales, out, M, N, K],
					first + from,
					first + from + count,
					scratch + i * each,
				]),
			);
		},
		binary: (op, a, b, out, n, mode) =>
			elements(
				n,
				(from, count) => [
					op,
					mode === 2 ? a : a + F * from,
					mode === 1 ? b : b + F * from,
					out + F * from,
					count,
					mode,
				],
				"binary",
			),
		unary: (op, a, out, n) => elements(n, (from, count) => [op, a + F * from, out + F * from, count], "unary"),
		adamw: (p, m, v, g, n, s) =>
			elements(n, (from, count) => [p + F * from, m + F * from, v + F * from, g + F * from, count, s], "adamw"),
		siluGate: (g, u, out, n) =>
			elements(n, (from, count) => [g + F * from, u + F * from, out + F * from, count], "siluGate"),
		rmsNorm: (x, w, out, count, width, eps) =>
			rows(count, 4 * count * width, (r, n) => [x + F * r * width, w, out + F * r * width, n, width, eps], "rmsNorm"),
		rmsNormGradX: (x, w, dy, dx, count, width, eps) =>
			rows(
				count,
				4 * count * width,
				(r, n) => [x + F * r * width, w, dy + F * r * width, dx + F * r * width, n, width, eps],
				"rmsNormGradX",
			),
		crossEntropy: (logits, targets, out, count, V) =>
			rows(count, 8 * count * V, (r, n) => [logits + F * r * V, targets + F * r, out + F * r, n, V], "crossEntropy"),
		crossEntropyGrad: (logits, targets, dl, out, count, V) =>
			rows(
				count,
				8 * count * V,
				(r, n) => [logits + F * r * V, targets + F * r, dl + F * r, out + F * r * V, n, V],
				"crossEntropyGrad",
			),
		attentionScratchBytes: (T, D) => parts * own.attentionScratchBytes(T, D),
		attention(q, k, v, out, B, T, H, Hkv, D, scale, scratch) {
			const each = own.attentionScratchBytes(T, D);
			const [wide, narrow] = [F * T * H * D, F * T * Hkv * D];
			const share = B * T * T * H * D >= WORTH ? parts : 1;
			const calls = cut(B, 1, share).map(([b, count], i) => [
				q + b * wide,
				k + b * narrow,
				v + b * narrow,
				out + b * wide,
				count,
				T,
				H,
				Hkv,
				D,
				scale,
				scratch + i * each,
			]);
			team.run("attention", calls);
		},
	};
}
