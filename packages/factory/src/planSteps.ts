// Which rows make which step: a pure function of the rows' lengths and the recipe.

import { epochBatches, type TokenRow } from "@openledger/llm";
import type { Recipe } from "./recipe.js";

export interface StepPlan {
	/** Rows that are learnt from. */
	readonly usable: readonly number[];
	readonly perEpoch: number;
	readonly total: number;
	/** The batches of one step, counted from 0: indices of rows. */
	batches(step: number): readonly (readonly number[])[];
	/** The step of the first epoch whose largest batch is the largest: what fits it fits the run, but for a few tokens. */
	largest(): number;
}

/** A step is `accumulate` batches of an epoch, in their order; the last step of an epoch may have fewer. */
export function planSteps(learnt: readonly (TokenRow | undefined)[], recipe: Recipe): StepPlan {
	const { batchSize, accumulate, epochs, seed } = recipe;
	const usable = learnt.flatMap((row, i) => (row === undefined ? [] : [i]));
	const lengths = usable.map((i) => learnt[i]!.tokens.length);
	const perEpoch = Math.ceil(Math.ceil(usable.length / batchSize) / accumulate);
	let ofEpoch = -1;
	let batches: number[][] = [];
	return {
		usable,
		perEpoch,
		total: perEpoch * epochs,
		batches(step) {
			const epoch = Math.floor(step / perEpoch);
			if (epoch !== ofEpoch) batches = epochBatches(lengths, batchSize, seed, epoch);
			ofEpoch = epoch;
			const first = (step % perEpoch) * accumulate;
			return batches.slice(first, first + accumulate).map((ids) => ids.map((i) => usable[i]!));
		},
		largest() {
			let [most, at] = [0, 0];
			for (let step = 0; step < perEpoch; step++) {
				for (const ids of this.batches(step)) {
					const own = ids.map((i) => learnt[i]!.tokens.length);
					const size = recipe.packing ? own.reduce((a, b) => a + b, 0) : own.length * Math.max(...own);
					if (size > most) [most, at] = [size, step];
				}
			}
			return at;
		},
	};
}
