// A recorded run as plain data: what each step met, with which weights and rate. It must not know where the record lies.

import type { AdamWSettings, AdapterConfig, Batch, Engine } from "@openledger/llm";

export interface RecordedBatch {
	readonly batch: Batch;
	/** f32 [rows·length]: each counted target's share of the step's mean. */
	readonly weights: Float32Array;
	/** The row id of each row of the rectangle. */
	readonly rows: readonly number[];
}

export interface RecordedStep {
	readonly learningRate: number;
	/** Their gradients make one update together. */
	readonly batches: readonly RecordedBatch[];
}

/**
 * Everything the adapter's bits depend on. Each row i has a data weight wᵢ that multiplies its term of the loss: 1 in the run as it was, 0
 * where the row is left out. Order and denominators stay those of the run, so leaving out a row changes that row's term and nothing else
 * (the single-model counterfactual of MAGIC, arXiv 2504.16430, section 2).
 */
export interface RecordedTraining {
	readonly engine: Engine;
	readonly adapter: AdapterConfig;
	readonly settings: AdamWSettings;
	/** Adapter parameters before the first step, by graph input name. */
	readonly initial: ReadonlyMap<string, Float32Array>;
	/** How many row ids there are; ids that no step met have no influence. */
	readonly rows: number;
	/** Steps. */
	readonly total: number;
	step(index: number): RecordedStep;
}
