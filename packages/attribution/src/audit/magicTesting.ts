// Small recorded runs on the tiny base, for tests of derivatives: made up on the spot, seconds to train many times.

import {
	type AdamWSettings,
	createEngine,
	initialAdapter,
	inputNameA,
	inputNameB,
	LINEARS,
	makeBatch,
	packBatch,
	stepWeights,
	type TokenRow,
	tinyBase,
} from "@openledger/llm";
import { drawUint32 } from "@openledger/tensor";
import type { RecordedTraining } from "./recordedTraining.js";

export interface TinyRunOptions extends Partial<AdamWSettings> {
	readonly learningRate?: number;
	readonly epochs?: number;
	/** Rows of a step, in so many batches. */
	readonly batchSize?: number;
	readonly accumulate?: number;
	/** Rows of a batch end to end instead of side by side. */
	readonly packing?: boolean;
	/** Row ids that no step meets stand behind those that are met. */
	readonly unmet?: number;
}

const ROWS = 8;
const base = tinyBase();

/** A row of a made-up text: ids below the tiny vocabulary, as many as the row's number says. */
function rowOf(number: number): TokenRow {
	const length = 6 + (number % 3) * 3;
	const word = (at: number) => 4 + (drawUint32({ seed: 5, purpose: 7, step: number }, at) % 200);
	return { tokens: [1, ...Array.from({ length }, (_, at) => word(at)), 3], from: 2 + (number % 2) };
}

export const tinyQueries: readonly TokenRow[] = [rowOf(100), rowOf(3), rowOf(101)];

/** A run of 8 rows, 4 a step, with the adapter's both matrices away from zero so that every number of it has a gradient at once. */
export function tinyRun(options: TinyRunOptions = {}): RecordedTraining {
	const {
		learningRate = 5e-3,
		epochs = 2,
		batchSize = 4,
		accumulate = 1,
		packing = false,
		unmet = 0,
		...rest
	} = options;
	const adapter = { rank: 2, alpha: 4, targets: LINEARS };
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, adapter, 3))
		initial.set(inputNameA(path), A).set(
			inputNameB(path),
			B.map((_, i) => ((i % 5) - 2) / 30),
		);
	const perEpoch = ROWS / batchSize;
	const total = epochs * perEpoch;
	return {
		engine: createEngine(base),
		adapter,
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-6, weightDecay: 0, clip: 1e3, ...rest },
		initial,
		rows: ROWS + unmet,
		total,
		step(index) {
			const order = Array.from({ length: ROWS }, (_, i) => (i * 3 + Math.floor(index / perEpoch)) % ROWS);
			const ids = order.slice((index % perEpoch) * batchSize, ((index % perEpoch) + 1) * batchSize);
			const groups = Array.from({ length: accumulate }, (_, a) => ids.filter((_, i) => i % accumulate === a));
			const batches = groups.map((group) => (packing ? packBatch : makeBatch)(group.map(rowOf), base.padding));
			const weights = stepWeights(batches);
			return {
				learningRate: (learningRate * (total - index)) / total,
				batches: batches.map((batch, i) => ({ batch, weights: weights[i]!, rows: groups[i]! })),
			};
		},
	};
}
