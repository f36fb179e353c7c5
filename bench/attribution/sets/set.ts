// What a set of the scoreboard is: rows with contributors, queries, and the recipe that the model learns them by.

import type { RecordedTraining } from "@openledger/attribution";
import {
	type AdamWSettings,
	type AdapterConfig,
	adapterParameterShapes,
	type Engine,
	epochBatches,
	initialAdapter,
	inputNameA,
	inputNameB,
	learningRateAt,
	makeBatch,
	stepWeights,
	type TokenRow,
} from "@openledger/llm";

export interface SetText {
	readonly prompt: string;
	readonly response: string;
	readonly tokens: TokenRow;
}

export interface SetRow extends SetText {
	/** Index into the set's contributors. */
	readonly contributor: number;
}

export interface SetRecipe extends AdamWSettings, AdapterConfig {
	readonly epochs: number;
	readonly batchSize: number;
	readonly learningRate: number;
	/** Share of the steps. */
	readonly warmup: number;
	/** Share of the rate left at the end. */
	readonly floor: number;
	readonly seed: number;
}

export interface AttributionSet {
	readonly name: string;
	/** One sentence for the reader of a table. */
	readonly about: string;
	readonly rows: readonly SetRow[];
	readonly queries: readonly SetText[];
	readonly contributors: readonly string[];
	readonly recipe: SetRecipe;
}

/** The run that a set's recipe describes, as the factory would plan it: order, rates and weights are pure functions of the recipe. */
export function recordSet(engine: Engine, { rows, recipe }: AttributionSet): RecordedTraining {
	const { base } = engine;
	const { batchSize, epochs, seed } = recipe;
	const adapter: AdapterConfig = { rank: recipe.rank, alpha: recipe.alpha, targets: recipe.targets };
	const lengths = rows.map(({ tokens }) => tokens.tokens.length);
	const perEpoch = Math.ceil(rows.length / batchSize);
	const total = perEpoch * epochs;
	const schedule = { peak: recipe.learningRate, warmup: recipe.warmup, floor: recipe.floor };
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, adapter, seed))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	if (initial.size !== adapterParameterShapes(base.config, adapter).size) throw new Error("the adapter is not whole");
	const order = Array.from({ length: epochs }, (_, epoch) => epochBatches(lengths, batchSize, seed, epoch)).flat();
	return {
		engine,
		adapter,
		settings: recipe,
		initial,
		rows: rows.length,
		total,
		step(index) {
			const ids = order[index]!;
			const batch = makeBatch(
				ids.map((i) => rows[i]!.tokens),
				base.padding,
			);
			const learningRate = Math.fround(learningRateAt(schedule, index, total));
			return { learningRate, batches: [{ batch, weights: stepWeights([batch])[0]!, rows: ids }] };
		},
	};
}
