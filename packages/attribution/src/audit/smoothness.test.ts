// The judgement against what it is for: where it says smooth, the derivative foretells a run without the rows; where it says rough, it does not.

import { describe, expect, test } from "vitest";
import { magic } from "./magic.js";
import { type TinyRunOptions, tinyQueries, tinyRun } from "./magicTesting.js";
import { createReplayTrainer, meanLosses, retrain } from "./retrain.js";
import { judgeSmoothness } from "./smoothness.js";
import { smoothnessSigns } from "./smoothnessSigns.js";

const smooth: TinyRunOptions = { epsilonRoot: 1e-2 };
const rough: TinyRunOptions = { learningRate: 5e-2, epochs: 4, batchSize: 2, epsilonRoot: 1e-12 };

/** ‖foretold − true‖/‖true‖ over all single rows and queries. */
async function error(options: TinyRunOptions): Promise<number> {
	const training = tinyRun(options);
	const { influences, losses } = await magic(training, tinyQueries);
	const trainer = createReplayTrainer(training);
	let [missed, all] = [0, 0];
	for (let row = 0; row < training.rows; row++) {
		meanLosses(training, retrain(training, new Set([row]), { trainer }), tinyQueries, trainer).forEach((loss, q) => {
			const truth = loss - losses[q]!;
			missed += (influences[q]![row]! - truth) ** 2;
			all += truth ** 2;
		});
	}
	return Math.sqrt(missed / all);
}

describe("judgeSmoothness", () => {
	test("default: a smooth run, whose derivative foretells leaving a row out", async () => {
		const judged = await judgeSmoothness(tinyRun(smooth));
		expect(judged.smooth).toBe(true);
		expect(judged.why).toMatch(/^smooth: .* cosine 0\.9/);
		expect(judged.figures.agreement).toBeGreaterThan(0.95);
		expect(judged.figures).toMatchObject({ rows: 1, trainings: 3 });
		expect(await error(smooth)).toBeLessThan(0.4);
	});

	test("default: a rough run, whose derivative foretells nothing", async () => {
		const judged = await judgeSmoothness(tinyRun(rough));
		expect(judged.smooth).toBe(false);
		expect(judged.why).toMatch(/^rough: .*wants/);
		expect(await error(rough)).toBeGreaterThan(1);
	});

	test("behavior: a state that is known already saves a training and changes no figure", async () => {
		const training = tinyRun(smooth);
		const told: [number, number][] = [];
		const onStep = (done: number, total: number) => told.push([done, total]);
		const whole = await judgeSmoothness(training, { seed: 3 });
		const shorter = await judgeSmoothness(training, { seed: 3, final: retrain(training, new Set()), onStep });
		expect(shorter).toEqual({ ...whole, figures: { ...whole.figures, trainings: 2 } });
		expect(told).toEqual(Array.from({ length: 8 }, (_, i) => [i + 1, 8]));
	});

	test("behavior: given rows are tried; rows that no step met move nothing and are not called smooth", async () => {
		const training = tinyRun({ ...smooth, unmet: 2 });
		expect((await judgeSmoothness(training, { rows: new Set([1, 4]) })).figures.rows).toBe(2);
		expect((await judgeSmoothness(training, { rows: new Set([9]) })).smooth).toBe(false);
		await expect(judgeSmoothness(training, { rows: new Set() })).rejects.toThrow(/no row is given/);
	});

	test("behavior: it stops when it is told to", async () => {
		const signal = AbortSignal.abort(new Error("enough"));
		await expect(judgeSmoothness(tinyRun(smooth), { signal })).rejects.toThrow("enough");
	});
});

describe("smoothnessSigns", () => {
	test("default: what a recipe says by itself, with what was found and what smooth runs had", () => {
		expect(smoothnessSigns(tinyRun(rough))).toEqual([
			{ sign: "epsilonRoot", found: 1e-12, wanted: 1e-8 },
			{ sign: "warmup", found: 0, wanted: 0.2 },
			{ sign: "learningRate", found: 5e-2, wanted: 2e-3 },
			{ sign: "batch", found: 2, wanted: 16 },
		]);
		expect(smoothnessSigns(tinyRun({ ...smooth, learningRate: 1e-3 })).map(({ sign }) => sign)).toEqual([
			"warmup",
			"batch",
		]);
	});
});
