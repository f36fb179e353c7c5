// The derivative through the whole run against central differences of runs that were trained again with other weights, which share no code with
// it but the trainer.

import type { TokenRow, Trainer } from "@openledger/llm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MagicProgress, magic } from "./magic.js";
import type { MagicErrorCode } from "./magicErrors.js";
import { type TinyRunOptions, tinyQueries, tinyRun } from "./magicTesting.js";
import type { RecordedTraining } from "./recordedTraining.js";
import { createReplayTrainer, meanLosses, retrain } from "./retrain.js";

/**
 * f32 losses of about 5 carry roundings of some 1e-6, so a quotient over 2h = 0.01 is good to about 1e-4. What a central difference leaves out
 * is of h²; differences at h and 2h cancel that (Richardson). The largest influences are about 0.1, the tolerance is 1 in 200 of them.
 */
const H = 0.005;

/** −∂ mean loss/∂ (weights along a direction), by four trainings. */
function slope(training: RecordedTraining, trainer: Trainer, along: (row: number) => number): number[] {
	const at = (h: number) =>
		meanLosses(
			training,
			retrain(training, (row) => 1 + h * along(row), { trainer }),
			tinyQueries,
			trainer,
		);
	const central = (h: number) => {
		const [up, down] = [at(h), at(-h)];
		return up.map((loss, q) => -(loss - down[q]!) / (2 * h));
	};
	const [near, far] = [central(H), central(2 * H)];
	return near.map((value, q) => (4 * value - far[q]!) / 3);
}

const recipes: Record<string, TinyRunOptions> = {
	"no clipping": {},
	"every step clipped": { clip: 0.05 },
	"weight decay": { weightDecay: 0.3 },
	"steps of two batches": { accumulate: 2 },
	"steps of two batches, clipped, decayed": { accumulate: 2, clip: 0.05, weightDecay: 0.1 },
	"smaller steps, more of them": { batchSize: 2, learningRate: 2e-3, epsilonRoot: 1e-8 },
};

describe("magic", () => {
	for (const [name, options] of Object.entries(recipes)) {
		test(`default: = central differences of retraining, row by row; ${name}`, async () => {
			const training = tinyRun(options);
			const { influences, losses } = await magic(training, tinyQueries);
			const all = meanLosses(training, retrain(training, new Set()), tinyQueries);
			losses.forEach((loss, q) => {
				expect(loss).toBeCloseTo(all[q]!, 5);
			});
			const scale = Math.max(...influences.flatMap((of) => [...of].map(Math.abs)));
			expect(scale).toBeGreaterThan(1e-3);
			const trainer = createReplayTrainer(training);
			for (let row = 0; row < training.rows; row++) {
				slope(training, trainer, (other) => (other === row ? 1 : 0)).forEach((expected, q) => {
					expect(Math.abs(influences[q]![row]! - expected)).toBeLessThan(0.005 * scale);
				});
			}
		});
	}

	test("default: along any direction of weights the influences sum to the derivative; the common scale is one", async () => {
		const training = tinyRun({ clip: 0.5 });
		const trainer = createReplayTrainer(training);
		const { influences } = await magic(training, tinyQueries);
		const scale = Math.max(...influences.flatMap((of) => [...of].map(Math.abs)));
		const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
		const holds = (along: readonly number[]) => {
			slope(training, trainer, (row) => along[row]!).forEach((expected, q) => {
				const sum = along.reduce((total, a, row) => total + a * influences[q]![row]!, 0);
				expect(Math.abs(sum - expected)).toBeLessThan(0.02 * scale);
			});
		};
		holds(new Array(8).fill(1));
		fc.assert(fc.property(weights, holds), { numRuns: 6, seed: 4 });
	});

	test("behavior: where every step is clipped, a common scale of all weights changes nothing", async () => {
		const { influences } = await magic(tinyRun({ clip: 0.05 }), tinyQueries);
		for (const of of influences) {
			const sum = of.reduce((a, b) => a + b, 0);
			expect(Math.abs(sum)).toBeLessThan(1e-4 * of.reduce((a, b) => a + Math.abs(b), 0));
		}
	});

	test("behavior: rows that lie end to end have the influence that they have side by side, within rounding", async () => {
		const [beside, packed] = await Promise.all(
			[false, true].map((packing) => magic(tinyRun({ packing, accumulate: 2 }), tinyQueries)),
		);
		const scale = Math.max(...beside!.influences.flatMap((of) => [...of].map(Math.abs)));
		packed!.influences.forEach((of, q) => {
			of.forEach((x, row) => {
				expect(Math.abs(x - beside!.influences[q]![row]!)).toBeLessThan(1e-3 * scale);
			});
		});
		expect(packed!.final).toEqual(beside!.final);
	});

	test("behavior: rows that no step met have exactly no influence", async () => {
		const { influences } = await magic(tinyRun({ unmet: 3 }), tinyQueries);
		for (const of of influences) {
			expect([...of.subarray(8)]).toEqual([0, 0, 0]);
			expect(of.subarray(0, 8).every((x) => x !== 0)).toBe(true);
		}
	});

	test("behavior: neither how states are spaced nor how many queries go together changes a bit", async () => {
		const training = tinyRun({ epochs: 3, accumulate: 2 });
		const expected = await magic(training, tinyQueries);
		for (const options of [
			{ spacing: 1 },
			{ spacing: 4 },
			{ spacing: 100 },
			{ queriesAtOnce: 1 },
			{ queriesAtOnce: 2 },
		])
			expect(await magic(training, tinyQueries, options)).toEqual(expected);
		const alone = await magic(training, tinyQueries.slice(1, 2));
		expect(alone.influences[0]).toEqual(expected.influences[1]);
	});

	test("behavior: the replay ends with the bits of the run", async () => {
		for (const accumulate of [1, 2]) {
			const training = tinyRun({ accumulate, clip: 0.5, weightDecay: 0.1 });
			const { final } = await magic(training, tinyQueries.slice(0, 1));
			expect(final).toEqual(retrain(training, new Set()));
		}
	});

	test("behavior: progress counts every step once in each direction and says what is left", async () => {
		const told: MagicProgress[] = [];
		await magic(tinyRun(), tinyQueries, { onProgress: (progress) => told.push(progress) });
		expect(told.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		expect(told.map(({ phase }) => phase).lastIndexOf("forward")).toBe(3);
		expect(told.every(({ total }) => total === 8)).toBe(true);
		expect(told[0]!.secondsLeft).toBeUndefined();
		expect(told.at(-1)!.secondsLeft).toBe(0);
	});

	test("behavior: what cannot be answered is refused before any work", async () => {
		const onProgress = () => expect.unreachable();
		const refuse = (training: RecordedTraining, queries: readonly TokenRow[], code: MagicErrorCode) =>
			expect(magic(training, queries, { onProgress })).rejects.toMatchObject({ name: "MagicError", code });
		await refuse(tinyRun(), [], "attribution/no-queries");
		await refuse(tinyRun(), [{ tokens: [1, 2], from: 2 }], "attribution/no-queries");
		await refuse(tinyRun(), [{ tokens: [1], from: 0 }], "attribution/no-queries");
		await refuse(tinyRun(), [{ tokens: new Array(66).fill(5), from: 1 }], "attribution/no-queries");
		await refuse(tinyRun({ epsilonRoot: 0 }), tinyQueries, "attribution/run-without-derivative");
	});

	test("behavior: it gives back the machine's memory, also where it is stopped", async () => {
		const training = tinyRun();
		await magic(training, tinyQueries);
		const before = training.engine.machine.bytesInUse();
		await magic(training, tinyQueries);
		const stopped = magic(training, tinyQueries, { signal: AbortSignal.abort(new Error("enough")) });
		await expect(stopped).rejects.toThrow("enough");
		expect(training.engine.machine.bytesInUse()).toBe(before);
	});
});
