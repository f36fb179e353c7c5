// Everything that ember's bits depend on, besides the corpus and the engine.

import type { AdamWSettings, LlamaConfig, Schedule } from "@openledger/llm";

export const EMBER_CONFIG: LlamaConfig = {
	hiddenSize: 192,
	intermediateSize: 512,
	layers: 4,
	heads: 4,
	kvHeads: 4,
	headDim: 48,
	vocabSize: 1024,
	maxPositions: 256,
	ropeTheta: 10000,
	rmsNormEps: 1e-5,
	tiedEmbeddings: true,
};

export const EMBER_RUN = {
	seed: 2026,
	rows: 96_000,
	/** Longer rows are left out. */
	maxTokens: 96,
	batchSize: 64,
	/** Standard deviation of fresh weights; those that write to the residual stream are divided by √(2·layers). */
	deviation: 0.02,
} as const;

export const EMBER_SCHEDULE: Schedule = { peak: 3e-3, warmup: 0.04, floor: 0.05 };

export const EMBER_ADAMW: AdamWSettings = {
	beta1: 0.9,
	beta2: 0.98,
	epsilon: 1e-8,
	epsilonRoot: 1e-12,
	weightDecay: 0.05,
	clip: 1,
};
