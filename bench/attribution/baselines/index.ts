// The lines of the scoreboard that look at texts and models without a gradient.

import type { Engine } from "@openledger/llm";
import type { Baseline } from "./baseline.js";
import { bm25 } from "./bm25.js";
import { embeddingLast, embeddingMean } from "./embedding.js";
import type { TrainedAdapter } from "./hiddenStates.js";
import { random } from "./random.js";
import { tfidfCharacters, tfidfWords } from "./tfidf.js";

export type { Baseline, TextPair } from "./baseline.js";
export { hiddenStates, type RowStates, type TrainedAdapter } from "./hiddenStates.js";
export { bm25, embeddingLast, embeddingMean, random, tfidfCharacters, tfidfWords };

/** Chance and three measures of shared text; they see no model. */
export const textBaselines = (): Baseline[] => [random(), bm25(), tfidfWords(), tfidfCharacters()];

/** Similarity of hidden states: of the base alone, or with an adapter as training left it. */
export const embeddingBaselines = (engine: Engine, adapter?: TrainedAdapter): Baseline[] => [
	embeddingMean(engine, adapter),
	embeddingLast(engine, adapter),
];
