// A recorded run that can be walked in both directions: its steps as batches of a machine, its rows' slopes out of those of their targets.
// It must not know which queries are asked about.

import {
	adapterLoss,
	adapterParameterShapes,
	batchFeeds,
	createAdjoint,
	type MicroBatch,
	makeBatch,
	meanWeights,
	sha256,
	type TokenRow,
	type TrainerState,
} from "@openledger/llm";
import { size } from "@openledger/tensor";
import { MagicError } from "./magicErrors.js";
import type { RecordedBatch, RecordedStep, RecordedTraining } from "./recordedTraining.js";

export type Replay = ReturnType<typeof createReplay>;

export interface ReplayOptions {
	/** Queries that share a forward pass; default 8. */
	readonly queriesAtOnce?: number;
}

/** Opens a run for both directions; the caller closes it. MagicError where its recipe has no derivative. */
export function createReplay(training: RecordedTraining, { queriesAtOnce = 8 }: ReplayOptions = {}) {
	const { engine, adapter, settings } = training;
	const { config, padding } = engine.base;
	if (!(settings.epsilonRoot > 0))
		throw new MagicError(
			"attribution/run-without-derivative",
			`epsilonRoot is ${settings.epsilonRoot}; where a second moment is 0 the update has no derivative then: audit by retraining, or train with 1e-8`,
		);
	const shapes = adapterParameterShapes(config, adapter);
	const loss = adapterLoss(config, adapter);
	const adjoint = createAdjoint({ machine: engine.machine, shapes, loss, settings, atOnce: queriesAtOnce });
	const micro = (batch: RecordedBatch["batch"], weights: Float32Array): MicroBatch => ({
		shape: batch.shape,
		feeds: { ...engine.resident, ...batchFeeds(config, batch, weights) },
	});
	const zeros = new Map([...shapes].map(([name, shape]) => [name, new Float32Array(size(shape))]));
	const beginning: TrainerState = { step: 0, parameters: training.initial, first: zeros, second: zeros };
	return {
		adjoint,
		beginning,
		sizes: new Map([...shapes].map(([name, shape]) => [name, size(shape)])),
		/** The batches of a step, as they were fed. */
		batchesOf: ({ batches }: RecordedStep) => batches.map(({ batch, weights }) => micro(batch, weights)),
		/** A query as a batch of its own, whose loss is its mean per counted token. */
		queryBatch(query: TokenRow): MicroBatch {
			const batch = makeBatch([query], padding);
			return micro(batch, meanWeights(batch));
		},
	};
}

/** Adds −∂/∂w of each row's data weight, given ∂/∂weight of each target's. Order: batches, then targets. */
export function addInfluence(
	{ batches }: RecordedStep,
	slopes: readonly Float32Array[],
	influence: Float64Array,
): void {
	batches.forEach(({ batch, weights, rows }, b) => {
		const { length } = batch.shape;
		weights.forEach((weight, t) => {
			const row = rows[batch.rowOf === undefined ? Math.floor(t / length) : batch.rowOf[t]!];
			if (row !== undefined && weight !== 0) influence[row]! -= weight * slopes[b]![t]!;
		});
	});
}

/** What the bits of an audit depend on, as one line: run, rows in their order, queries. */
export function auditDigest(training: RecordedTraining, queries: readonly TokenRow[]): string {
	const { engine, adapter, settings, initial, rows, total } = training;
	const numbers = (values: Float32Array | Int32Array): Uint8Array =>
		new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	const say = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);
	const parts: Uint8Array[] = [
		say(["openledger/magic/1", engine.base.digest, adapter, settings, rows, total, queries]),
	];
	for (const [name, values] of initial) parts.push(say(name), numbers(values));
	const steps = Array.from({ length: total }, (_, index) => {
		const { learningRate, batches } = training.step(index);
		const inner = batches.flatMap(({ batch, weights, rows: ids }) => [
			say([batch.shape, ids, learningRate]),
			numbers(batch.tokens),
			numbers(batch.targets),
			numbers(weights),
			...(batch.rowOf === undefined ? [] : [numbers(batch.rowOf)]),
		]);
		return say(sha256(...inner));
	});
	return sha256(...parts, ...steps);
}
