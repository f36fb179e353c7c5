// A recipe says everything that a run's bits depend on, besides base, snapshot and engine. Defaults are written out, never implied.

import { type AdapterConfig, LINEARS, type SCHEDULES } from "@openledger/llm";

export interface Recipe {
	readonly rank: number;
	readonly alpha: number;
	/** Names of linear layers or ends of their paths, or a regular expression for whole paths, as in PEFT. */
	readonly targets: readonly string[] | string;
	readonly epochs: number;
	/** Rows that meet the machine at once. */
	readonly batchSize: number;
	readonly learningRate: number;
	/** Share of steps spent warming up; then the schedule, down to `floor` × learningRate. */
	readonly warmup: number;
	readonly floor: number;
	readonly beta1: number;
	readonly beta2: number;
	readonly epsilon: number;
	readonly epsilonRoot: number;
	readonly weightDecay: number;
	readonly clip: number;
	/** Rows with more tokens are left out, and counted. */
	readonly maxLength: number;
	readonly seed: number;
	/** Steps between links of the commitment chain. */
	readonly commitEvery: number;
	/** Shares of the run after which its state is kept for whoever replays it. That of the served adapter always is: features are taken there. */
	readonly checkpoints: readonly number[];
	/** The scale is α/√r instead of α/r. */
	readonly rankStabilised: boolean;
	readonly schedule: (typeof SCHEDULES)[number];
	/** Counts instead of `warmup` where it is not null. */
	readonly warmupSteps: number | null;
	/** Batches whose gradients make one step. */
	readonly accumulate: number;
	/** The loss counts what the assistant says, else every token but a row's first. */
	readonly responsesOnly: boolean;
	/** Rows of a batch lie end to end instead of padded side by side. Changes speed and memory, no bit of the adapter. */
	readonly packing: boolean;
	/** Rows held out and never learnt from: a share below 1, or a count; 0 for none. */
	readonly validation: number;
	/** Steps between losses on those rows; 0 is once an epoch. */
	readonly validateEvery: number;
	/** Validations without a better loss after which the run ends; 0 is never. */
	readonly patience: number;
	/** By how much a loss must be below the best to be better. */
	readonly minDelta: number;
	/** The adapter is the one of the best validation, else the last. */
	readonly keepBest: boolean;
}

/**
 * Keys that came later, each with the default that says what was done before there was the key. They are left out of a recipe's digest where
 * they say just that, so a run made before them has the same digest now. These values are for ever: a new default needs a new key.
 */
export const LATER = {
	rankStabilised: false,
	schedule: "cosine",
	warmupSteps: null,
	accumulate: 1,
	responsesOnly: true,
	packing: false,
	validation: 0,
	validateEvery: 0,
	patience: 0,
	minDelta: 0,
	keepBest: false,
} as const satisfies Partial<Recipe>;

export const defaultRecipe: Recipe = {
	rank: 16,
	alpha: 32,
	targets: LINEARS,
	epochs: 14,
	batchSize: 16,
	learningRate: 4e-3,
	warmup: 0.1,
	floor: 0,
	beta1: 0.9,
	beta2: 0.95,
	epsilon: 1e-8,
	epsilonRoot: 1e-12,
	weightDecay: 0,
	clip: 1,
	maxLength: 128,
	seed: 1,
	commitEvery: 10,
	checkpoints: [1],
	...LATER,
};

/** The adapter part of a recipe. */
export function adapterConfigOf({ rank, alpha, targets, rankStabilised }: Recipe): AdapterConfig {
	const which = typeof targets === "string" ? { targets: [], targetPattern: targets } : { targets };
	return { rank, alpha, ...which, ...(rankStabilised && { rankStabilised }) };
}

/** Steps (counted from 1) after which a checkpoint is kept. */
export function checkpointSteps(recipe: Recipe, total: number): number[] {
	return [...new Set(recipe.checkpoints.map((share) => Math.max(1, Math.min(total, Math.round(share * total)))))];
}
