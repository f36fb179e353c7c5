// Threads may change speed and nothing else: every large op, forward and backward, on 1, 2, 3 and 4 threads.

import { createHash } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import {
	attention,
	compile,
	createMachine,
	crossEntropy,
	drawNormals,
	exp,
	gradient,
	input,
	type Machine,
	matmul,
	mul,
	reshape,
	rmsNorm,
	siluGate,
	size,
	sumAll,
	type Tensor,
} from "../index.js";
import { firstDifference, numbers } from "../kernels/testing.js";
import { cut } from "./parallelKernels.js";

const machines: Machine[] = [];
afterAll(() => {
	for (const m of machines) m.close();
});

async function machineOf(threads: number): Promise<Machine> {
	const machine = createMachine({ threads });
	machines.push(machine);
	while (!machine.ready()) await new Promise((resolve) => setTimeout(resolve, 5));
	expect(machine.threads).toBe(threads);
	return machine;
}

/** A feed-forward, an attention and a loss, large enough that every call is cut. */
function graph(): Record<string, Tensor> {
	const [B, T, H, D, V] = [6, 37, 4, 32, 301];
	const width = H * D;
	const x = input("x", [B * T, width]);
	const w = input("w", [3 * width, width]);
	const a = rmsNorm(x, input("norm", [width]), 1e-5);
	const heads = (t: Tensor) => reshape(t, [B, T, H, D]);
	const mixed = reshape(attention(heads(a), heads(x), heads(mul(x, a)), 0.2), [B * T, width]);
	const wide = matmul(mixed, w, { transB: true });
	const gated = siluGate(wide, exp(mul(wide, wide)));
	const down = matmul(gated, w);
	const perRow = matmul(reshape(down, [B, T, width]), reshape(x, [B, T, width]), { transB: true });
	const loss = sumAll(
		crossEntropy(matmul(down, input("table", [V, width]), { transB: true }), input("targets", [B * T], "i32")),
	);
	const [dx, dw] = gradient(loss, [x, w]) as [Tensor, Tensor];
	const one = matmul(input("single", [1, 700]), input("tall", [900, 700]), { transB: true });
	return { loss, dx, dw, perRow, one };
}

const digests = (out: Record<string, Float32Array>) =>
	Object.entries(out).map(([name, values]) => [name, createHash("sha256").update(values).digest("hex")]);

function feeds(): Record<string, Float32Array | Int32Array> {
	const draw = (count: number, step: number) => drawNormals({ seed: 2, purpose: 4, step }, count).map((v) => v / 8);
	return {
		x: draw(6 * 37 * 128, 0),
		w: draw(384 * 128, 1),
		norm: draw(128, 2),
		table: draw(301 * 128, 3),
		targets: Int32Array.from({ length: 222 }, (_, i) => (i * 7) % 301),
		single: draw(700, 4),
		tall: draw(900 * 700, 5),
	};
}

/** What each kernel writes, called straight on a machine, in shapes that do not divide evenly and are large enough to be cut. */
function kernelResults(machine: Machine): Map<string, Float32Array> {
	const { kernels } = machine;
	const results = new Map<string, Float32Array>();
	let seed = 1;
	const draw = (n: number) => machine.buffer([n], numbers(n, seed++)).address;
	const whole = (values: readonly number[]) => machine.buffer([values.length], values, "i32").address;
	const give = (name: string, n: number, run: (out: number) => void) => {
		const out = machine.buffer([n], new Float32Array(n).fill(-7));
		run(out.address);
		results.set(name, out.read());
	};
	const scratch = machine.buffer([1 << 20]).address;

	for (const [M, N, K] of [
		[1, 901, 331],
		[2, 517, 301],
		[7, 203, 301],
		[70, 203, 601],
		[203, 21, 67],
		[33, 5, 1001],
	] as const) {
		for (const trans of [0, 1, 2, 3]) {
			give(`gemm ${M}×${N}×${K} ${trans}`, M * N, (out) =>
				kernels.gemm(draw(M * K), draw(K * N), out, M, N, K, trans & 1, trans >> 1, scratch),
			);
		}
	}
	for (const [batch, shared, transA] of [
		[3, 1, 0],
		[3, 0, 1],
		[5, 1, 1],
		[7, 0, 0],
	] as const) {
		const [M, N, K] = [37, 41, 43];
		give(`gemmBatch ${batch} ${shared} ${transA}`, batch * M * N, (out) => {
			const [a, b] = [draw(batch * M * K), draw((shared ? 1 : batch) * K * N)];
			const strideB = shared ? 0 : K * N;
			kernels.gemmBatch(a, b, out, batch, M * K, strideB, M * N, M, N, K, transA, 0, scratch);
		});
	}
	for (const [M, N, K, groups] of [
		[
			9,
			203,
			301,
			[
				[0, 1, 64],
				[2, 5, 8],
				[7, 0, 4],
				[8, 1, 128],
			],
		],
		[
			3,
			901,
			703,
			[
				[0, 1, 128],
				[1, 2, 4],
			],
		],
	] as const) {
		let reach = 0;
		const room = (count: number) => {
			reach += count;
			return reach - count;
		};
		const bits = new Int32Array(Float32Array.of(0.5, -1.25, 3, 7).buffer);
		const table = groups.flatMap(([first, count, rank], g) => [
			...[first, count, rank, room(rank * K + 4), room(rank * 16 * Math.ceil(N / 16))],
			bits[g]!,
		]);
		const y = draw(M * N);
		kernels.lowRankAdd(y, draw(M * K), draw(reach), whole(table), groups.length, M, N, K, scratch);
		results.set(`lowRankAdd ${M}`, new Float32Array(machine.memory.buffer.slice(y, y + 4 * M * N)));
	}
	for (const runs of [
		[
			[1, 40],
			[31, 7],
			[0, 0],
			[1, 45],
		],
		[
			[1, 3],
			[40, 7],
		],
	]) {
		const [H, G, D, tokens] = [6, 3, 20, 8];
		const rows = runs.reduce((n, [count]) => n + count!, 0);
		const firstOf = (s: number) => runs.slice(0, s).reduce((n, [count]) => n + count!, 0);
		const segments = whole(runs.flatMap(([count, past], s) => [firstOf(s), count!, past!, 0]));
		const places = whole(runs.flatMap((_, s) => [1, 4, 0, 2, 5, 3].map((block) => (block + 3 * s) % 11)));
		const [q, k, v] = [draw(rows * H * D), draw(11 * tokens * G * D), draw(11 * tokens * G * D)];
		give(`attentionPaged ${rows}`, rows * H * D, (out) =>
			kernels.attentionPaged(q, k, v, out, segments, places, runs.length, 6, tokens, H, G, D, 0.3, scratch),
		);
	}
	const [B, T, H, G, D] = [1, 43, 6, 3, 20];
	for (const rows of [B, 2]) {
		const [wide, narrow] = [rows * T * H * D, rows * T * G * D];
		give(`attention ${rows}`, wide, (out) =>
			kernels.attention(draw(wide), draw(narrow), draw(narrow), out, rows, T, H, G, D, 0.2, scratch),
		);
		give(`attentionGrad ${rows}`, wide + 2 * narrow, (out) =>
			kernels.attentionGrad(
				...([draw(wide), draw(narrow), draw(narrow), draw(wide), out, rows, T, H, G, D, 0.2, scratch] as const),
			),
		);
		give(`rope ${rows}`, rows * 400 * 2 * D, (out) =>
			kernels.rope(draw(rows * 400 * 2 * D), draw(400 * 10), draw(400 * 10), out, rows, 400, 2, D, -1),
		);
	}
	for (const [Tq, Tk] of [
		[1, 1501],
		[5, 700],
	] as const) {
		const cache = 1600 * G * D;
		give(`attentionCached ${Tq}`, Tq * H * D, (out) =>
			kernels.attentionCached(
				...([draw(Tq * H * D), draw(cache), draw(cache), out, 1, Tq, Tk, 1600, H, G, D, 0.2, scratch] as const),
			),
		);
	}
	const n = 20_003;
	give("siluGateGrad", 2 * n, (out) => kernels.siluGateGrad(draw(n), draw(n), draw(n), out, n));
	give("siluGate", n, (out) => kernels.siluGate(draw(n), draw(n), out, n));
	give("binary", n, (out) => kernels.binary(2, draw(n), draw(n), out, n, 0));
	give("unary", n, (out) => kernels.unary(1, draw(n), out, n));
	const [rows, width] = [83, 301];
	give("rmsNorm", rows * width, (out) => kernels.rmsNorm(draw(rows * width), draw(width), out, rows, width, 1e-5));
	give("rmsNormGradW", width, (out) =>
		kernels.rmsNormGradW(draw(rows * width), draw(rows * width), out, rows, width, 1e-5),
	);
	give("rmsNormGradX", rows * width, (out) =>
		kernels.rmsNormGradX(draw(rows * width), draw(width), draw(rows * width), out, rows, width, 1e-5),
	);
	for (const inner of [1, 19]) {
		give(`reduceSum ${inner}`, 23 * inner, (out) => kernels.reduceSum(draw(23 * 997 * inner), out, 23, 997, inner));
		give(`reduceMax ${inner}`, 23 * inner, (out) => kernels.reduceMax(draw(23 * 997 * inner), out, 23, 997, inner));
	}
	give("gatherRows", rows * width, (out) => {
		const ids = Array.from({ length: rows }, (_, i) => (i * 7) % 50);
		kernels.gatherRows(draw(50 * width), whole(ids), out, rows, width);
	});
	for (const [name, dims, from, to] of [
		["turned", [97, 211], [1, 97], [211, 1]],
		["repeated", [1, 53, 401], [0, 1, 0], [0, 401, 1]],
		["inner", [3, 5, 1501], [7505, 1501, 1], [9000, 1800, 1]],
	] as const) {
		give(`copyStrided ${name}`, 27_000, (out) =>
			kernels.copyStrided(draw(22_600), out, dims.length, whole([...dims, ...from, ...to])),
		);
	}
	return results;
}

describe("parallelKernels", () => {
	test("default: the same bits on 1, 2, 3 and 4 threads, run after run", async () => {
		const outputs = graph();
		const expected = compile(await machineOf(1), outputs).run(feeds());
		expect(size(outputs.dw!.shape)).toBe(expected.dw!.length);
		for (const threads of [2, 3, 4]) {
			const program = compile(await machineOf(threads), outputs);
			for (let i = 0; i < 2; i++) expect(digests(program.run(feeds()))).toEqual(digests(expected));
		}
	});

	test("behavior: every kernel that is cut gives the bits of one thread, in odd shapes", async () => {
		const alone = kernelResults(await machineOf(1));
		expect(alone.size).toBeGreaterThan(25);
		for (const threads of [2, 3, 4]) {
			const together = kernelResults(await machineOf(threads));
			for (const [name, values] of alone) {
				expect(firstDifference(together.get(name)!, values), `${name} on ${threads} threads`).toBe(-1);
			}
		}
	});

	test("behavior: a closed machine goes on alone", async () => {
		const machine = await machineOf(2);
		machine.close();
		expect(compile(machine, graph()).run(feeds()).loss).toHaveLength(1);
	});

	test("cut covers everything once, in steps", () => {
		for (const [total, step, parts] of [
			[100, 4, 3],
			[5, 4, 2],
			[1, 16, 4],
			[64, 16, 2],
		] as const) {
			const pieces = cut(total, step, parts);
			expect(pieces.length).toBeLessThanOrEqual(parts);
			expect(pieces.reduce((at, [from, count]) => (from === at ? at + count : -1), 0)).toBe(total);
			expect(pieces.every(([from]) => from % step === 0)).toBe(true);
		}
	});
});
