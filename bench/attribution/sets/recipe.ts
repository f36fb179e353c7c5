// The smooth recipe of the language-model sets: the anchors' settings (field notes: batch 256 of GPT-2 scaled down), with a rank-8 adapter.

import { LINEARS } from "@openledger/llm";
import type { SetRecipe } from "./set.js";

export const smoothRecipe: SetRecipe = {
	rank: 8,
	alpha: 16,
	targets: LINEARS,
	epochs: 4,
	batchSize: 32,
	learningRate: 2e-3,
	warmup: 0.25,
	floor: 0.1,
	beta1: 0.95,
	beta2: 0.975,
	epsilon: 1e-8,
	epsilonRoot: 1e-8,
	weightDecay: 0.01,
	clip: 1,
	seed: 1,
};

/** Learns short facts, and stays smooth: larger batches, a longer warm-up and ε inside the root where the default recipe has none to speak of. */
export const smoothFactsRecipe: SetRecipe = {
	...smoothRecipe,
	rank: 16,
	alpha: 32,
	epochs: 16,
	batchSize: 32,
	learningRate: 2e-3,
	beta1: 0.9,
	beta2: 0.95,
	weightDecay: 0,
};
