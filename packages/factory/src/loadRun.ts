// Opens a finished run and holds every file against what the run committed to, naming the first file that differs.

import { type AttributableRun, type FeatureIndex, featuresRoot } from "@openledger/attribution";
import { type Adapter, type Digest, type Engine, readAdapter } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { RunError } from "./errors.js";
import { type ChainLink, firstBrokenLink, historyRoot, type StepEntry, stateDigest } from "./history.js";
import { parseRecipe, type Recipe } from "./recipe.js";
import { files, parseState, readIfThere } from "./runFolder.js";

export interface TrainedRun extends AttributableRun {
	readonly recipe: Recipe;
	readonly snapshotRoot: Hex;
	readonly baseDigest: Digest;
	readonly engineId: Digest;
	readonly adapter: Adapter;
	readonly adapterDigest: Digest;
	readonly adapterFiles: Readonly<Record<"adapter_config.json" | "adapter_model.safetensors", Uint8Array>>;
	readonly history: readonly StepEntry[];
	readonly chain: readonly ChainLink[];
	/** Last link of the chain. */
	readonly runCommitment: Hex;
	readonly historyRoot: Hex;
	readonly featuresRoot: Hex;
	/** Time spent in training steps. */
	readonly seconds: number;
}

interface StoredRun {
	readonly baseDigest: Digest;
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
	readonly engineId: Digest;
	readonly steps: readonly StepEntry[];
	readonly chain: readonly ChainLink[];
	readonly checkpoints: readonly number[];
	readonly features: { readonly rows: number; readonly width: number; readonly root: Hex };
	readonly historyRoot: Hex;
}

/** Throws RunError "run-corrupt" naming the file, or "run-mismatch" when the base is another. */
export async function loadRun(directory: string, engine: Engine): Promise<TrainedRun> {
	const at = files(directory);
	const corrupt = (file: string, what: string, cause?: unknown): never => {
		throw new RunError("run-corrupt", `${file}: ${what}`, { cause });
	};
	const need = async (path: string): Promise<Uint8Array> =>
		(await readIfThere(path)) ?? corrupt(path, "is missing; a finished run has it");
	const text = await need(at.run);
	let stored: StoredRun;
	try {
		stored = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text)) as StoredRun;
	} catch (cause) {
		return corrupt(at.run, "is not JSON", cause);
	}
	const recipe = parseRecipe(stored.recipe);
	if (stored.baseDigest !== engine.base.digest) {
		throw new RunError(
			"run-mismatch",
			`${directory} was trained on base ${stored.baseDigest}, the loaded base is ${engine.base.digest}`,
		);
	}
	const broken = firstBrokenLink({ ...stored, recipe }, stored.steps, stored.chain);
	if (broken !== undefined) corrupt(at.run, `the commitment chain breaks at step ${broken}`);
	if (historyRoot(stored.chain) !== stored.historyRoot) corrupt(at.run, "historyRoot is not the root of the chain");
	const last = stored.chain.at(-1) ?? corrupt(at.run, "the commitment chain is empty");

	const checkpoints = await Promise.all(
		stored.checkpoints.map(async (step) => {
			const path = at.checkpoint(step);
			const bytes = await need(path);
			const state = ((): ReturnType<typeof parseState> => {
				try {
					return parseState(bytes, path);
				} catch (cause) {
					return corrupt(path, "is not a trainer state", cause);
				}
			})();
			const link = stored.chain.find((l) => l.step === step) ?? corrupt(at.run, `no link for checkpoint ${step}`);
			if (stateDigest(state.parameters) !== link.adapterDigest)
				corrupt(path, `the adapter is not the one committed at step ${step}`);
			if (stateDigest(state.first, state.second) !== link.optimizerDigest)
				corrupt(path, `the optimiser state is not the one committed at step ${step}`);
			return state;
		}),
	);

	const adapterFiles = {
		"adapter_config.json": await need(at.adapterConfig),
		"adapter_model.safetensors": await need(at.adapterModel),
	};
	const adapter = readAdapter(
		engine.base.config,
		JSON.parse(new TextDecoder().decode(adapterFiles["adapter_config.json"])),
		adapterFiles["adapter_model.safetensors"],
		directory,
	);
	const named = new Map<string, Float32Array>();
	for (const [path, { A, B }] of adapter.weights) named.set(`${path}.lora_A`, A).set(`${path}.lora_B`, B);
	if (stateDigest(named) !== last.adapterDigest)
		corrupt(at.adapterModel, "is not the adapter committed by the run's last step");

	const { rows, width, root } = stored.features;
	const bytes = await need(at.features);
	if (bytes.length !== rows * width * checkpoints.length)
		corrupt(at.features, `has ${bytes.length} bytes, ${rows * width * checkpoints.length} were committed`);
	const all = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const features: FeatureIndex = {
		rows,
		width,
		checkpoints: checkpoints.map((_, c) => all.slice(c * rows * width, (c + 1) * rows * width)),
	};
	if (featuresRoot(features) !== root) corrupt(at.features, "does not match the committed features root");

	return {
		recipe,
		snapshotRoot: stored.snapshotRoot,
		baseDigest: stored.baseDigest,
		engineId: stored.engineId,
		adapter,
		adapterConfig: adapter.config,
		adapterDigest: adapter.digest,
		adapterFiles,
		projectionSeed: recipe.seed,
		checkpoints,
		features,
		featuresRoot: root,
		history: stored.steps,
		chain: stored.chain,
		runCommitment: last.hash,
		historyRoot: stored.historyRoot,
		seconds: stored.steps.reduce((a, s) => a + s.seconds, 0),
	};
}
