// Stopped anywhere and taken up again: the bits of an audit that was never stopped. What was kept and is not whole, or not of this audit, is refused.

import { describe, expect, test } from "vitest";
import { magic } from "./magic.js";
import { type MagicStore, memoryStore } from "./magicStore.js";
import { tinyQueries, tinyRun } from "./magicTesting.js";

const training = tinyRun({ epochs: 4 });

/** Dies at its n-th write, with nothing written. */
function dyingStore(inner: MagicStore, writes: number): MagicStore {
	let left = writes;
	return {
		read: (name) => inner.read(name),
		write: (name, bytes) => {
			if (left-- === 0) throw new Error("killed");
			return inner.write(name, bytes);
		},
	};
}

describe("magic, resumed", () => {
	// A segment takes two writes, so lives of fewer would never end.
	test("default: killed every few writes, it ends with the same bits", async () => {
		const expected = await magic(training, tinyQueries);
		const store = memoryStore();
		let deaths = 0;
		for (;;) {
			try {
				expect(await magic(training, tinyQueries, { store: dyingStore(store, 2 + (deaths % 2)) })).toEqual(expected);
				break;
			} catch (error) {
				if (!(error instanceof Error) || error.message !== "killed") throw error;
				deaths++;
			}
		}
		expect(deaths).toBeGreaterThanOrEqual(3);
		const steps: string[] = [];
		const again = await magic(training, tinyQueries, { store, onProgress: ({ phase }) => steps.push(phase) });
		expect(again).toEqual(expected);
		expect(steps).toEqual([]);
	});

	test("behavior: stopped by its signal in the middle of a segment, it goes on from the segment's end", async () => {
		const expected = await magic(training, tinyQueries);
		const store = memoryStore();
		for (const at of [2, 5, 10, 13]) {
			const stop = new AbortController();
			const onProgress = ({ done }: { done: number }) => {
				if (done === at) stop.abort();
			};
			await expect(magic(training, tinyQueries, { store, signal: stop.signal, onProgress })).rejects.toThrow();
		}
		expect(await magic(training, tinyQueries, { store })).toEqual(expected);
	});

	test("behavior: another audit's store, or a damaged one, is refused", async () => {
		const store = memoryStore();
		await magic(training, tinyQueries, { store });
		const refusal = { name: "MagicError", code: "attribution/audit-damaged" };
		await expect(magic(training, tinyQueries.slice(1), { store })).rejects.toMatchObject(refusal);
		await expect(magic(tinyRun({ epochs: 4, clip: 2 }), tinyQueries, { store })).rejects.toMatchObject(refusal);
		const bytes = Uint8Array.from((await store.read("backward"))!);
		bytes[bytes.length - 5]! ^= 1;
		await store.write("backward", bytes);
		await expect(magic(training, tinyQueries, { store })).rejects.toMatchObject(refusal);
	});

	test("behavior: a run that does not repeat is found before anything is said about its rows", async () => {
		let asked = 0;
		const turning = {
			...training,
			step: (index: number) => {
				const step = training.step(index);
				return index === 4 && ++asked > 2 ? { ...step, learningRate: step.learningRate * 1.001 } : step;
			},
		};
		const expected = { name: "ReplayError", code: "attribution/replay-differs", details: { step: 6 } };
		await expect(magic(turning, tinyQueries)).rejects.toMatchObject(expected);
	});
});
