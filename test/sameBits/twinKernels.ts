// All kernels by their slow twins: plain JavaScript with Math.fround, no WebAssembly. Makes the golden hash independent of any compiler.
// A kernel that has no twin yet comes from the WebAssembly module.

import { createKernels, type KernelSource, type Kernels } from "@openledger/tensor";
import { twinAdamw } from "../../packages/tensor/src/kernels/twin/adamw.js";
import { twinAttention, twinAttentionGrad } from "../../packages/tensor/src/kernels/twin/attention.js";
import {
	twinBinary,
	twinCopyStrided,
	twinFirstNonFinite,
	twinUnary,
} from "../../packages/tensor/src/kernels/twin/elementwise.js";
import { twinGemm } from "../../packages/tensor/src/kernels/twin/gemm.js";
import {
	twinCrossEntropy,
	twinCrossEntropyGrad,
	twinSiluGate,
	twinSiluGateGrad,
} from "../../packages/tensor/src/kernels/twin/loss.js";
import {
	twinRmsNorm,
	twinRmsNormGradW,
	twinRmsNormGradX,
	twinRope,
} from "../../packages/tensor/src/kernels/twin/norm.js";
import { PANEL, twinGemmPacked, unpackPanels } from "../../packages/tensor/src/kernels/twin/packed.js";
import { twinGatherQuantised, twinGemmQuantised } from "../../packages/tensor/src/kernels/twin/quantised.js";
import {
	twinGatherRows,
	twinReduceMax,
	twinReduceSum,
	twinScatterAddRows,
} from "../../packages/tensor/src/kernels/twin/reduce.js";

export const twinKernels: KernelSource = (memory) => {
	const f32 = (at: number, count: number) => new Float32Array(memory.buffer, at, count);
	const i32 = (at: number, count: number) => new Int32Array(memory.buffer, at, count);
	const put = (at: number, values: Float32Array) => f32(at, values.length).set(values);
	const F = 4;

	const gemm: Kernels["gemm"] = (a, b, c, M, N, K, transA, transB) =>
		put(c, twinGemm(f32(a, M * K), f32(b, K * N), M, N, K, transA !== 0, transB !== 0));

	const panelled = (rows: number, K: number) => Math.ceil(rows / PANEL) * PANEL * K;
	const quantised = (words: number, scales: number, rows: number, K: number) => ({
		words: i32(words, panelled(rows, Math.ceil(K / 4))),
		scales: f32(scales, panelled(rows, 1)),
	});
	/** Of [M,N], the columns of some panels. */
	const putPanels = (out: number, values: Float32Array, N: number, first: number, last: number) => {
		const [from, to] = [first * PANEL, Math.min(N, last * PANEL)];
		for (let at = 0; at < values.length; at += N) put(out + F * (at + from), values.subarray(at + from, at + to));
	};
	const most = (ids: Int32Array) => ids.reduce((greatest, id) => Math.max(greatest, id), 0) + 1;

	const kernels: Kernels = {
		...createKernels(memory),
		gemm,
		gemmBatch(a, b, c, batch, strideA, strideB, strideC, M, N, K, transA, transB, scratch) {
			for (let z = 0; z < batch; z++)
				gemm(a + F * z * strideA, b + F * z * strideB, c + F * z * strideC, M, N, K, transA, transB, scratch);
		},
		gemmPacked: (x, panels, out, M, N, K, first, last) =>
			putPanels(out, twinGemmPacked(f32(x, M * K), f32(panels, panelled(N, K)), M, N, K), N, first, last),
		gatherPacked(panels, ids, out, count, K) {
			const rows = i32(ids, count);
			const table = unpackPanels(f32(panels, panelled(most(rows), K)), most(rows), K);
			put(out, twinGatherRows(table, rows, K));
		},
		gemmQuantised: (x, words, scales, out, M, N, K, first, last) =>
			putPanels(out, twinGemmQuantised(f32(x, M * K), quantised(words, scales, N, K), M, N, K), N, first, last),
		gatherQuantised(words, scales, ids, out, count, K) {
			const rows = i32(ids, count);
			put(out, twinGatherQuantised(quantised(words, scales, most(rows), K), rows, K));
		},
		binary: (op, a, b, out, n, mode) =>
			put(out, twinBinary(op, f32(a, mode === 2 ? 1 : n), f32(b, mode === 1 ? 1 : n)).slice(0, n)),
		unary: (op, a, out, n) => put(out, twinUnary(op, f32(a, n))),
		copyStrided(src, dst, ndim, params) {
			const [dims, from, to] = [0, 1, 2].map((i) => [...i32(params + F * i * ndim, ndim)]) as [
				number[],
				number[],
				number[],
			];
			const reach = (strides: number[]) => 1 + dims.reduce((sum, d, i) => sum + (d - 1) * strides[i]!, 0);
			if (dims.every((d) => d > 0)) twinCopyStrided(f32(src, reach(from)), f32(dst, reach(to)), dims, from, to);
		},
		fill: (dst, value, n) => void f32(dst, n).fill(value),
		reduceSum: (x, out, outer, n, inner) => put(out, twinReduceSum(f32(x, outer * n * inner), outer, n, inner)),
		reduceMax: (x, out, outer, n, inner) => put(out, twinReduceMax(f32(x, outer * n * inner), outer, n, inner)),
		gatherRows(table, ids, out, count, width) {
			const rows = i32(ids, count);
			put(out, twinGatherRows(f32(table, most(rows) * width), rows, width));
		},
		scatterAddRows(ids, dy, out, count, width) {
			const rows = i32(ids, count);
			twinScatterAddRows(rows, f32(dy, count * width), f32(out, most(rows) * width), width);
		},
		rmsNorm: (x, w, out, rows, width, eps) => put(out, twinRmsNorm(f32(x, rows * width), f32(w, width), eps)),
		rmsNormGradX: (x, w, dy, dx, rows, width, eps) =>
			put(dx, twinRmsNormGradX(f32(x, rows * width), f32(w, width), f32(dy, rows * width), eps)),
		rmsNormGradW: (x, dy, dw, rows, width, eps) =>
			put(dw, twinRmsNormGradW(f32(x, rows * width), f32(dy, rows * width), width, eps)),
		rope(x, cos, sin, out, B, T, H, D, sign) {
			const table = (at: number) => f32(at, (T * D) / 2);
			put(out, twinRope(f32(x, B * T * H * D), table(cos), table(sin), [B, T, H, D], sign));
		},
		attention(q, k, v, out, B, T, H, Hkv, D, scale) {
			const kv = (at: number) => f32(at, B * T * Hkv * D);
			put(out, twinAttention(f32(q, B * T * H * D), kv(k), kv(v), { B, T, H, Hkv, D, scale }));
		},
		attentionCached(q, k, v, out, B, Tq, Tk, capacity, H, Hkv, D, scale) {
			// The last Tq rows of the full pass; what the rows before ask does not matter.
			for (let b = 0; b < B; b++) {
				const wide = H * D;
				const asked = new Float32Array(Tk * wide);
				asked.set(f32(q + F * b * Tq * wide, Tq * wide), (Tk - Tq) * wide);
				const kv = (at: number) => f32(at + F * b * capacity * Hkv * D, Tk * Hkv * D);
				const full = twinAttention(asked, kv(k), kv(v), { B: 1, T: Tk, H, Hkv, D, scale });
				put(out + F * b * Tq * wide, full.slice((Tk - Tq) * wide));
			}
		},
		attentionGrad(q, k, v, dout, dqkv, B, T, H, Hkv, D, scale) {
			const [wide, narrow] = [B * T * H * D, B * T * Hkv * D];
			const shape = { B, T, H, Hkv, D, scale };
			put(dqkv, twinAttentionGrad(f32(q, wide), f32(k, narrow), f32(v, narrow), f32(dout, wide), shape));
		},
		siluGate: (g, u, out, n) => put(out, twinSiluGate(f32(g, n), f32(u, n))),
		siluGateGrad: (g, u, dy, dgu, n) => put(dgu, twinSiluGateGrad(f32(g, n), f32(u, n), f32(dy, n))),
		crossEntropy: (logits, targets, out, rows, V) =>
			put(out, twinCrossEntropy(f32(logits, rows * V), i32(targets, rows), V)),
		crossEntropyGrad: (logits, targets, dl, out, rows, V) =>
			put(out, twinCrossEntropyGrad(f32(logits, rows * V), i32(targets, rows), f32(dl, rows), V)),
		adamw: (p, m, v, g, n, s) => twinAdamw(f32(p, n), f32(m, n), f32(v, n), f32(g, n), f32(s, 11)),
		firstNonFinite: (x, n) => twinFirstNonFinite(f32(x, n)),
	};
	return { kernels, close() {} };
};
