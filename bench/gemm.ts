// Single-thread f32 matrix products of the deterministic engine against a register-only multiply-add loop on this machine.
import { createKernels, type Kernels } from "../packages/tensor/src/kernels/index.js";
import type { BenchOptions, BenchResult } from "./run.js";

const MEBIBYTE = 1 << 20;
const PEAK_FLOPS = 64;

/** transB: the weight is stored [N,K], as linear layers keep it. */
const shapes = [
	{ M: 1, N: 1536, K: 576, transB: 1 },
	{ M: 16, N: 1536, K: 576, transB: 1 },
	{ M: 384, N: 512, K: 192, transB: 1 },
	{ M: 256, N: 256, K: 256, transB: 0 },
	{ M: 512, N: 512, K: 512, transB: 0 },
	{ M: 1024, N: 1024, K: 1024, transB: 0 },
] as const;

/** Median milliseconds of `work` over about half a second, after the compiler has warmed to it. */
function median(work: () => void): number {
	const warmUntil = performance.now() + 150;
	do work();
	while (performance.now() < warmUntil);
	const times: number[] = [];
	const until = performance.now() + 500;
	while (times.length < 5 || performance.now() < until) {
		const start = performance.now();
		work();
		times.push(performance.now() - start);
	}
	return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

const round = (x: number): number => Math.round(x * 100) / 100;

function peakGflops(kernels: Kernels): number {
	const iterations = 100_000;
	return (PEAK_FLOPS * iterations) / median(() => kernels.peak(iterations)) / 1e6;
}

export async function run({ log }: BenchOptions): Promise<BenchResult> {
	const memory = new WebAssembly.Memory({ initial: (64 * MEBIBYTE) / 65536 });
	const kernels = createKernels(memory);
	const [a, b, c, scratch] = [MEBIBYTE, 16 * MEBIBYTE, 32 * MEBIBYTE, 48 * MEBIBYTE];
	// Small numbers of both signs: nothing overflows and nothing becomes subnormal.
	const floats = new Float32Array(memory.buffer);
	for (let i = 0; i < c / 4; i++) floats[i] = (((i * 7919) % 2001) - 1000) / 1000;
	const peak = peakGflops(kernels);
	log(`register-only multiply-add loop: ${round(peak)} GFLOP/s`);
	const rows = shapes.map(({ M, N, K, transB }) => {
		const milliseconds = median(() => kernels.gemm(a, b, c, M, N, K, 0, transB, scratch));
		const gflops = (2 * M * N * K) / milliseconds / 1e6;
		const shape = `${M}×${K}×${N}`;
		log(`${shape}: ${round(gflops)} GFLOP/s`);
		return {
			shape,
			transB,
			milliseconds: round(milliseconds),
			gflops: round(gflops),
			shareOfPeak: round(gflops / peak),
		};
	});
	const value = rows.find((row) => row.shape === "512×512×512")?.gflops ?? 0;
	return {
		rows: [...rows, { shape: "registers only", gflops: round(peak), shareOfPeak: 1 }],
		targets: [{ what: "512×512×512 on one thread, GFLOP/s", value, target: "≥ 15 GFLOP/s", ok: value >= 15 }],
	};
}
