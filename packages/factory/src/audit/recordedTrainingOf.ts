// A finished run as a recorded training: every step's batches, weights and rate rebuilt from the recipe and the snapshot's rows.
// It must not know what is asked of the record.

import type { RecordedStep, RecordedTraining } from "@openledger/attribution";
import {
	type Engine,
	initialAdapter,
	inputNameA,
	inputNameB,
	learningRateAt,
	makeBatch,
	stepWeights,
	type TrainerState,
} from "@openledger/llm";
import { encodeRows } from "../encodeRows.js";
import { RunError } from "../errors.js";
import { stateDigest } from "../history.js";
import { holdOut, type RunRow } from "../holdOut.js";
import { planSteps } from "../planSteps.js";
import type { TrainedRun } from "../readRun.js";
import { adapterConfigOf } from "../recipe.js";

/** What of a run decides its record. */
export type RecordedRun = Pick<TrainedRun, "recipe" | "plannedSteps" | "keptStep" | "history" | "chain">;

/**
 * The record ends with the step whose adapter the run gives: steps that early stopping or `keepBest` threw away moved nothing. Rows that a
 * recipe packs end to end are laid side by side, which changes no bit and lets each have a weight of its own. Throws RunError "run-mismatch"
 * naming the first step that met other rows.
 */
export function recordedTrainingOf(engine: Engine, run: RecordedRun, rows: readonly RunRow[]): RecordedTraining {
	const { recipe, plannedSteps, keptStep } = run;
	const encoded = encodeRows(engine, rows, recipe);
	const usable = encoded.rows.flatMap((row, i) => (row === undefined ? [] : [i]));
	const held = new Set(holdOut(rows, usable, recipe));
	const learnt = encoded.rows.map((row, i) => (held.has(i) ? undefined : row));
	const plan = planSteps(learnt, recipe);
	if (plan.total !== plannedSteps) {
		throw new RunError(
			"run-mismatch",
			`the run planned ${plannedSteps} steps, these ${rows.length} rows make ${plan.total}; give the rows of the snapshot it was trained on`,
		);
	}
	for (let step = 0; step < keptStep; step++) {
		const met = run.history[step]?.rows;
		if (String(met) !== String(plan.batches(step).flat()))
			throw new RunError("run-mismatch", `step ${step + 1} of the run met other rows than the recipe gives it`);
	}
	const schedule = { ...recipe, kind: recipe.schedule, peak: recipe.learningRate };
	const adapter = adapterConfigOf(recipe);
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(engine.base.config, adapter, recipe.seed))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	return {
		engine,
		adapter,
		settings: recipe,
		initial,
		rows: rows.length,
		total: keptStep,
		step(index): RecordedStep {
			if (!Number.isSafeInteger(index) || index < 0 || index >= keptStep)
				throw new RangeError(`step ${index} is not of this run; it has steps 0 to ${keptStep - 1}`);
			const ids = plan.batches(index);
			const batches = ids.map((own) =>
				makeBatch(
					own.map((i) => learnt[i]!),
					engine.base.padding,
				),
			);
			const weights = stepWeights(batches);
			return {
				learningRate: Math.fround(learningRateAt(schedule, index, plannedSteps)),
				batches: batches.map((batch, i) => ({ batch, weights: weights[i]!, rows: ids[i]! })),
			};
		},
	};
}

/** Holds a replay with nothing left out against the run's own commitments. Throws RunError "run-mismatch". */
export function checkReplay({ chain, keptStep }: RecordedRun, state: TrainerState): void {
	const link = chain.find(({ step }) => step === keptStep);
	const found = [stateDigest(state.parameters), stateDigest(state.first, state.second)];
	if (String(found) === String([link?.adapterDigest, link?.optimizerDigest])) return;
	throw new RunError(
		"run-mismatch",
		`the run replayed gives adapter ${found[0]} at step ${keptStep}, it committed to ${link?.adapterDigest}; verify a receipt of the model to see what differs`,
	);
}
