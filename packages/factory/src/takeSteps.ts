// The loop of a run: batches, update, commitment, a look at the rows held out, a save. It must not know how a run begins or ends.

import { setImmediate as nextTurn } from "node:timers/promises";
import { prepareFeatures } from "@openledger/attribution";
import { createEvaluator, type TokenRow, type Trainer } from "@openledger/llm";
import { isOutOfMemory, RunError } from "./errors.js";
import { type LinkedValidation, nextLink, stateDigest } from "./history.js";
import type { StepPlan } from "./planSteps.js";
import { sayValidation, type TrainOptions, validationsOf } from "./progress.js";
import { adapterConfigOf, checkpointSteps, type Recipe } from "./recipe.js";
import { type Log, save } from "./resume.js";
import { stateBytes } from "./runFiles.js";
import { files, writeDurably } from "./runFolder.js";
import { stepBatches } from "./stepBatches.js";
import { isValidated, verdict } from "./validation.js";

/** Seconds of work that a kill may cost, besides what an epoch's end saves. */
const SAVE_SECONDS = 30;
/** Steps by whose time the rest is guessed. */
const RECENT_STEPS = 16;

export interface Steps {
	readonly plan: StepPlan;
	readonly learnt: readonly (TokenRow | undefined)[];
	readonly held: readonly TokenRow[];
	readonly trainer: Trainer;
	readonly log: Log;
	readonly leftOut: number;
}

/** Takes the steps that the log does not have yet, to the end or until patience runs out. */
export async function takeSteps(
	options: TrainOptions,
	{ plan, learnt, held, trainer, log, leftOut }: Steps,
): Promise<void> {
	const { engine, recipe, directory, onProgress, signal } = options;
	const { perEpoch, total } = plan;
	const at = files(directory);
	const planned = checkpointSteps(recipe, total);
	const evaluator = createEvaluator({
		engine,
		adapter: adapterConfigOf(recipe),
		parameters: trainer.parameters,
		batchSize: recipe.batchSize,
	});
	const batches = stepBatches(engine, recipe, plan, learnt);
	let pending = log.steps.slice(log.chain.at(-1)?.step ?? 0).flatMap((s) => s.rows);
	let validations = validationsOf(log);
	let saved = performance.now();
	const recent: { readonly seconds: number; readonly rows: number; readonly tokens: number }[] = [];

	// Whatever does not fit the machine is refused before the first step, not after hours.
	if (log.steps.length < total) {
		trainer.prepare(batches.laid(plan.largest()).map(({ shape }) => shape));
		evaluator.prepare(held);
		const { parameters } = trainer.state();
		refuseLong(recipe, () => prepareFeatures(engine, adapterConfigOf(recipe), parameters, learnt));
	}

	for (let step = log.steps.length; step < total; step++) {
		if (verdict(recipe, validations)?.stopAt !== undefined) return;
		if (signal?.aborted)
			throw new RunError("cancelled", `training was stopped after step ${step}; run it again to go on`);
		const begun = performance.now();
		const micro = batches.micro(step);
		const rate = batches.learningRate(step);
		const from = performance.now();
		const result = trainer.stepOver(micro, rate);
		const ids = plan.batches(step).flat();
		const tokens = ids.reduce((sum, i) => sum + learnt[i]!.tokens.length - 1, 0);
		log.steps.push({
			step: step + 1,
			epoch: Math.floor(step / perEpoch),
			rows: ids,
			loss: result.loss,
			gradientNorm: result.gradientNorm,
			learningRate: rate,
			tokens,
			seconds: (performance.now() - from) / 1000,
		});
		pending.push(...ids);

		const checkpoint = planned.includes(step + 1);
		const looks = isValidated(recipe, step + 1, total);
		let ended = step + 1 === total;
		if (checkpoint || looks || ended || (step + 1) % recipe.commitEvery === 0) {
			const state = trainer.state();
			const validation: LinkedValidation | undefined = looks
				? { loss: finite(evaluator.meanLoss(held)), planned: total }
				: undefined;
			const digests = [stateDigest(state.parameters), stateDigest(state.first, state.second)] as const;
			const previous = log.chain.at(-1)?.hash ?? log.start;
			log.chain.push(nextLink(previous, step + 1, ...digests, pending, validation));
			pending = [];
			if (checkpoint) await writeDurably(at.checkpoint(step + 1), stateBytes(state));
			if (looks) {
				validations = validationsOf(log);
				const { best, stopAt } = verdict(recipe, validations)!;
				if (recipe.keepBest && best === step + 1) await writeDurably(at.best, stateBytes(state));
				ended ||= stopAt !== undefined;
			}
		}
		const isLate = performance.now() - saved > SAVE_SECONDS * 1000;
		if (ended || isLate || (step + 1) % perEpoch === 0) {
			await save(trainer, directory, log);
			saved = performance.now();
		}
		recent.push({ seconds: (performance.now() - begun) / 1000, rows: ids.length, tokens });
		if (recent.length > RECENT_STEPS) recent.shift();
		const sum = (key: "seconds" | "rows" | "tokens") => recent.reduce((all, one) => all + one[key], 0);
		const looked = sayValidation(recipe, validations);
		onProgress?.({
			stage: "train",
			done: step + 1,
			total,
			epoch: Math.floor(step / perEpoch) + 1,
			epochs: recipe.epochs,
			loss: result.loss,
			rowsPerSecond: sum("rows") / sum("seconds"),
			tokensPerSecond: sum("tokens") / sum("seconds"),
			secondsLeft: ended ? 0 : (sum("seconds") / recent.length) * (total - step - 1),
			...(looked && { validation: looked }),
			leftOut,
		});
		await nextTurn();
	}
}

/** Features are collected in small batches: only shorter rows help then. */
function refuseLong({ maxLength }: Recipe, prepare: () => void): void {
	try {
		prepare();
	} catch (cause) {
		if (!isOutOfMemory(cause)) throw cause;
		const told = `the influence of the longest row does not fit the machine; lower recipe.maxLength (${maxLength})`;
		throw new RunError("out-of-memory", `${told}: ${cause.message}`, { cause });
	}
}

/** Losses are committed as numbers; a run that leads nowhere must not commit to anything. */
function finite(loss: number): number {
	if (Number.isFinite(loss)) return loss;
	throw new RunError("not-finite", "the validation loss is not a number; lower recipe.learningRate");
}
