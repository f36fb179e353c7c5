// Batch invariance of decoding: a slot's logits are those of its sequence alone, whatever the other slots hold, and those of the full pass.

import { describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { type AdapterWeights, initialAdapter } from "../lora/adapterConfig.js";
import { readAdapter, writeAdapterModel } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { tinyAdapter } from "../selftest/tinyAdapter.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { createEngine } from "./engine.js";
import { createSessionMaker } from "./session.js";

const base = tinyBase();
const engine = createEngine(base);
const maker = createSessionMaker(base, engine.machine, engine.resident);
const { config } = tinyAdapter(base);
const sequence = (seed: number, count: number) =>
	Array.from({ length: count }, (_, i) => 1 + ((i * 37 + 11 * seed) % 250));

function adapter(seed: number) {
	const weights: AdapterWeights = new Map(
		[...initialAdapter(base.config, config, seed)].map(([path, { A, B }]) => [
			path,
			{ A, B: B.map((_, i) => Math.sin(i + seed) / 20) },
		]),
	);
	const file = writeAdapterModel(base.config, config, weights);
	return readAdapter(base.config, writeAdapterConfig(config, "tiny"), file);
}

describe("batch", () => {
	test("default: each slot has the bits of its sequence alone and of the full pass, at any lengths", () => {
		const sequences = [sequence(0, 30), sequence(1, 21), sequence(2, 9), sequence(3, 26), sequence(4, 3)];
		const batch = maker.openBatch(5, 40);
		const fed = sequences.map(() => 0);
		// Prompts of different lengths at once, some slots later than others, then a token each until they end.
		const pieces = [
			[7, 0, 2, 20, 0],
			[1, 13, 1, 1, 0],
			[1, 1, 1, 0, 3],
			...Array.from({ length: 21 }, () => [1, 1, 1, 1, 1]),
		];
		for (const piece of pieces) {
			const taken = piece.map((count, slot) => sequences[slot]!.slice(fed[slot], fed[slot]! + count));
			const logits = batch.feed(taken);
			taken.forEach((tokens, slot) => {
				fed[slot] = fed[slot]! + tokens.length;
				expect(batch.length(slot)).toBe(fed[slot]);
				if (tokens.length === 0) expect(logits[slot]).toBeUndefined();
				else expect(logits[slot]).toEqual(engine.nextLogits(sequences[slot]!.slice(0, fed[slot])));
			});
		}
		const session = maker.open(40);
		expect(session.feed(sequences[0]!)).toEqual(engine.nextLogits(sequences[0]!));
		session.close();
		batch.close();
	});

	test("default: beside other adapters and none, each slot has the bits of its own", () => {
		const adapters = [adapter(1), undefined, adapter(2), adapter(3)];
		const batch = maker.openBatch(4, 24, config);
		adapters.forEach((own, slot) => {
			batch.reset(slot, own?.weights);
		});
		const sequences = adapters.map((_, slot) => sequence(slot, 12));
		batch.feed(sequences.map((s, slot) => s.slice(0, 3 + slot)));
		for (let t = 0; t < 6; t++) {
			const logits = batch.feed(sequences.map((s, slot) => [s[3 + slot + t]!]));
			adapters.forEach((own, slot) => {
				expect(logits[slot]).toEqual(engine.nextLogits(sequences[slot]!.slice(0, 4 + slot + t), own));
			});
		}
		batch.close();
	});

	test("behavior: a slot reset for another sequence and adapter remembers nothing; the others go on", () => {
		const used = engine.machine.bytesInUse();
		const batch = maker.openBatch(2, 24, config);
		batch.reset(0, adapter(1).weights);
		batch.feed([sequence(0, 9), sequence(1, 5)]);
		batch.reset(0, adapter(2).weights);
		expect(batch.length(0)).toBe(0);
		const [first, second] = batch.feed([sequence(2, 4), [7]]);
		expect(first).toEqual(engine.nextLogits(sequence(2, 4), adapter(2)));
		expect(second).toEqual(engine.nextLogits([...sequence(1, 5), 7]));
		batch.reset(0);
		expect(batch.feed([sequence(3, 4)])).toEqual([engine.nextLogits(sequence(3, 4)), undefined]);
		batch.close();
		expect(engine.machine.bytesInUse() - used).toBeLessThan(64 * 1024 ** 2);
	});

	test("behavior: one slot past its capacity refuses the whole feed; wrong adapters are named", () => {
		const batch = maker.openBatch(2, 4);
		batch.feed([[1, 2, 3], [4]]);
		expect(() => batch.feed([[5, 6], [7]])).toThrow(ModelError);
		expect([batch.length(0), batch.length(1)]).toEqual([3, 1]);
		expect(batch.feed([[5], [7]])[1]).toEqual(engine.nextLogits([4, 7]));
		expect(() => batch.reset(0, adapter(1).weights)).toThrow("opened without adapters");
		batch.close();
	});

	test("behavior: an id that the model has not is refused, and nothing is taken", () => {
		const { vocabSize } = base.config;
		const batch = maker.openBatch(2, 4);
		for (const id of [vocabSize, -1, 1.5, Number.NaN, 2 ** 32]) {
			expect(() => batch.feed([[1], [2, id]])).toThrow(
				expect.objectContaining({ code: "request-malformed", message: expect.stringContaining("tokens[1]") }),
			);
			expect(() => engine.nextLogits([id])).toThrow(`from 0 to ${vocabSize - 1}; got ${id}`);
		}
		expect([batch.length(0), batch.length(1)]).toEqual([0, 0]);
		batch.close();
	});
});
