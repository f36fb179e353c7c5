// The kernels with their large calls cut into parts for a team. Work is cut over outputs only, never over a sum, so the bits are those of one
// thread. Calls too small to repay the hand-off (some 2 µs between threads that are awake) are left whole.

import type { KernelParts, Kernels } from "../kernels/index.js";
import type { AnyKernel, Team } from "./team.js";

/** Multiply–adds below which a call stays whole: some 5 µs of one thread. */
const WORTH = 130_000;
/** Elements below which an elementwise call stays whole; they are bound by memory. */
const WORTH_ELEMENTS = 16_000;

/** The same for low-rank terms, which wait for memory more than they multiply. */
const WORTH_LOW_RANK = 60_000;

const F = 4;

/** [from, count] for each part of `total`, in multiples of `step`, as even as the step allows. */
export function cut(total: number, step: number, parts: number): [from: number, count: number][] {
	const units = Math.ceil(total / step);
	const out: [number, number][] = [];
	for (let i = 0; i < parts; i++) {
		const from = Math.floor((i * units) / parts) * step;
		const to = Math.min(total, Math.floor(((i + 1) * units) / parts) * step);
		if (to > from) out.push([from, to - from]);
	}
	return out;
}

/** [from, to] of at most `parts` neighbouring pieces of about the same weight. */
export function evenly(weights: readonly number[], parts: number): [from: number, to: number][] {
	const total = weights.reduce((a, b) => a + b, 0);
	const out: [number, number][] = [];
	let from = 0;
	let sum = 0;
	for (let part = 1; part <= parts; part++) {
		let to = from;
		// A piece ends where half of the next weight would be too much.
		while (to < weights.length && (part === parts || sum + weights[to]! / 2 < (part * total) / parts))
			sum += weights[to++]!;
		if (to > from) out.push([from, to]);
		from = to;
	}
	return out;
}

const roundUp = (bytes: number) => Math.ceil(bytes / 64) * 64;

/** Kernels of the same interface that share their large calls among the team. */
export function parallelKernels(own: Kernels & KernelParts, team: Team, memory: WebAssembly.Memory): Kernels {
	const parts = team.size;

	/** `call` of each part of `total`, if the whole is worth it. */
	function share(
		kernel: AnyKernel,
		[total, step, worth]: readonly [total: number, step: number, worth: boolean],
		call: (from: number, count: number, part: number) => readonly number[],
	): void {
		team.run(
			kernel,
			cut(total, step, worth ? parts : 1).map(([from, count], part) => call(from, count, part)),
		);
	}

	const elements = (
		kernel: AnyKernel,
		n: number,
		weight: number,
		call: (from: number, count: number) => readonly number[],
	) => share(kernel, [n, 16, n * weight >= WORTH_ELEMENTS], call);

	function gemm(...call: Parameters<Kernels["gemm"]>): void {
		const [a, b, c, M, N, K, transA, transB, scratch] = call;
		if (M * N * K < WORTH) {
			own.gemm(...call);
			return;
		}
		const each = roundUp(own.gemmScratchBytes(M, N, K));
		// Columns go first: each thread then packs its own. Rows where columns are too few to share evenly.
		const columns = M === 1 || N >= 32 * parts || M < 5 * parts;
		share("gemmPart", [columns ? N : M, columns ? 8 : 5, true], (from, count, part) => [
			...[a, b, c, M, N, K, transA, transB],
			...(columns ? [0, M, from, from + count] : [from, from + count, 0, N]),
			scratch + part * each,
		]);
	}

	/** The axis of a strided copy to cut: the outermost with enough indices; −1 if the copy is not worth it. */
	function axisToCut(ndim: number, params: number): readonly [axis: number, indices: number] {
		const dims = new Int32Array(memory.buffer, params, ndim);
		if (dims.reduce((size, n) => size * n, 1) < WORTH_ELEMENTS) return [-1, 1];
		const axis = dims.findIndex((n) => n >= 2 * parts);
		return [axis, axis < 0 ? 1 : dims[axis]!];
	}

	/** Multiply–adds of all heads for a D of one. */
	function headWork(numbers: Int32Array, S: number, H: number): number {
		let work = 0;
		for (let at = 0; at < 4 * S; at += 4) work += 2 * H * numbers[at + 1]! * (numbers[at + 1]! + numbers[at + 2]!);
		return work;
	}

	/** Heads of all sequences in pieces of like work. */
	function cutHeads(numbers: Int32Array, S: number, H: number): [from: number, to: number][] {
		const weight = (s: number) => numbers[4 * s + 1]! * (numbers[4 * s + 1]! + numbers[4 * s + 2]!);
		return evenly(
			Array.from({ length: S * H }, (_, n) => weight(Math.floor(n / H))),
			parts,
		);
	}

	/** Multiply–adds of all groups for one of N + K. */
	function groupWork(numbers: Int32Array, groups: number): number {
		let work = 0;
		for (let at = 0; at < 6 * groups; at += 6) work += numbers[at + 1]! * numbers[at + 2]!;
		return work;
	}

	/** Rows of all groups in pieces of like work. */
	function cutRows(numbers: Int32Array, groups: number): [from: number, to: number][] {
		const weights: number[] = [];
		for (let at = 0; at < 6 * groups; at += 6) {
			while (weights.length < numbers[at]!) weights.push(0);
			for (let i = 0; i < numbers[at + 1]!; i++) weights.push(numbers[at + 2]!);
		}
		return evenly(weights, parts);
	}

	return {
		...own,
		gemm,
		gemmScratchBytes: (M, N, K) => parts * roundUp(own.gemmScratchBytes(M, N, K)),
		gemmBatch(a, b, c, batch, strideA, strideB, strideC, M, N, K, transA, transB, scratch) {
			const large = batch * M * N * K >= WORTH;
			if (large && strideB === 0 && transA === 0 && strideA === M * K && strideC === M * N) {
				gemm(a, b, c, batch * M, N, K, 0, transB, scratch);
				return;
			}
			const each = roundUp(own.gemmScratchBytes(M, N, K));
			// As many as come out even, then each of the rest among all.
			const even = large ? batch - (batch % parts) : batch;
			share("gemmBatch", [even, 1, large], (z, count, part) => [
				...[a + F * z * strideA, b + F * z * strideB, c + F * z * strideC, count, strideA, strideB, strideC],
				...[M, N, K, transA, transB, scratch + part * each],
			]);
			for (let z = even; z < batch; z++) {
				const at = [a + F * z * strideA, b + F * z * strideB, c + F * z * strideC] as const;
				gemm(...at, M, N, K, transA, transB, scratch);
			}
		},
		gemmPacked: (x, panels, out, M, N, K, first, last) =>
			share("gemmPacked", [last - first, 1, M * N * K >= WORTH], (from, count) => [
				...[x, panels, out, M, N, K],
				first + from,
				first + from + count,
			]),
		gemmQuantisedScratchBytes: (M, K) => parts * roundUp(own.gemmQuantisedScratchBytes(M, K)),
		gemmQuantised(x, words, scales, out, M, N, K, first, last, scratch) {
			const each = roundUp(own.gemmQuantisedScratchBytes(M, K));
			share("gemmQuantised", [last - first, 1, M * N * K >= WORTH], (from, count, part) => [
				...[x, words, scales, out, M, N, K],
				first + from,
				first + from + count,
				scratch + part * each,
			]);
		},
		binary: (op, a, b, out, n, mode) =>
			elements("binary", n, 1, (from, count) => [
				...[op, mode === 2 ? a : a + F * from, mode === 1 ? b : b + F * from, out + F * from],
				...[count, mode],
			]),
		unary: (op, a, out, n) => elements("unary", n, 4, (from, count) => [op, a + F * from, out + F * from, count]),
		copyStrided(src, dst, ndim, params) {
			const [axis, indices] = axisToCut(ndim, params);
			if (axis < 0) own.copyStrided(src, dst, ndim, params);
			else
				share("copyStridedPart", [indices, 1, true], (from, count) => [
					...[src, dst, ndim, params, axis],
					...[from, from + count],
				]);
		},
		reduceSum: (x, out, outer, n, inner) =>
			share("reduceSum", [outer, 1, outer * n * inner >= WORTH_ELEMENTS], (from, count) => [
				...[x + F * from * n * inner, out + F * from * inner, count, n, inner],
			]),
		reduceMax: (x, out, outer, n, inner) =>
			share("reduceMax", [outer, 1, outer * n * inner >= WORTH_ELEMENTS], (from, count) => [
				...[x + F * from * n * inner, out + F * from * inner, count, n, inner],
			]),
		gatherRows: (table, ids, out, count, width) =>
			share("gatherRows", [count, 1, count * width >= WORTH_ELEMENTS], (from, n) => [
				...[table, ids + F * from, out + F * from * width, n, width],
			]),
		rmsNorm: (x, w, out, rows, width, eps) =>
			share("rmsNorm", [rows, 1, 2 * rows * width >= WORTH_ELEMENTS], (r, n) => [
				...[x + F * r * width, w, out + F * r * width, n, width, eps],
			]),
		rmsNormGradX: (x, w, dy, dx, rows, width, eps) =>
			share("rmsNormGradX", [rows, 1, 2 * rows * width >= WORTH_ELEMENTS], (r, n) => [
				...[x + F * r * width, w, dy + F * r * width, dx + F * r * width, n, width, eps],
			]),
		rmsNormGradW: (x, dy, dw, rows, width, eps) =>
			share("rmsNormGradWPart", [width, 16, rows * width >= WORTH_ELEMENTS], (from, count) => [
				...[x, dy, dw, rows, width, eps, from, from + count],
			]),
		rope(x, cos, sin, out, B, T, H, D, sign) {
			const worth = B * T * H * D >= WORTH_ELEMENTS;
			const row = F * T * H * D;
			if (B > 1) {
				share("rope", [B, 1, worth], (b, n) => [x + b * row, cos, sin, out + b * row, n, T, H, D, sign]);
				return;
			}
			share("rope", [T, 1, worth], (t, n) => [
				...[x + F * t * H * D, cos + F * t * (D / 2), sin + F * t * (D / 2), out + F * t * H * D],
				...[1, n, H, D, sign],
			]);
		},
		siluGate: (g, u, out, n) =>
			elements("siluGate", n, 8, (from, count) => [g + F * from, u + F * from, out + F * from, count]),
		siluGateGrad: (g, u, dy, dgu, n) =>
			elements("siluGateGradPart", n, 8, (from, count) => [
				...[g + F * from, u + F * from, dy + F * from],
				...[dgu + F * from, dgu + F * (n + from), count],
			]),
		adamw: (p, m, v, g, n, s) =>
			elements("adamw", n, 4, (from, count) => [p + F * from, m + F * from, v + F * from, g + F * from, count, s]),
		crossEntropy: (logits, targets, out, rows, V) =>
			share("crossEntropy", [rows, 1, 8 * rows * V >= WORTH_ELEMENTS], (r, n) => [
				...[logits + F * r * V, targets + F * r, out + F * r, n, V],
			]),
		crossEntropyGrad: (logits, targets, dl, out, rows, V) =>
			share("crossEntropyGrad", [rows, 1, 8 * rows * V >= WORTH_ELEMENTS], (r, n) => [
				...[logits + F * r * V, targets + F * r, dl + F * r, out + F * r * V, n, V],
			]),
		attentionScratchBytes: (T, D) => parts * roundUp(own.attentionScratchBytes(T, D)),
		attention(q, k, v, out, B, T, H, Hkv, D, scale, scratch) {
			attentionCached(q, k, v, out, B, T, T, T, H, Hkv, D, scale, scratch);
		},
		attentionCached,
		attentionPagedScratchBytes: (most, tokens, D) => parts * roundUp(own.attentionPagedScratchBytes(most, tokens, D)),
		attentionPaged(q, k, v, out, segments, places, S, most, tokens, H, Hkv, D, scale, scratch) {
			const numbers = new Int32Array(memory.buffer, segments, 4 * S);
			const each = roundUp(own.attentionPagedScratchBytes(most, tokens, D));
			const whole = headWork(numbers, S, H) * D < WORTH;
			team.run(
				"attentionPagedHeads",
				(whole ? [[0, S * H] as const] : cutHeads(numbers, S, H)).map(([first, last], part) => [
					...[q, k, v, out, segments, places, most, tokens, H, Hkv, D, scale],
					...[first, last, scratch + part * each],
				]),
			);
		},
		lowRankScratchBytes: () => parts * roundUp(own.lowRankScratchBytes()),
		lowRankAdd(y, x, pool, table, groups, M, N, K, scratch) {
			const numbers = new Int32Array(memory.buffer, table, 6 * groups);
			if (groupWork(numbers, groups) * (N + K) < WORTH_LOW_RANK) {
				own.lowRankAdd(y, x, pool, table, groups, M, N, K, scratch);
				return;
			}
			const each = roundUp(own.lowRankScratchBytes());
			team.run(
				"lowRankRows",
				cutRows(numbers, groups).map(([from, to], part) => [
					...[y, x, pool, table, groups, N, K, from, to, scratch + part * each],
				]),
			);
		},
		attentionGradScratchBytes: (T, D) => parts * roundUp(own.attentionGradScratchBytes(T, D)),
		attentionGrad(q, k, v, dout, dqkv, B, T, H, Hkv, D, scale, scratch) {
			const each = roundUp(own.attentionGradScratchBytes(T, D));
			share("attentionGradGroups", [B * Hkv, 1, 2 * B * T * T * H * D >= WORTH], (first, count, part) => [
				...[q, k, v, dout, dqkv, B, T, H, Hkv, D, scale],
				...[first, first + count, scratch + part * each],
			]);
		},
	};

	function attentionCached(...call: Parameters<Kernels["attentionCached"]>): void {
		const [q, k, v, out, B, Tq, Tk, capacity, H, Hkv, D, scale, scratch] = call;
		const each = roundUp(own.attentionScratchBytes(Tk, D));
		share("attentionHeads", [B * H, 1, B * Tq * Tk * H * D >= WORTH], (first, count, part) => [
			...[q, k, v, out, B, Tq, Tk, capacity, H, Hkv, D, scale],
			...[first, first + count, scratch + part * each],
		]);
	}
}
