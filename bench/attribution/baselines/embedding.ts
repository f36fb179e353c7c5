// Similarity of what the model makes of two texts: cosine of its last hidden states' mean, or of the last token's (RepSim, as in
// Li et al. 2024, "Do influence functions work on large language models?").

import { type Engine, encodeRow } from "@openledger/llm";
import type { Baseline, TextPair } from "./baseline.js";
import { hiddenStates, type RowStates, type TrainedAdapter } from "./hiddenStates.js";

function meanState({ positions, width, states }: RowStates): Float64Array {
	const out = new Float64Array(width);
	for (let i = 0; i < positions * width; i++) out[i % width]! += states[i]! / positions;
	return out;
}

function lastState({ positions, width, states }: RowStates): Float64Array {
	return Float64Array.from(states.subarray((positions - 1) * width, positions * width));
}

function unit(vector: Float64Array): Float64Array {
	const square = vector.reduce((sum, x) => sum + x * x, 0);
	return square === 0 ? vector : vector.map((x) => x / Math.sqrt(square));
}

function embedding(
	name: string,
	engine: Engine,
	adapter: TrainedAdapter | undefined,
	pool: (states: RowStates) => Float64Array,
): Baseline {
	const embed = (texts: readonly TextPair[]): Float64Array[] => {
		const out: Float64Array[] = new Array(texts.length);
		const rows = texts.map((text) => text.tokens ?? encodeRow(engine.base, text));
		hiddenStates(engine, rows, (row, states) => (out[row] = unit(pool(states))), adapter);
		return out;
	};
	return {
		name,
		score(rows, queries) {
			const of = embed(rows);
			return embed(queries).map((query) =>
				Float64Array.from(of, (row) => query.reduce((sum, x, i) => sum + x * row[i]!, 0)),
			);
		},
	};
}

export const embeddingMean = (engine: Engine, adapter?: TrainedAdapter): Baseline =>
	embedding("embedding mean", engine, adapter, meanState);
export const embeddingLast = (engine: Engine, adapter?: TrainedAdapter): Baseline =>
	embedding("embedding last token (RepSim)", engine, adapter, lastState);
