// Recipe → run → adapter. A run is a pure function of base, snapshot, recipe and engine; killed at any moment it goes on to the same bits.

import { setImmediate as nextTurn } from "node:timers/promises";
import {
	type Checkpoint,
	type CollectedFeatures,
	collectFeatures,
	featureRowsRoot,
	packFeatures,
	spaceDigest,
} from "@openledger/attribution";
import {
	type Engine,
	engineId,
	type TokenRow,
	type Trainer,
	type TrainerState,
	writeAdapterModel,
} from "@openledger/llm";
import { adapterConfigText } from "./adapterConfigText.js";
import { encodeRows } from "./encodeRows.js";
import { isOutOfMemory, RunError } from "./errors.js";
import { historyRoot, type RunInputs, runStart, stateDigest } from "./history.js";
import { holdOut } from "./holdOut.js";
import { loadRun } from "./loadRun.js";
import { adapterWeights, checkTargets, makeTrainer } from "./makeTrainer.js";
import { planSteps } from "./planSteps.js";
import { sayValidation, type TrainOptions, validationsOf } from "./progress.js";
import type { RowsUsed, TrainedRun } from "./readRun.js";
import { adapterConfigOf, type Recipe } from "./recipe.js";
import { recipeYaml } from "./recipeFile.js";
import { type Log, resume } from "./resume.js";
import { parseState, stateBytes } from "./runFiles.js";
import { files, readIfThere, writeDurably } from "./runFolder.js";
import { spaceBytes } from "./spaceFile.js";
import { takeSteps } from "./takeSteps.js";
import { keptCheckpoints, verdict } from "./validation.js";

/**
 * Trains, or goes on where a killed run stopped, or just loads a finished one. Throws RunError "run-mismatch" when the folder belongs to
 * another run, "recipe-malformed" when its targets do not suit the base, "rows-unusable" when no row fits the recipe, "sequence-too-long" when a row that fits it does not fit the base,
 * "out-of-memory" when a batch does not fit the machine, "cancelled" when the signal fires (state is kept).
 */
export async function trainAdapter(options: TrainOptions): Promise<TrainedRun> {
	const { engine, rows, snapshotRoot, recipe, directory } = options;
	const at = files(directory);
	const inputs = { baseDigest: engine.base.digest, snapshotRoot, recipe };
	const start = runStart(inputs);
	if ((await readIfThere(at.run)) !== undefined) {
		const run = await loadRun(directory, engine);
		if (runStart(run) !== start)
			throw new RunError("run-mismatch", `${directory} holds another finished run; choose an empty folder`);
		return run;
	}

	checkTargets(engine, recipe);
	const encoded = encodeRows(engine, rows, recipe);
	const usable = encoded.rows.flatMap((row, i) => (row === undefined ? [] : [i]));
	const held = new Set(holdOut(rows, usable, recipe));
	const learnt = encoded.rows.map((row, i) => (held.has(i) ? undefined : row));
	const plan = planSteps(learnt, recipe);
	const trainer = makeTrainer(engine, recipe);
	try {
		const log = await resume(trainer, directory, start);
		await writeDurably(at.recipe, recipeYaml(recipe));
		const heldRows = [...held].map((i) => encoded.rows[i]!);
		await takeSteps(options, { plan, learnt, held: heldRows, trainer, log, leftOut: encoded.leftOut.length });
		const kept = await keptState(trainer, directory, recipe, log);
		const checkpoints = await readCheckpoints(directory, keptCheckpoints(recipe, plan.total, kept.step), kept);
		const features = await measure(options, learnt, kept, log, encoded.leftOut.length);
		const config = adapterConfigOf(recipe);
		const model = writeAdapterModel(engine.base.config, config, adapterWeights(engine, config, kept.parameters));
		const counts = { learnt: plan.usable.length, heldOut: [...held], leftOut: encoded.leftOut };
		await finish(directory, engine, inputs, { log, checkpoints, features, model, rows: counts });
	} catch (cause) {
		throw outOfMemory(cause, recipe);
	} finally {
		trainer.close();
	}
	return loadRun(directory, engine);
}

/** The state whose adapter the run gives: the last, or the best by validation. */
async function keptState(trainer: Trainer, directory: string, recipe: Recipe, log: Log): Promise<TrainerState> {
	const best = recipe.keepBest ? verdict(recipe, validationsOf(log))?.best : undefined;
	if (best === undefined || best === log.steps.length) return trainer.state();
	const { best: file } = files(directory);
	const bytes = await readIfThere(file);
	if (bytes === undefined) throw new RunError("run-corrupt", `${file}: is missing; the run's best state was in it`);
	const state = parseState(bytes, file);
	const link = log.chain.find(({ step }) => step === best);
	if (state.step !== best || stateDigest(state.parameters) !== link?.adapterDigest)
		throw new RunError("run-corrupt", `${file}: is not the state of step ${best}; remove ${directory} and train again`);
	return state;
}

async function readCheckpoints(
	directory: string,
	steps: readonly number[],
	kept: TrainerState,
): Promise<TrainerState[]> {
	const at = files(directory);
	return await Promise.all(
		steps.map(async (step) => {
			const file = at.checkpoint(step);
			// Where a run stopped before its first checkpoint, what it came to stands for one.
			if (step === kept.step) await writeDurably(file, stateBytes(kept));
			const bytes = await readIfThere(file);
			if (bytes === undefined) throw new RunError("run-corrupt", `${file}: is missing; the run wrote it`);
			return parseState(bytes, file);
		}),
	);
}

/** Features of the rows that were learnt from; those held out or left out have none, and earn nothing. */
function measure(
	options: TrainOptions,
	learnt: readonly (TokenRow | undefined)[],
	checkpoint: Checkpoint,
	log: Log,
	leftOut: number,
): Promise<CollectedFeatures> {
	const { engine, recipe, onProgress } = options;
	const begun = performance.now();
	const tokens = learnt.reduce((sum, row) => sum + (row === undefined ? 0 : row.tokens.length - 1), 0);
	const looked = sayValidation(recipe, validationsOf(log));
	return collectFeatures({
		engine,
		adapter: adapterConfigOf(recipe),
		seed: recipe.seed,
		rows: learnt,
		checkpoint,
		onRow(done, total) {
			const elapsed = (performance.now() - begun) / 1000;
			onProgress?.({
				stage: "features",
				done,
				total,
				epoch: log.steps.at(-1)!.epoch + 1,
				epochs: recipe.epochs,
				loss: log.steps.at(-1)!.loss,
				rowsPerSecond: done / elapsed,
				tokensPerSecond: (tokens * done) / total / elapsed,
				secondsLeft: (elapsed / done) * (total - done),
				...(looked && { validation: looked }),
				leftOut,
			});
		},
		pause: () => nextTurn(),
	});
}

/** The machine's refusal in the recipe's words. */
function outOfMemory(cause: unknown, { batchSize, maxLength }: Recipe): unknown {
	if (cause instanceof RunError || !isOutOfMemory(cause)) return cause;
	const said = cause.message;
	const advice = `lower recipe.batchSize (${batchSize}) and raise recipe.accumulate instead, or lower recipe.maxLength (${maxLength})`;
	return new RunError("out-of-memory", `the training does not fit the machine; ${advice}: ${said}`, { cause });
}

interface Finished {
	readonly log: Log;
	readonly checkpoints: readonly Checkpoint[];
	readonly features: CollectedFeatures;
	readonly model: Uint8Array;
	readonly rows: RowsUsed;
}

async function finish(directory: string, engine: Engine, inputs: RunInputs, made: Finished): Promise<void> {
	const { log, checkpoints, model, rows } = made;
	const { features, space } = made.features;
	const at = files(directory);
	await writeDurably(at.features, packFeatures(features));
	await writeDurably(at.space, spaceBytes(space));
	await writeDurably(at.adapterModel, model);
	await writeDurably(at.adapterConfig, adapterConfigText(inputs.recipe, engine.base.name));
	const run = {
		...inputs,
		engineId: engineId(),
		steps: log.steps,
		chain: log.chain,
		checkpoints: checkpoints.map(({ step }) => step),
		features: {
			rows: features.rows,
			width: features.width,
			root: featureRowsRoot(features),
			space: spaceDigest(space),
		},
		historyRoot: historyRoot(log.chain),
		rows,
	};
	await writeDurably(at.run, JSON.stringify(run));
}
