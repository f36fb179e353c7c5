// Recipe → run → adapter. A run is a pure function of base, snapshot, recipe and engine; killed at any moment it goes on to the same bits.

import { setImmediate as nextTurn } from "node:timers/promises";
import { type FeatureIndex, featuresRoot } from "@openledger/attribution";
import {
	type AdapterConfig,
	type AdapterWeights,
	adapterLoss,
	adapterModules,
	adapterParameterShapes,
	batchFeeds,
	createTrainer,
	type Engine,
	encodeExample,
	engineId,
	epochBatches,
	initialAdapter,
	inputNameA,
	inputNameB,
	learningRateAt,
	makeBatch,
	meanWeights,
	type TokenRow,
	type Trainer,
	writeAdapterModel,
} from "@openledger/llm";
import type { Hex, Row } from "@openledger/protocol";
import { adapterConfigText } from "./adapterConfigText.js";
import { collectFeatures } from "./collectFeatures.js";
import { RunError } from "./errors.js";
import { type ChainLink, historyRoot, nextLink, runStart, type StepEntry, stateDigest } from "./history.js";
import { loadRun, type TrainedRun } from "./loadRun.js";
import { adapterConfigOf, checkpointSteps, type Recipe } from "./recipe.js";
import { files, parseState, readIfThere, stateBytes, writeDurably } from "./runFolder.js";

export interface TrainProgress {
	readonly stage: "train" | "features";
	readonly done: number;
	readonly total: number;
	readonly epoch: number;
	readonly loss: number;
	readonly rowsPerSecond: number;
	readonly secondsLeft: number;
}

export interface TrainOptions {
	readonly engine: Engine;
	readonly rows: readonly Row[];
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
	/** Where the run keeps its state; one run a folder. */
	readonly directory: string;
	readonly onProgress?: (progress: TrainProgress) => void;
	readonly signal?: AbortSignal;
}

interface Log {
	readonly start: Hex;
	readonly steps: StepEntry[];
	readonly chain: ChainLink[];
}

function adapterWeights(
	engine: Engine,
	config: AdapterConfig,
	named: ReadonlyMap<string, Float32Array>,
): AdapterWeights {
	return new Map(
		adapterModules(engine.base.config, config).map((m) => [
			m.path,
			{ A: named.get(inputNameA(m.path))!, B: named.get(inputNameB(m.path))! },
		]),
	);
}

function makeTrainer(engine: Engine, recipe: Recipe): Trainer {
	const config = adapterConfigOf(recipe);
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(engine.base.config, config, recipe.seed))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	return createTrainer({
		machine: engine.machine,
		shapes: adapterParameterShapes(engine.base.config, config),
		initial,
		loss: adapterLoss(engine.base.config, config),
		settings: recipe,
	});
}

/**
 * Trains, or goes on where a killed run stopped, or just loads a finished one. Throws RunError "run-mismatch" when the folder belongs to
 * another run, "rows-unusable" when no row fits the recipe's maxLength, "cancelled" when the signal fires (state is kept).
 */
export async function trainAdapter(options: TrainOptions): Promise<TrainedRun> {
	const { engine, rows, snapshotRoot, recipe, directory, onProgress, signal } = options;
	const at = files(directory);
	const inputs = { baseDigest: engine.base.digest, snapshotRoot, recipe };
	const start = runStart(inputs);
	if ((await readIfThere(at.run)) !== undefined) {
		const run = await loadRun(directory, engine);
		if (runStart(run) !== start)
			throw new RunError("run-mismatch", `${directory} holds another finished run; choose an empty folder`);
		return run;
	}

	const tokenRows = rows.map(({ prompt, response }): TokenRow | undefined => {
		const row = encodeExample(engine.base, prompt, response);
		return row.tokens.length <= recipe.maxLength && row.tokens.length <= engine.base.config.maxPositions
			? row
			: undefined;
	});
	const usable = tokenRows.flatMap((row, i) => (row === undefined ? [] : [i]));
	if (usable.length === 0)
		throw new RunError(
			"rows-unusable",
			`none of ${rows.length} rows has at most ${recipe.maxLength} tokens; raise recipe.maxLength`,
		);
	const lengths = usable.map((i) => tokenRows[i]!.tokens.length);
	const stepsPerEpoch = Math.ceil(usable.length / recipe.batchSize);
	const total = stepsPerEpoch * recipe.epochs;
	const keep = checkpointSteps(recipe, total);

	const trainer = makeTrainer(engine, recipe);
	const log = await resume(trainer, directory, start);
	let batches: number[][] = [];
	let batchesOf = -1;
	let pending = log.steps.slice(log.chain.at(-1)?.step ?? 0).flatMap((s) => s.rows);
	const begun = performance.now();
	const before = log.steps.length;

	for (let step = log.steps.length; step < total; step++) {
		if (signal?.aborted)
			throw new RunError("cancelled", `training was stopped after step ${step}; run it again to go on`);
		const epoch = Math.floor(step / stepsPerEpoch);
		if (epoch !== batchesOf) {
			batches = epochBatches(lengths, recipe.batchSize, recipe.seed, epoch);
			batchesOf = epoch;
		}
		const ids = batches[step % stepsPerEpoch]!.map((i) => usable[i]!);
		const batch = makeBatch(
			ids.map((i) => tokenRows[i]!),
			engine.base.padding,
		);
		const rate = Math.fround(
			learningRateAt({ peak: recipe.learningRate, warmup: recipe.warmup, floor: recipe.floor }, step, total),
		);
		const from = performance.now();
		const result = trainer.step(
			batch.shape,
			{ ...engine.resident, ...batchFeeds(engine.base.config, batch, meanWeights(batch)) },
			rate,
		);
		const seconds = (performance.now() - from) / 1000;
		log.steps.push({
			step: step + 1,
			epoch,
			rows: ids,
			loss: result.loss,
			gradientNorm: result.gradientNorm,
			learningRate: rate,
			seconds,
		});
		pending.push(...ids);
		const checkpoint = keep.includes(step + 1);
		const last = step + 1 === total;
		if (checkpoint || last || (step + 1) % recipe.commitEvery === 0) {
			const state = trainer.state();
			const previous = log.chain.at(-1)?.hash ?? start;
			log.chain.push(
				nextLink(previous, step + 1, stateDigest(state.parameters), stateDigest(state.first, state.second), pending),
			);
			pending = [];
			if (checkpoint) await writeDurably(at.checkpoint(step + 1), stateBytes(state));
		}
		if (last || (step + 1) % stepsPerEpoch === 0) await save(trainer, directory, log);
		const elapsed = (performance.now() - begun) / 1000;
		onProgress?.({
			stage: "train",
			done: step + 1,
			total,
			epoch: epoch + 1,
			loss: result.loss,
			rowsPerSecond: ((step + 1 - before) * recipe.batchSize) / elapsed,
			secondsLeft: (elapsed / (step + 1 - before)) * (total - step - 1),
		});
		await nextTurn();
	}

	const config = adapterConfigOf(recipe);
	const final = trainer.state();
	trainer.close();
	const checkpoints = await Promise.all(
		keep.map(async (step) => parseState((await readIfThere(at.checkpoint(step)))!, at.checkpoint(step))),
	);
	const featuresBegun = performance.now();
	const features = await collectFeatures({
		engine,
		adapter: config,
		seed: recipe.seed,
		rows: tokenRows,
		checkpoints,
		onRow: (done, all) => {
			const elapsed = (performance.now() - featuresBegun) / 1000;
			onProgress?.({
				stage: "features",
				done,
				total: all,
				epoch: recipe.epochs,
				loss: log.steps.at(-1)!.loss,
				rowsPerSecond: done / elapsed,
				secondsLeft: (elapsed / done) * (all - done),
			});
		},
		pause: () => nextTurn(),
	});
	await finish(
		directory,
		engine,
		inputs,
		log,
		keep,
		features,
		writeAdapterModel(engine.base.config, config, adapterWeights(engine, config, final.parameters)),
	);
	return loadRun(directory, engine);
}

async function resume(trainer: Trainer, directory: string, start: Hex): Promise<Log> {
	const at = files(directory);
	const [state, text] = [await readIfThere(at.progress), await readIfThere(at.log)];
	if (state === undefined || text === undefined) return { start, steps: [], chain: [] };
	const log = JSON.parse(new TextDecoder().decode(text)) as Log;
	if (log.start !== start)
		throw new RunError("run-mismatch", `${directory} holds the beginning of another run; choose an empty folder`);
	const restored = parseState(state, at.progress);
	trainer.restore(restored);
	// The two files are written one after the other; a kill between them leaves a log that is ahead or behind by whole epochs.
	const steps = log.steps.slice(0, restored.step);
	if (steps.length < restored.step) return rewind(trainer, start);
	return { start, steps, chain: log.chain.filter((link) => link.step <= restored.step) };
}

/** Without a log to match the state, the run begins again: slower, never wrong. */
function rewind(trainer: Trainer, start: Hex): Log {
	trainer.reset();
	return { start, steps: [], chain: [] };
}

async function save(trainer: Trainer, directory: string, log: Log): Promise<void> {
	const at = files(directory);
	await writeDurably(at.log, JSON.stringify(log));
	await writeDurably(at.progress, stateBytes(trainer.state()));
}

async function finish(
	directory: string,
	engine: Engine,
	inputs: { readonly baseDigest: Hex; readonly snapshotRoot: Hex; readonly recipe: Recipe },
	log: Log,
	checkpoints: readonly number[],
	features: FeatureIndex,
	adapterModel: Uint8Array,
): Promise<void> {
	const at = files(directory);
	const all = new Uint8Array(features.checkpoints.length * features.rows * features.width);
	features.checkpoints.forEach((f, c) => {
		all.set(new Uint8Array(f.buffer, f.byteOffset, f.byteLength), c * features.rows * features.width);
	});
	await writeDurably(at.features, all);
	await writeDurably(at.adapterModel, adapterModel);
	await writeDurably(at.adapterConfig, adapterConfigText(inputs.recipe, engine.base.name));
	const run = {
		...inputs,
		engineId: engineId(),
		steps: log.steps,
		chain: log.chain,
		checkpoints,
		features: { rows: features.rows, width: features.width, root: featuresRoot(features) },
		historyRoot: historyRoot(log.chain),
	};
	await writeDurably(at.run, JSON.stringify(run));
}
