// `retrain` for a process that has more to do: the same steps and the same bits, with a turn of the event loop after each.

import { setImmediate as nextTurn } from "node:timers/promises";
import { type RecordedTraining, weighRows } from "@openledger/attribution";
import { batchFeeds, type Trainer, type TrainerState } from "@openledger/llm";

export interface RetrainInTurnsOptions {
	/** From `createReplayTrainer`; it is reset first and stays open, so its programs are compiled once for many trainings. */
	readonly trainer: Trainer;
	readonly onStep?: (done: number, total: number) => void;
	readonly signal?: AbortSignal;
}

/** Trains the recorded run again without some rows. Throws the signal's reason when it is aborted. */
export async function retrainInTurns(
	training: RecordedTraining,
	without: ReadonlySet<number>,
	{ trainer, onStep, signal }: RetrainInTurnsOptions,
): Promise<TrainerState> {
	const { engine, total } = training;
	trainer.reset();
	for (let index = 0; index < total; index++) {
		signal?.throwIfAborted();
		const { batches, learningRate } = training.step(index);
		const micro = batches.map((recorded) => {
			const weights = weighRows(recorded, (row) => (without.has(row) ? 0 : 1));
			const feeds = { ...engine.resident, ...batchFeeds(engine.base.config, recorded.batch, weights) };
			return { shape: recorded.batch.shape, feeds };
		});
		trainer.stepOver(micro, learningRate);
		onStep?.(index + 1, total);
		await nextTurn();
	}
	return trainer.state();
}
