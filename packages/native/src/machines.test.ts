// Machines with native kernels: growth, several at once, the end.
import { describe, expect, test } from "vitest";
import { createMachine } from "../../tensor/src/index.js";
import { nativeForTests } from "./testing.js";

const native = await nativeForTests();

describe.skipIf(native === undefined)("machines with native kernels", () => {
	const machineOf = (threads: number) => createMachine({ threads, kernels: native!.source });
	const N = 40_000;

	test("default: kernels work on the machine's own buffers", () => {
		const machine = machineOf(2);
		const [a, b] = [machine.buffer([N], new Float32Array(N).fill(1.5)), machine.buffer([N])];
		machine.kernels.binary(0, a.address, a.address, b.address, N, 0);
		expect(b.read()).toEqual(new Float32Array(N).fill(3));
		machine.close();
	});

	test("behavior: memory may grow between calls", () => {
		const machine = machineOf(2);
		const first = machine.buffer([4], [1, 2, 3, 4]);
		machine.kernels.binary(2, first.address, first.address, first.address, 4, 0);
		const before = machine.memory.buffer.byteLength;
		const large = machine.buffer([1 << 22]);
		expect(machine.memory.buffer.byteLength).toBeGreaterThan(before);
		machine.kernels.fill(large.address, 7, 1 << 22);
		machine.kernels.binary(0, first.address, large.address, first.address, 4, 0);
		expect([...first.read()]).toEqual([8, 11, 16, 23]);
		expect(large.read().every((x) => x === 7)).toBe(true);
		machine.close();
	});

	test("behavior: machines at once keep their own memories and threads", () => {
		const machines = [machineOf(2), machineOf(3), machineOf(1)];
		const buffers = machines.map((machine, i) => machine.buffer([N], new Float32Array(N).fill(i + 1)));
		for (let time = 0; time < 50; time++)
			machines.forEach(({ kernels }, i) => {
				kernels.binary(0, buffers[i]!.address, buffers[i]!.address, buffers[i]!.address, N, 0);
				if (time % 10 < 9) kernels.binary(0, buffers[i]!.address, buffers[i]!.address, buffers[i]!.address, 0, 0);
				kernels.binary(2, buffers[i]!.address, machines[i]!.buffer([1], [0.5]).address, buffers[i]!.address, N, 1);
			});
		buffers.forEach((buffer, i) => {
			expect(buffer.read().every((x) => x === i + 1)).toBe(true);
		});
		for (const machine of machines) machine.close();
	});

	test("behavior: closed twice is closed; a call after that says so", () => {
		const machine = machineOf(2);
		const a = machine.buffer([4], [1, 2, 3, 4]);
		machine.close();
		machine.close();
		expect(() => machine.kernels.unary(0, a.address, a.address, 4)).toThrow(
			expect.objectContaining({ code: "native/closed" }),
		);
		expect([...a.read()]).toEqual([1, 2, 3, 4]);
	});

	test("behavior: an address, a size or a row number outside the memory is refused and nothing is touched", () => {
		const machine = machineOf(1);
		const { kernels, memory } = machine;
		const end = memory.buffer.byteLength;
		const a = machine.buffer([4], [1, 2, 3, 4]);
		const ids = machine.buffer([2], [0, 1 << 28], "i32");
		const negative = machine.buffer([2], [0, -1], "i32");
		const params = machine.buffer([3], [4, 1 << 30, 1], "i32");
		const refused = (call: () => void) => expect(call).toThrow(expect.objectContaining({ code: "native/bounds" }));
		refused(() => kernels.fill(end - 8, 1, 3));
		refused(() => kernels.fill(-4, 1, 1));
		refused(() => kernels.fill(Number.NaN, 1, 1));
		refused(() => kernels.fill(a.address, 1, -1));
		refused(() => kernels.binary(0, a.address, end - 4, a.address, 2, 0));
		refused(() => kernels.gemm(a.address, a.address, a.address, 1 << 20, 1 << 20, 1 << 20, 0, 0, 0));
		refused(() => kernels.gatherRows(a.address, ids.address, a.address, 2, 1));
		refused(() => kernels.gatherRows(a.address, negative.address, a.address, 2, 1));
		refused(() => kernels.crossEntropy(a.address, negative.address, a.address, 2, 2));
		refused(() => kernels.copyStrided(a.address, a.address, 1, params.address));
		refused(() => kernels.attention(a.address, a.address, a.address, a.address, 1, 1, 3, 2, 1, 1, 0));
		refused(() => kernels.attention(a.address, a.address, a.address, a.address, 1, 1, 1, 0, 1, 1, 0));
		const at = a.address;
		const paged = (segments: readonly number[], places: readonly number[]) => {
			const [s, p] = [segments, places].map((list) => machine.buffer([list.length], list, "i32").address);
			kernels.attentionPaged(at, at, at, at, s!, p!, 1, places.length, 8, 1, 1, 4, 1, 0);
		};
		refused(() => paged([0, 1, 0, 0], [1 << 28]));
		refused(() => paged([0, 1, 0, 0], [-1]));
		refused(() => paged([0, 1, 8, 0], [0]));
		refused(() => paged([0, -1, 3, 0], [0]));
		refused(() => paged([1 << 29, 1, 0, 0], [0]));
		const lowRank = (...group: readonly number[]) => {
			const table = machine.buffer([6], group, "i32").address;
			kernels.lowRankAdd(at, at, at, table, 1, 1, 4, 4, 0);
		};
		refused(() => lowRank(0, 2, 4, 0, 0, 0));
		refused(() => lowRank(-1, 1, 4, 0, 0, 0));
		refused(() => lowRank(0, 1, 5, 0, 0, 0));
		refused(() => lowRank(0, 1, 1028, 0, 0, 0));
		refused(() => lowRank(0, 1, 4, 1 << 30, 0, 0));
		refused(() => lowRank(0, 1, 4, 0, -4, 0));
		expect([...a.read()]).toEqual([1, 2, 3, 4]);
		machine.close();
	});

	test("behavior: a shared memory is refused by name", () => {
		const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
		expect(() => native!.source(memory, 1)).toThrow(/shared|memory/);
	});
});
