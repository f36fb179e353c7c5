// The exact truth: the recorded run once more, with some rows left out, or weighted otherwise.

import {
	adapterLoss,
	adapterParameterShapes,
	batchFeeds,
	createEvaluator,
	createTrainer,
	type TokenRow,
	type Trainer,
	type TrainerState,
} from "@openledger/llm";
import type { RecordedBatch, RecordedTraining } from "./recordedTraining.js";

export interface RetrainOptions {
	/** After each step. */
	readonly onStep?: (done: number, total: number) => void;
	readonly signal?: AbortSignal;
	/** Stops after so many steps; default all. */
	readonly until?: number;
	/** A trainer to use again, from `createReplayTrainer`; it is reset first and stays open. */
	readonly trainer?: Trainer;
}

/** A trainer that stands at the run's beginning. */
export function createReplayTrainer({ engine, adapter, settings, initial }: RecordedTraining): Trainer {
	return createTrainer({
		machine: engine.machine,
		shapes: adapterParameterShapes(engine.base.config, adapter),
		initial,
		loss: adapterLoss(engine.base.config, adapter),
		settings,
	});
}

/** The batch's weights times its rows' data weights; rows lie side by side. */
export function weighRows({ batch, weights, rows }: RecordedBatch, dataWeight: (row: number) => number): Float32Array {
	if (batch.rowOf !== undefined)
		throw new RangeError(
			"rows that lie end to end (recipe.packing) cannot be weighed one by one; lay them side by side",
		);
	const { length } = batch.shape;
	const out = weights.slice();
	rows.forEach((row, b) => {
		const factor = dataWeight(row);
		if (factor === 1) return;
		for (let t = b * length; t < (b + 1) * length; t++) out[t] = Math.fround(out[t]! * factor);
	});
	return out;
}

/**
 * Trains again with the rows' data weights: a set of rows to leave out, or a weight for each row. With nothing left out the state has the
 * bits of the run. Throws the signal's reason when it is aborted.
 */
export function retrain(
	training: RecordedTraining,
	without: ReadonlySet<number> | ((row: number) => number),
	{ onStep, signal, until = training.total, trainer: given }: RetrainOptions = {},
): TrainerState {
	const dataWeight = typeof without === "function" ? without : (row: number) => (without.has(row) ? 0 : 1);
	const { engine } = training;
	const trainer = given ?? createReplayTrainer(training);
	try {
		trainer.reset();
		for (let index = 0; index < until; index++) {
			signal?.throwIfAborted();
			const { batches, learningRate } = training.step(index);
			const micro = batches.map((recorded) => ({
				shape: recorded.batch.shape,
				feeds: {
					...engine.resident,
					...batchFeeds(engine.base.config, recorded.batch, weighRows(recorded, dataWeight)),
				},
			}));
			trainer.stepOver(micro, learningRate);
			onStep?.(index + 1, training.total);
		}
		return trainer.state();
	} finally {
		if (given === undefined) trainer.close();
	}
}

/** What a state of the run loses on each query, per counted token. The trainer, if given, is left in that state. */
export function meanLosses(
	training: RecordedTraining,
	state: TrainerState,
	queries: readonly TokenRow[],
	given?: Trainer,
): number[] {
	const { engine, adapter } = training;
	const trainer = given ?? createReplayTrainer(training);
	try {
		trainer.restore(state);
		return createEvaluator({ engine, adapter, parameters: trainer.parameters, batchSize: 16 }).meanLosses(queries);
	} finally {
		if (given === undefined) trainer.close();
	}
}
