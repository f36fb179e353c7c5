// Out of memory is said before anything large is taken: what was wanted, what would fit, and nothing is left half done.

import { createMachine, OutOfMemoryError } from "@openledger/tensor";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { LINEARS } from "../model/parameters.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { makeBatch, meanWeights } from "./batch.js";
import { adapterLoss, adapterParameterShapes, batchFeeds, residentBase } from "./loss.js";
import { planStep } from "./planStep.js";
import { createTrainer } from "./trainer.js";

const base = tinyBase();
const adapter: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS };
const MEGABYTE = 1e6;

function trainerOn(machine: ReturnType<typeof createMachine>) {
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, adapter, 3))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	const resident = residentBase(machine, base);
	const trainer = createTrainer({
		machine,
		shapes: adapterParameterShapes(base.config, adapter),
		initial,
		loss: adapterLoss(base.config, adapter),
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 },
	});
	const step = (rows: number) => {
		const tokens = Array.from({ length: 33 }, (_, i) => 1 + ((7 * i) % 90));
		const batch = makeBatch(
			Array.from({ length: rows }, () => ({ tokens, from: 1 })),
			base.padding,
		);
		return trainer.step(batch.shape, { ...resident, ...batchFeeds(base.config, batch, meanWeights(batch)) }, 0.01);
	};
	return { step, trainer };
}

function errorOf(run: () => unknown): OutOfMemoryError {
	try {
		run();
	} catch (error) {
		expect(error).toBeInstanceOf(OutOfMemoryError);
		return error as OutOfMemoryError;
	}
	throw new Error("nothing was thrown");
}

afterEach(() => vi.restoreAllMocks());

describe("out of memory", () => {
	test("default: a step that cannot fit names the rows that can; they do, and the next one does not", () => {
		const machine = createMachine({ maxBytes: 8 * MEGABYTE });
		const { step } = trainerOn(machine);
		const before = { bytes: machine.memory.buffer.byteLength, used: machine.bytesInUse() };
		const error = errorOf(() => step(512));
		expect(error.code).toBe("out-of-memory");
		expect(error.wantedBytes).toBeGreaterThan(error.roomBytes);
		const most = Number(/(\d+) rows of that length fit/.exec(error.message)?.[1]);
		expect(most).toBeGreaterThan(1);
		expect(machine.memory.buffer.byteLength).toBe(before.bytes);
		expect(machine.bytesInUse() - before.used).toBeLessThan(4096);
		expect(step(most).loss).toBeGreaterThan(0);
		errorOf(() => step(most + 2));
	});

	test("behavior: weights that cannot fit are refused before the first is copied", () => {
		const machine = createMachine({ maxBytes: 100_000 });
		const error = errorOf(() => residentBase(machine, base));
		expect(error.message).toContain("the base model's weights");
		expect(machine.bytesInUse()).toBe(0);
	});

	test("behavior: a host that gives no more memory is said so, and the machine works on", () => {
		const machine = createMachine();
		const small = machine.buffer([4], [1, 2, 3, 4]);
		vi.spyOn(machine.memory, "grow").mockImplementation(() => {
			throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
		});
		const used = machine.bytesInUse();
		const error = errorOf(() => machine.buffer([64 * MEGABYTE]));
		expect(error.message).toContain("the host gives no more than");
		expect([machine.bytesInUse(), ...small.read()]).toEqual([used, 1, 2, 3, 4]);
		vi.restoreAllMocks();
		expect(machine.buffer([MEGABYTE]).read().length).toBe(MEGABYTE);
	});

	test("behavior: a plan says what the machine then takes", () => {
		const machine = createMachine();
		const { step } = trainerOn(machine);
		const plan = planStep({ config: base.config, adapter, shape: { rows: 4, length: 32 } });
		step(4);
		expect(machine.peakBytes() / plan.plannedBytes).toBeGreaterThan(0.99);
		expect(machine.peakBytes() / plan.plannedBytes).toBeLessThan(1.05);
		expect(plan.ratio).toBeLessThan(1.5);
	});
});
