// Full training of ember from random weights on rows of tokens: a pure function of recipe, rows and engine.

import {
	batchFeeds,
	createTrainer,
	epochBatches,
	fullLoss,
	learningRateAt,
	makeBatch,
	meanWeights,
	parameterShapes,
	type TokenRow,
} from "@openledger/llm";
import { createMachine, drawNormals } from "@openledger/tensor";
import { EMBER_ADAMW, EMBER_CONFIG, EMBER_RUN, EMBER_SCHEDULE } from "./recipe.js";

const PURPOSE_WEIGHTS = 0xe3b;

/** Fresh weights: normals, ones for norms. */
export function initialWeights(): Map<string, Float32Array> {
	const residual = Math.fround(EMBER_RUN.deviation / Math.sqrt(2 * EMBER_CONFIG.layers));
	const out = new Map<string, Float32Array>();
	[...parameterShapes(EMBER_CONFIG)].forEach(([name, shape], step) => {
		const count = shape.reduce((a, b) => a * b, 1);
		if (shape.length === 1) {
			out.set(name, new Float32Array(count).fill(1));
			return;
		}
		const deviation = /\.(o_proj|down_proj)\./.test(name) ? residual : EMBER_RUN.deviation;
		out.set(
			name,
			drawNormals({ seed: EMBER_RUN.seed, purpose: PURPOSE_WEIGHTS, step }, count).map((x) => x * deviation),
		);
	});
	return out;
}

export interface PretrainProgress {
	readonly step: number;
	readonly steps: number;
	readonly loss: number;
	readonly tokensPerSecond: number;
	readonly secondsLeft: number;
}

/** One pass over the rows; the loss counts every token after the first. */
export function pretrain(
	rows: readonly TokenRow[],
	padding: number,
	onProgress: (p: PretrainProgress) => void,
): ReadonlyMap<string, Float32Array> {
	const trainer = createTrainer({
		machine: createMachine(),
		shapes: parameterShapes(EMBER_CONFIG),
		initial: initialWeights(),
		loss: fullLoss(EMBER_CONFIG),
		settings: EMBER_ADAMW,
	});
	const batches = epochBatches(
		rows.map((r) => r.tokens.length),
		EMBER_RUN.batchSize,
		EMBER_RUN.seed,
		0,
	);
	const begun = performance.now();
	let tokens = 0;
	batches.forEach((ids, step) => {
		const batch = makeBatch(
			ids.map((i) => ({ tokens: rows[i]!.tokens, from: 1 })),
			padding,
		);
		const rate = Math.fround(learningRateAt(EMBER_SCHEDULE, step, batches.length));
		const { loss } = trainer.step(batch.shape, batchFeeds(EMBER_CONFIG, batch, meanWeights(batch)), rate);
		tokens += ids.reduce((n, i) => n + rows[i]!.tokens.length, 0);
		const elapsed = (performance.now() - begun) / 1000;
		onProgress({
			step: step + 1,
			steps: batches.length,
			loss,
			tokensPerSecond: tokens / elapsed,
			secondsLeft: (elapsed / (step + 1)) * (batches.length - step - 1),
		});
	});
	return trainer.state().parameters;
}
