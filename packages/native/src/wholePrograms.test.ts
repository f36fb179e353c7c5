// Whole programs on native machines: the engine's golden hash, and a larger training graph whose calls are shared among threads, with the bits
// that WebAssembly gives.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { engineSelftest } from "../../llm/src/index.js";
import { compile, createMachine, type KernelSource } from "../../tensor/src/index.js";
import { trainingGraph } from "./testing/trainingGraph.js";
import { nativeForTests } from "./testing.js";

const bitsOf = (numbers: Readonly<Record<string, Float32Array>>) =>
	Object.entries(numbers).map(
		([name, x]) => `${name} ${createHash("sha256").update(new Uint8Array(x.buffer)).digest("hex")}`,
	);

const best = await nativeForTests();
const narrow = await nativeForTests("avx2");

describe.skipIf(best === undefined || narrow === undefined)("native machines", () => {
	const sources = () =>
		[best!, narrow!].map(({ set, source }) => [set, source] as const) as [set: string, source: KernelSource][];

	test("default: the golden hash on 1, 2 and 4 threads, with every instruction set", async () => {
		for (const [set, kernels] of sources()) {
			for (const threads of [1, 2, 4]) {
				const found = await engineSelftest({ threads, kernels });
				expect(found, `${set}, ${threads} threads`).toMatchObject({ ok: true, threads, hash: found.golden });
			}
		}
	});

	test("behavior: loss and gradients of a training graph have WebAssembly's bits on any number of threads", () => {
		const { outputs, feeds } = trainingGraph();
		const plain = createMachine();
		const expected = bitsOf(compile(plain, outputs).run(feeds));
		for (const [set, kernels] of sources()) {
			for (const threads of [1, 2, 3]) {
				const machine = createMachine({ threads, kernels });
				const program = compile(machine, outputs);
				for (let time = 0; time < 2; time++)
					expect(bitsOf(program.run(feeds)), `${set}, ${threads} threads`).toEqual(expected);
				machine.close();
			}
		}
	});
});
