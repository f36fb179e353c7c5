// Takes any stretch of a job's run again: from a state that is committed to the next commitment, with the run's own bits, and with the digest
// of every op where it is asked for. It must not know who disputes what.

import { setImmediate as nextTurn } from "node:timers/promises";
import { collectFeatures, featureRowsRoot } from "@openledger/attribution";
import {
	createEvaluator,
	type Engine,
	type StepOptions,
	sha256,
	type TrainerState,
	writeAdapterModel,
} from "@openledger/llm";
import type { Hex, RunOutput } from "@openledger/protocol";
import { encodeRows } from "../encodeRows.js";
import { RunError } from "../errors.js";
import { type ChainLink, type LinkedValidation, nextLink, runStart, stateDigest } from "../history.js";
import { holdOut, type RunRow } from "../holdOut.js";
import { adapterWeights, checkTargets, makeTrainer } from "../makeTrainer.js";
import { planSteps } from "../planSteps.js";
import { adapterConfigOf, checkpointSteps, type Recipe } from "../recipe.js";
import { stepBatches } from "../stepBatches.js";
import { isValidated } from "../validation.js";

export interface ReplayOptions {
	readonly engine: Engine;
	readonly rows: readonly RunRow[];
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
}

/** A commitment and the state behind it; link 0 is the run's start. */
export interface Committed {
	readonly index: number;
	readonly hash: Hex;
	readonly state: TrainerState;
}

export interface Replay {
	/** Link 0: what the run is a function of. */
	readonly start: Hex;
	/** Step after which link j stands, for j = 0 … N. */
	readonly linkSteps: readonly number[];
	/** Indices of links whose states a run keeps: those of the recipe, and the last. */
	readonly checkpoints: readonly number[];
	/** Link 0 and the state that every run of this recipe begins with. */
	initial(): Committed;
	/** Takes the steps from a link to the next one. */
	advance(from: Committed, options?: StepOptions): Committed & { readonly link: ChainLink };
	/** The same, letting others have their turn after each step. Throws what the signal says once it fires. */
	advanceInTurns(from: Committed, options?: InTurns): Promise<Committed & { readonly link: ChainLink }>;
	/** The link that a state makes at `index` after a link before it; `validation` as the run wrote it there. */
	linkOf(previous: Hex, index: number, state: TrainerState, validation?: LinkedValidation): ChainLink;
	/** What the run gives, from its last state; with `onRow`, others have their turn between rows. */
	output(last: TrainerState, onRow?: (done: number, total: number) => void): Promise<RunOutput>;
	close(): void;
}

export interface InTurns {
	/** After each step, counted from 1, with its loss. */
	readonly onStep?: (step: number, loss: number) => void;
	readonly signal?: AbortSignal | undefined;
}

/** A run that may end where its losses say, or give another adapter than its last, has no length that follows from its inputs alone. */
export function checkJobRecipe({ patience, keepBest }: Recipe): void {
	if (patience === 0 && !keepBest) return;
	throw new RunError(
		"recipe-malformed",
		"a job's run must end where its recipe says; set recipe.patience to 0 and recipe.keepBest to false",
	);
}

/** Throws what `trainAdapter` throws for such a recipe and such rows, and RunError "recipe-malformed" where `checkJobRecipe` does. */
export function openReplay(options: ReplayOptions): Replay {
	checkJobRecipe(options.recipe);
	return openRunReplay(options);
}

/**
 * The same of any run. One that ended early, where its losses said so, has the first of these links; one that gives its best adapter instead
 * of its last gives it from that step's state.
 */
export function openRunReplay({ engine, rows, snapshotRoot, recipe }: ReplayOptions): Replay {
	checkTargets(engine, recipe);
	const encoded = encodeRows(engine, rows, recipe);
	const usable = encoded.rows.flatMap((row, i) => (row === undefined ? [] : [i]));
	const heldOut = holdOut(rows, usable, recipe);
	const held = new Set(heldOut);
	const learnt = encoded.rows.map((row, i) => (held.has(i) ? undefined : row));
	const plan = planSteps(learnt, recipe);
	const { total } = plan;
	const batches = stepBatches(engine, recipe, plan, learnt);
	const kept = checkpointSteps(recipe, total);
	const isLinked = (step: number) =>
		step === total || step % recipe.commitEvery === 0 || kept.includes(step) || isValidated(recipe, step, total);
	const linkSteps = [0, ...Array.from({ length: total }, (_, i) => i + 1).filter(isLinked)];
	const adapter = adapterConfigOf(recipe);
	const trainer = makeTrainer(engine, recipe);
	const evaluator = createEvaluator({
		engine,
		adapter,
		parameters: trainer.parameters,
		batchSize: recipe.batchSize,
	});
	const heldRows = heldOut.map((i) => encoded.rows[i]!);
	const start = runStart({ baseDigest: engine.base.digest, snapshotRoot, recipe });
	/** What the trainer holds. */
	let present = trainer.state();

	function linkOf(previous: Hex, index: number, state: TrainerState, validation?: LinkedValidation): ChainLink {
		const [first, end] = [linkSteps[index - 1]!, linkSteps[index]!];
		const met: number[] = [];
		for (let step = first; step < end; step++) met.push(...plan.batches(step).flat());
		const digests = [stateDigest(state.parameters), stateDigest(state.first, state.second)] as const;
		return nextLink(previous, end, ...digests, met, validation);
	}

	/** Brings the trainer to a state, and says which steps lead to the next link. */
	function stepsFrom(from: Committed): readonly [first: number, end: number] {
		const [first, end] = [linkSteps[from.index], linkSteps[from.index + 1]];
		if (first === undefined || end === undefined || from.state.step !== first)
			throw new RangeError(`link ${from.index} stands after step ${first}, the state is of step ${from.state.step}`);
		if (from.state !== present) trainer.restore(from.state);
		return [first, end];
	}

	function linked(from: Committed, end: number): Committed & { readonly link: ChainLink } {
		present = trainer.state();
		const validation = isValidated(recipe, end, total)
			? { loss: evaluator.meanLoss(heldRows), planned: total }
			: undefined;
		const link = linkOf(from.hash, from.index + 1, present, validation);
		return { index: from.index + 1, hash: link.hash, state: present, link };
	}

	function advance(from: Committed, options: StepOptions = {}): Committed & { readonly link: ChainLink } {
		const [first, end] = stepsFrom(from);
		for (let step = first; step < end; step++) {
			trainer.stepOver(batches.micro(step), batches.learningRate(step), options);
		}
		return linked(from, end);
	}

	async function advanceInTurns(from: Committed, { onStep, signal }: InTurns = {}) {
		const [first, end] = stepsFrom(from);
		for (let step = first; step < end; step++) {
			signal?.throwIfAborted();
			const { loss } = trainer.stepOver(batches.micro(step), batches.learningRate(step));
			onStep?.(step + 1, loss);
			await nextTurn();
		}
		return linked(from, end);
	}

	return {
		start,
		linkSteps,
		checkpoints: [...new Set([...kept, total])].map((step) => linkSteps.indexOf(step)),
		initial() {
			trainer.reset();
			present = trainer.state();
			return { index: 0, hash: start, state: present };
		},
		advance,
		advanceInTurns,
		linkOf,
		async output(last, onRow) {
			const { features } = await collectFeatures({
				engine,
				adapter,
				seed: recipe.seed,
				rows: learnt,
				checkpoint: last,
				...(onRow && { onRow, pause: () => nextTurn() }),
			});
			const model = writeAdapterModel(engine.base.config, adapter, adapterWeights(engine, adapter, last.parameters));
			return { adapterDigest: sha256(model), featuresRoot: featureRowsRoot(features) };
		},
		close: () => trainer.close(),
	};
}
