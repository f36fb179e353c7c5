// When a run looks at the rows held out, and what follows from what it finds: pure functions, so that whoever reads a run can draw the same
// conclusions from its committed losses.

import { checkpointSteps, type Recipe } from "./recipe.js";

/** A loss on the rows held out after a step. */
export interface Validation {
	readonly step: number;
	readonly loss: number;
}

/** Whether the run looks after `step` (from 1) of `planned`. It always does at its end. */
export function isValidated(recipe: Recipe, step: number, planned: number): boolean {
	if (recipe.validation === 0) return false;
	const every = recipe.validateEvery === 0 ? planned / recipe.epochs : recipe.validateEvery;
	return step % every === 0 || step === planned;
}

export interface Verdict {
	/** Step of the best loss, the earliest of equals. */
	readonly best: number;
	/** Step at which patience ran out. */
	readonly stopAt?: number;
}

/** What the losses so far come to; undefined before the first. A loss is better that is more than `minDelta` below the best so far. */
export function verdict(recipe: Recipe, validations: readonly Validation[]): Verdict | undefined {
	let best: Validation | undefined;
	let waited = 0;
	for (const one of validations) {
		if (best === undefined || one.loss < best.loss - recipe.minDelta) {
			best = one;
			waited = 0;
		} else if (++waited === recipe.patience) return { best: best.step, stopAt: one.step };
	}
	return best && { best: best.step };
}

/** Steps whose states a run keeps that gives the state of step `kept`: the planned ones until then, and that one, at which features are taken. */
export function keptCheckpoints(recipe: Recipe, planned: number, kept: number): number[] {
	return [...checkpointSteps(recipe, planned).filter((step) => step < kept), kept];
}

/** exp(loss): among how many tokens the model hesitates. For people; it is never hashed. */
export function perplexity(loss: number): number {
	return Math.exp(loss);
}
