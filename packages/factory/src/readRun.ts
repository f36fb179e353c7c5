// Reads a finished run and holds every file against what the run committed to, naming the first file that differs. It must not know where
// the files lie: a disk, or a node that is not trusted.

import {
	type AttributableRun,
	type Checkpoint,
	featureRowsRoot,
	featureWidth,
	packedRowBytes,
	packFeatures,
	spaceDigest,
	unpackFeatures,
} from "@openledger/attribution";
import {
	type Adapter,
	type Digest,
	type Engine,
	engineId,
	parseAdapterConfig,
	readAdapter,
	writeAdapterModel,
} from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { adapterConfigText } from "./adapterConfigText.js";
import type { LeftOut } from "./encodeRows.js";
import { RunError } from "./errors.js";
import { type ChainLink, firstBrokenLink, historyRoot, type StepEntry, stateDigest } from "./history.js";
import { parseRecipe } from "./parseRecipe.js";
import { adapterConfigOf, type Recipe } from "./recipe.js";
import { parseState, RUN_FILES, stateBytes } from "./runFiles.js";
import { parseSpace, spaceBytes } from "./spaceFile.js";
import { isValidated, keptCheckpoints, type Validation, verdict } from "./validation.js";

export interface TrainedRun extends AttributableRun {
	readonly recipe: Recipe;
	readonly snapshotRoot: Hex;
	readonly baseDigest: Digest;
	readonly engineId: Digest;
	readonly adapter: Adapter;
	readonly adapterDigest: Digest;
	readonly adapterFiles: Readonly<Record<"adapter_config.json" | "adapter_model.safetensors", Uint8Array>>;
	readonly history: readonly StepEntry[];
	/** Steps that the recipe has; fewer were taken where patience ran out. */
	readonly plannedSteps: number;
	/** Step whose adapter this is: the last, or the best by validation. */
	readonly keptStep: number;
	/** Undefined for runs of before it was written down. */
	readonly rowsUsed?: RowsUsed;
	/** Losses on the rows held out. */
	readonly validations: readonly Validation[];
	readonly chain: readonly ChainLink[];
	/** Last link of the chain. */
	readonly runCommitment: Hex;
	readonly historyRoot: Hex;
	readonly featuresRoot: Hex;
	/** States that the run keeps, the served adapter's last. */
	readonly checkpoints: readonly Checkpoint[];
	/** Time spent in training steps. */
	readonly seconds: number;
}

/** Which rows a run used. For people: it follows from the run's inputs, and nothing is checked against it. */
export interface RowsUsed {
	readonly learnt: number;
	readonly heldOut: readonly number[];
	readonly leftOut: readonly LeftOut[];
}

interface StoredRun {
	readonly baseDigest: Digest;
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
	readonly engineId: Digest;
	readonly steps: readonly StepEntry[];
	readonly chain: readonly ChainLink[];
	readonly checkpoints: readonly number[];
	readonly features: { readonly rows: number; readonly width: number; readonly root: Hex; readonly space?: Hex };
	readonly historyRoot: Hex;
	readonly rows?: RowsUsed;
}

/** A file's bytes by its name within the run; undefined where there is none. */
export type ReadRunFile = (name: string) => Promise<Uint8Array | undefined>;

/**
 * Throws RunError "run-corrupt" naming the file, or "run-mismatch" when base or engine is another. Files are held to their very bytes;
 * of run.json the times, losses, norms and rates of steps are committed nowhere, of adapter_config.json the base's name. `name` is the run's
 * in errors.
 */
export async function readRun(name: string, read: ReadRunFile, engine: Engine): Promise<TrainedRun> {
	const at = RUN_FILES;
	const corrupt = (file: string, what: string, cause?: unknown): never => {
		throw new RunError("run-corrupt", `${name}/${file}: ${what}`, { cause });
	};
	const need = async (file: string): Promise<Uint8Array> =>
		(await read(file)) ?? corrupt(file, "is missing; a finished run has it");
	const text = await need(at.run);
	const parse = <result>(path: string, what: string, read: () => result): result => {
		try {
			return read();
		} catch (cause) {
			return corrupt(path, `${what} (${cause instanceof Error ? cause.message : cause})`, cause);
		}
	};
	const json = (path: string, bytes: Uint8Array): unknown =>
		parse(path, "is not JSON", () => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
	const stored = json(at.run, text) as StoredRun;
	const recipe = parse(at.run, "holds no recipe that could have been followed", () => parseRecipe(stored.recipe));
	if (stored.engineId !== engineId()) {
		throw new RunError(
			"run-mismatch",
			`${name} was trained by engine ${stored.engineId}, this one is ${engineId()}; use the program that trained it`,
		);
	}
	if (stored.baseDigest !== engine.base.digest) {
		throw new RunError(
			"run-mismatch",
			`${name} was trained on base ${stored.baseDigest}, the loaded base is ${engine.base.digest}`,
		);
	}
	if (stored.features !== undefined && stored.features.space === undefined) {
		throw new RunError(
			"run-mismatch",
			`${name} was trained before features were taken at the served adapter; train it again, or use the program that trained it`,
		);
	}
	const broken = parse(at.run, "holds no commitment chain", () =>
		firstBrokenLink({ ...stored, recipe }, stored.steps, stored.chain),
	);
	if (broken !== undefined) corrupt(at.run, `the commitment chain breaks at step ${broken}`);
	if (historyRoot(stored.chain) !== stored.historyRoot) corrupt(at.run, "historyRoot is not the root of the chain");
	const last = stored.chain.at(-1) ?? corrupt(at.run, "the commitment chain is empty");
	if (stored.steps.length !== last.step)
		corrupt(at.run, `tells of ${stored.steps.length} steps, the chain has ${last.step}`);
	const { planned, kept } = replay(recipe, stored.chain, (what) => corrupt(at.run, what));
	if (String(stored.checkpoints) !== String(keptCheckpoints(recipe, planned, kept.step)))
		corrupt(at.run, "its checkpoints are not those of the recipe");

	const checkpoints = await Promise.all(
		stored.checkpoints.map(async (step) => {
			const path = at.checkpoint(step);
			const bytes = await need(path);
			const state = parse(path, "is not a trainer state", () => parseState(bytes, `${name}/${path}`));
			const link = stored.chain.find((l) => l.step === step) ?? corrupt(at.run, `no link for checkpoint ${step}`);
			if (stateDigest(state.parameters) !== link.adapterDigest)
				corrupt(path, `the adapter is not the one committed at step ${step}`);
			if (stateDigest(state.first, state.second) !== link.optimizerDigest)
				corrupt(path, `the optimiser state is not the one committed at step ${step}`);
			if (state.step !== step || !sameBytes(bytes, stateBytes(state))) corrupt(path, `is not as step ${step} wrote it`);
			return state;
		}),
	);

	const adapterFiles = {
		"adapter_config.json": await need(at.adapterConfig),
		"adapter_model.safetensors": await need(at.adapterModel),
	};
	const configJson = json(at.adapterConfig, adapterFiles["adapter_config.json"]);
	parse(at.adapterConfig, "is not an adapter's config", () => parseAdapterConfig(configJson));
	const { base_model_name_or_path: baseName } = configJson as { base_model_name_or_path?: unknown };
	const wanted = new TextEncoder().encode(adapterConfigText(recipe, String(baseName)));
	if (!sameBytes(adapterFiles["adapter_config.json"], wanted)) corrupt(at.adapterConfig, "is not the recipe's");
	const adapter = parse(at.adapterModel, "is not an adapter of this base", () =>
		readAdapter(engine.base.config, configJson, adapterFiles["adapter_model.safetensors"], name),
	);
	const named = new Map<string, Float32Array>();
	for (const [path, { A, B }] of adapter.weights) named.set(`${path}.lora_A`, A).set(`${path}.lora_B`, B);
	if (stateDigest(named) !== kept.adapterDigest)
		corrupt(at.adapterModel, `is not the adapter committed by the run's step ${kept.step}`);
	const model = writeAdapterModel(engine.base.config, adapterConfigOf(recipe), adapter.weights);
	if (!sameBytes(adapterFiles["adapter_model.safetensors"], model))
		corrupt(at.adapterModel, "is not as the run wrote it");

	const { rows, width, root, space: spaceHash } = stored.features ?? corrupt(at.run, "says nothing of features");
	const spaceText = await need(at.space);
	const space = parse(at.space, "is not a space of features", () => parseSpace(spaceText, `${name}/${at.space}`));
	if (spaceDigest(space) !== spaceHash || featureWidth(space) !== width || !sameBytes(spaceText, spaceBytes(space)))
		corrupt(at.space, "is not the space that the run's features were measured in");
	const bytes = await need(at.features);
	if (bytes.length !== rows * packedRowBytes(width))
		corrupt(at.features, `has ${bytes.length} bytes, ${rows * packedRowBytes(width)} were committed`);
	const features = parse(at.features, "holds no features", () => unpackFeatures(bytes, width));
	if (!sameBytes(bytes, packFeatures(features))) corrupt(at.features, "is not as the run wrote it");
	if (featureRowsRoot(features) !== root) corrupt(at.features, "does not match the committed features root");

	return {
		recipe,
		snapshotRoot: stored.snapshotRoot,
		baseDigest: stored.baseDigest,
		engineId: stored.engineId,
		adapter,
		adapterConfig: adapter.config,
		adapterDigest: adapter.digest,
		adapterFiles,
		seed: recipe.seed,
		checkpoint: checkpoints.at(-1)!,
		checkpoints,
		space,
		features,
		featuresRoot: root,
		history: stored.steps,
		plannedSteps: planned,
		keptStep: kept.step,
		...(stored.rows && { rowsUsed: stored.rows }),
		validations: stored.chain.flatMap(({ step, validation }) =>
			validation === undefined ? [] : [{ step, loss: validation.loss }],
		),
		chain: stored.chain,
		runCommitment: last.hash,
		historyRoot: stored.historyRoot,
		seconds: stored.steps.reduce((a, s) => a + s.seconds, 0),
	};
}

/**
 * What the recipe and the committed losses lead to: when the run looked at the rows held out, whether it had to stop where it did, and which
 * step's adapter it gives. Whatever does not follow is told to `corrupt`.
 */
function replay(
	recipe: Recipe,
	chain: readonly ChainLink[],
	corrupt: (what: string) => never,
): { readonly planned: number; readonly kept: ChainLink } {
	const last = chain.at(-1)!;
	const looked = chain.flatMap(({ step, validation }) => (validation === undefined ? [] : [{ step, ...validation }]));
	const planned = looked.at(-1)?.planned ?? last.step;
	if (looked.some((one) => one.planned !== planned)) corrupt("its validations are of runs of different lengths");
	const due: number[] = [];
	for (let step = 1; step <= last.step; step++) if (isValidated(recipe, step, planned)) due.push(step);
	if (String(looked.map(({ step }) => step)) !== String(due))
		corrupt("its validations are not where the recipe has them");
	const found = verdict(recipe, looked);
	const end = found?.stopAt ?? planned;
	if (last.step !== end) corrupt(`it ends after step ${last.step}; by its validation losses it ends after step ${end}`);
	const kept = recipe.keepBest ? found!.best : last.step;
	return { planned, kept: chain.find(({ step }) => step === kept)! };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}
