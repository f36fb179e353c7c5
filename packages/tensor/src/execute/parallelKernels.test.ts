// Threads may change speed and nothing else: every large op, forward and backward, on 1, 2 and 3 threads.

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

describe("parallelKernels", () => {
	test("default: the same bits on 1, 2 and 3 threads, run after run", async () => {
		const outputs = graph();
		const expected = compile(await machineOf(1), outputs).run(feeds());
		expect(size(outputs.dw!.shape)).toBe(expected.dw!.length);
		for (const threads of [2, 3]) {
			const program = compile(await machineOf(threads), outputs);
			for (let i = 0; i < 3; i++) expect(digests(program.run(feeds()))).toEqual(digests(expected));
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
