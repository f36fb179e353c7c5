// The estimate's bytes against what the machine and a store really took; its seconds only by how they grow.

import { describe, expect, test } from "vitest";
import { magic } from "./magic.js";
import { estimateMagic } from "./magicEstimate.js";
import { memoryStore } from "./magicStore.js";
import { tinyQueries, tinyRun } from "./magicTesting.js";

describe("estimateMagic", () => {
	test("default: the machine's bytes are those that the audit takes, within a tenth", async () => {
		const expected = estimateMagic(tinyRun({ epochs: 4 }), tinyQueries.length).machineBytes;
		const { engine, ...rest } = tinyRun({ epochs: 4 });
		void engine.resident;
		const before = engine.machine.bytesInUse();
		await magic({ engine, ...rest }, tinyQueries);
		const taken = engine.machine.peakBytes() - before;
		expect(expected / taken).toBeGreaterThan(0.9);
		expect(expected / taken).toBeLessThan(1.1);
	});

	test("behavior: what is kept grows with the root of the steps, and is what the store holds", async () => {
		const training = tinyRun({ epochs: 8, batchSize: 4 });
		const inner = memoryStore();
		let bytes = 0;
		const write: typeof inner.write = (name, value) => {
			if (name.startsWith("state-")) bytes += value.length;
			return inner.write(name, value);
		};
		await magic(training, tinyQueries.slice(0, 1), { store: { read: inner.read, write } });
		const numbers = [...training.initial.values()].reduce((sum, { length }) => sum + length, 0);
		const segment = 4 * 16 * numbers;
		const kept = estimateMagic(training, 1).keptBytes;
		expect(Math.abs(kept - segment - bytes)).toBeLessThan(0.02 * kept);
		const fourTimes = estimateMagic(tinyRun({ epochs: 32, batchSize: 4 }), 1).keptBytes;
		expect(fourTimes).toBe(2 * kept);
	});

	test("behavior: an audit takes more than two runs' time, and more for more queries", () => {
		const [one, many] = [1, 40].map((queries) => estimateMagic(tinyRun({ epochs: 32 }), queries, { queriesAtOnce: 1 }));
		expect(one!.seconds).toBeGreaterThan(2 * one!.secondsOfRun);
		expect(many!.seconds).toBeGreaterThan(2 * one!.seconds);
		expect(many!.machineBytes).toBeGreaterThan(one!.machineBytes);
		expect(() => estimateMagic(tinyRun({ epsilonRoot: 0 }), 1)).toThrow(/no derivative/);
	});

	test("behavior: it leaves nothing in the machine but what every program shares", () => {
		const training = tinyRun();
		estimateMagic(training, 3);
		const before = training.engine.machine.bytesInUse();
		estimateMagic(training, 3);
		expect(training.engine.machine.bytesInUse()).toBe(before);
	});
});
