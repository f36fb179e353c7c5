// What one step of a run meets: its batches, their weights and its learning rate, the same for whoever takes the step and whoever takes it
// again. It must not know whether anything is kept.

import {
	type Batch,
	batchFeeds,
	type Engine,
	learningRateAt,
	type MicroBatch,
	makeBatch,
	packBatch,
	stepWeights,
	type TokenRow,
} from "@openledger/llm";
import type { StepPlan } from "./planSteps.js";
import type { Recipe } from "./recipe.js";

export interface StepBatches {
	/** The rows of a step (counted from 0) side by side, or end to end where the recipe packs. */
	laid(step: number): Batch[];
	/** The same as the machine takes them. */
	micro(step: number): MicroBatch[];
	/** As f32. */
	learningRate(step: number): number;
}

export function stepBatches(
	engine: Engine,
	recipe: Recipe,
	plan: Pick<StepPlan, "batches" | "total">,
	learnt: readonly (TokenRow | undefined)[],
): StepBatches {
	const lay = recipe.packing ? packBatch : makeBatch;
	const schedule = { ...recipe, kind: recipe.schedule, peak: recipe.learningRate };
	const laid = (step: number) =>
		plan.batches(step).map((ids) =>
			lay(
				ids.map((i) => learnt[i]!),
				engine.base.padding,
			),
		);
	return {
		laid,
		micro(step) {
			const batches = laid(step);
			const weights = stepWeights(batches);
			return batches.map((batch, i) => ({
				shape: batch.shape,
				feeds: { ...engine.resident, ...batchFeeds(engine.base.config, batch, weights[i]!) },
			}));
		},
		learningRate: (step) => Math.fround(learningRateAt(schedule, step, plan.total)),
	};
}
