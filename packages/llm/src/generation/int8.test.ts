// An int8 base: sessions, batches and full passes agree bit for bit, adapters add in f32, and what it costs in logits is bounded.

import { createMachine } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { readAdapter } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { readBase } from "../model/baseModel.js";
import { residentWeights, weightBytes } from "../model/weights.js";
import { tinyAdapter } from "../selftest/tinyAdapter.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { residentBase } from "../training/loss.js";
import { createEngine } from "./engine.js";
import { createSessionMaker } from "./session.js";

const base = tinyBase();
const f32 = createEngine(base);
const int8 = createEngine(base, createMachine(), { weights: "int8" });
const { config, model } = tinyAdapter(base);
const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), model);
const families = tinyFamilies().map(({ files, name }) => readBase(files, name));
const tokens = Array.from({ length: 33 }, (_, i) => 1 + ((i * 37) % 250));

/** Root mean square of the difference over that of the first. */
function distance(a: Float32Array, b: Float32Array): number {
	const square = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0);
	return Math.sqrt(square(a.map((v, i) => v - b[i]!)) / square(a));
}

describe("int8 base", () => {
	for (const [name, own] of [
		["base", undefined],
		["base with adapter", adapter],
	] as const) {
		test(`default, ${name}: token by token = full forward pass, bit for bit`, () => {
			const session = int8.open(tokens.length, own);
			session.feed(tokens.slice(0, 9));
			for (let i = 9; i < tokens.length; i++)
				expect(session.feed([tokens[i]!])).toEqual(int8.nextLogits(tokens.slice(0, i + 1), own));
			session.close();
		});
	}

	test("default: a slot beside others has the bits of its sequence alone", () => {
		const batch = int8.openBatch(3, 24, config);
		batch.reset(1, adapter.weights);
		batch.feed([[5, 6, 7], tokens.slice(0, 8), undefined]);
		const [first, second, third] = batch.feed([[8], [tokens[8]!], [9, 10]]);
		expect(first).toEqual(int8.nextLogits([5, 6, 7, 8]));
		expect(second).toEqual(int8.nextLogits(tokens.slice(0, 9), adapter));
		expect(third).toEqual(int8.nextLogits([9, 10]));
		batch.close();
	});

	test("default: logits near those of f32, in every family", () => {
		expect(distance(f32.nextLogits(tokens), int8.nextLogits(tokens))).toBeLessThan(0.05);
		expect(distance(f32.nextLogits(tokens), int8.nextLogits(tokens))).toBeGreaterThan(0);
		for (const other of families) {
			const [a, b] = [createEngine(other), createEngine(other, createMachine(), { weights: "int8" })];
			const own = tokens.map((t) => t % other.config.vocabSize);
			expect(distance(a.nextLogits(own), b.nextLogits(own)), other.name).toBeLessThan(0.05);
		}
	});

	test("behavior: the same weights give the same logits on any number of threads", async () => {
		const machine = createMachine({ threads: 2 });
		while (!machine.ready()) await new Promise((resolve) => setTimeout(resolve, 5));
		const other = createEngine(base, machine, { weights: "int8" });
		expect(other.nextLogits(tokens, adapter)).toEqual(int8.nextLogits(tokens, adapter));
		machine.close();
	});
});

describe("packed f32 base", () => {
	test("default: the bits of the matrices as they came, in every family", () => {
		for (const other of [base, ...families]) {
			const engine = createEngine(other);
			const machine = createMachine();
			const plain = createSessionMaker(other, machine, residentBase(machine, other)).open(40);
			const own = tokens.map((t) => t % other.config.vocabSize);
			expect(engine.nextLogits(own), other.name).toEqual(plain.feed(own));
			expect(engine.nextLogits([...own, 3]), other.name).toEqual(plain.feed([3]));
		}
	});

	test("behavior: a base too large for its machine is refused at once, with nothing taken", () => {
		const machine = createMachine({ maxBytes: 2 ** 24 });
		const used = machine.bytesInUse();
		const huge = { ...base, config: { ...base.config, vocabSize: 2 ** 20 } };
		expect(() => createEngine(huge, machine)).toThrow(`the weights of ${base.name} wants`);
		expect(machine.bytesInUse()).toBe(used);
		for (const form of ["plain", "packed", "int8"] as const) {
			const large = createMachine();
			const before = large.bytesInUse();
			residentWeights(large, base.config, base.parameters, form);
			const taken = large.bytesInUse() - before;
			expect(Math.abs(taken / weightBytes(base.config, form) - 1)).toBeLessThan(0.02);
		}
	});

	test("behavior: an engine that only generates holds one copy of its weights", () => {
		const engine = createEngine(base);
		engine.open(8).close();
		const once = engine.machine.bytesInUse();
		expect(Object.keys(engine.resident)).not.toHaveLength(0);
		expect(engine.machine.bytesInUse()).toBeGreaterThan(1.5 * once);
	});
});
