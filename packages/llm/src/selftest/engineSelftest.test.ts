// The golden hashes in this process; other Nodes, compilers, browsers and kernels: test/sameBits.

import { createKernels } from "@openledger/tensor";
import { expect, test } from "vitest";
import { compareEngines } from "./compareEngines.js";
import { engineSelftest } from "./engineSelftest.js";
import { GOLDEN, GOLDEN_PARTS } from "./golden.js";

test("default: this machine reproduces the golden hash and that of every part, twice", async () => {
	const first = await engineSelftest();
	expect(first.hash).toBe(GOLDEN);
	expect(Object.fromEntries(first.parts.map(({ name, hash }) => [name, hash]))).toEqual(GOLDEN_PARTS);
	expect(first.ok).toBe(true);
	expect(await engineSelftest()).toEqual(first);
});

test("behavior: 2 and 4 threads take part, and change nothing", async () => {
	const { ok, hash, variants } = await compareEngines([
		{ name: "1 thread" },
		{ name: "2 threads", threads: 2 },
		{ name: "4 threads", threads: 4 },
	]);
	expect({ ok, hash }).toEqual({ ok: true, hash: GOLDEN });
	expect(variants.map(({ name, threads, ok }) => [name, threads, ok])).toEqual([
		["1 thread", 1, true],
		["2 threads", 2, true],
		["4 threads", 4, true],
	]);
});

test("behavior: four threads are four, however few the cores", async () => {
	let started = 0;
	const count = () => void started++;
	process.on("worker", count);
	try {
		expect((await engineSelftest({ threads: 4 })).threads).toBe(4);
	} finally {
		process.off("worker", count);
	}
	expect(started).toBe(3);
});

test("behavior: one kernel with another bit is found, and the part named", async () => {
	const fused: typeof createKernels = (memory, shared) => {
		const kernels = createKernels(memory, shared);
		return {
			...kernels,
			crossEntropy(logits, targets, out, rows, V) {
				kernels.crossEntropy(logits, targets, out, rows, V);
				const last = new Int32Array(memory.buffer, out + 4 * (rows - 1), 1);
				last[0] = last[0]! ^ 1;
			},
		};
	};
	const wrong = { name: "wrong", kernels: (memory: WebAssembly.Memory) => ({ kernels: fused(memory), close() {} }) };
	const { ok, variants } = await compareEngines([{ name: "right" }, wrong]);
	expect(ok).toBe(false);
	expect(variants.map((variant) => variant.ok)).toEqual([true, false]);
	expect(variants[1]!.differs).toContain("operations");
});
