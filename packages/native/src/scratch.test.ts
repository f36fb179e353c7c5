// Scratch that cannot be had: the caller is told in the words of the tensor room, and the process, the threads and the machine live on.
import { describe, expect, test } from "vitest";
import { createMachine, type Kernels, type Machine, OutOfMemoryError } from "../../tensor/src/index.js";
import { numbers } from "../../tensor/src/kernels/testing.js";
import { loadNative } from "./loadNative.js";
import { nativeForTests, testFolder } from "./testing.js";

const native = await nativeForTests();
const PAGE = 4096;

function errorOf(run: () => unknown): OutOfMemoryError {
	try {
		run();
	} catch (error) {
		expect(error).toBeInstanceOf(OutOfMemoryError);
		return error as OutOfMemoryError;
	}
	throw new Error("nothing was thrown");
}

/** Calls whose scratch is more than a page; between them they reach every place that takes any. */
function calls(machine: Machine): [name: string, run: (kernels: Kernels) => void][] {
	const buffer = (count: number) => machine.buffer([count], numbers(count, count)).address;
	const [a, b, c] = [buffer(1 << 18), buffer(1 << 18), buffer(1 << 19)];
	return [
		["gemm", (k) => k.gemm(a, b, c, 128, 384, 512, 0, 0, 0)],
		["gemmBatch", (k) => k.gemmBatch(a, b, c, 8, 4096, 4096, 4096, 64, 64, 64, 0, 0, 0)],
		["gemmQuantised", (k) => k.gemmQuantised(a, b, c, c, 32, 64, 512, 0, 4, 0)],
		["rmsNormGradW", (k) => k.rmsNormGradW(a, b, c, 4096, 8, 1e-5)],
		["attention", (k) => k.attention(a, b, b, c, 1, 128, 2, 2, 64, 0.1, 0)],
		["attentionCached", (k) => k.attentionCached(a, b, b, c, 1, 1, 512, 512, 4, 2, 64, 0.1, 0)],
		["attentionGrad", (k) => k.attentionGrad(a, b, b, a, c, 1, 256, 2, 2, 32, 0.1, 0)],
		["attentionGrad", (k) => k.attentionGrad(a, b, b, a, c, 1, 256, 3, 3, 128, 0.1, 0)],
	];
}

describe.skipIf(native === undefined)("scratch of native kernels", () => {
	const sourceOf = (mostScratch: number) => {
		const loaded = loadNative({ folder: testFolder, mostScratch });
		if (!loaded.ok) throw new Error(loaded.reason);
		return loaded.source;
	};

	test.each([1, 2])(
		"behavior: what cannot be had is out of memory, and the machine works on (%i threads)",
		(threads) => {
			const machine = createMachine({ threads, kernels: sourceOf(PAGE) });
			const plenty = createMachine({ threads, kernels: native!.source });
			const well = calls(plenty);
			for (const [i, [name, run]] of calls(machine).entries()) {
				const error = errorOf(() => run(machine.kernels));
				expect(error.code).toBe("out-of-memory");
				expect(error.message).toMatch(new RegExp(`^a thread's scratch of native ${name} wants .*smaller batch`));
				expect(error.wantedBytes).toBeGreaterThan(PAGE);
				expect(error.roomBytes).toBeGreaterThan(0);
				expect(error.roomBytes).toBeLessThanOrEqual(PAGE);
				// What needs no scratch, or little, still has its bits, shared among the same threads.
				const N = 40_000;
				const x = machine.buffer([N], numbers(N, i));
				const sum = machine.buffer([N]);
				machine.kernels.binary(0, x.address, x.address, sum.address, N, 0);
				expect(sum.read()).toEqual(x.read().map((value) => value + value));
				x.free();
				sum.free();
				// The same call, where there is room, is done.
				well[i]![1](plenty.kernels);
			}
			machine.close();
			plenty.close();
		},
	);

	test("behavior: a product that fits after one that did not has the bits it always has", () => {
		const [tight, plenty] = [sourceOf(PAGE), native!.source].map((kernels) => {
			const machine = createMachine({ threads: 2, kernels });
			const [a, b, c] = [
				machine.buffer([600], numbers(600, 1)),
				machine.buffer([600], numbers(600, 2)),
				machine.buffer([900]),
			];
			return { machine, run: () => machine.kernels.gemm(a.address, b.address, c.address, 30, 30, 20, 0, 0, 0), c };
		});
		errorOf(() => calls(tight!.machine)[0]![1](tight!.machine.kernels));
		tight!.run();
		plenty!.run();
		expect(tight!.c.read()).toEqual(plenty!.c.read());
		tight!.machine.close();
		plenty!.machine.close();
	});
});
