// The per-inference influence tier: which rows moved the model towards this answer, from committed features alone.

import { type AdapterConfig, type Engine, makeBatch } from "@openledger/llm";
import { type Hex, keccak256, type ShareLeaf, utf8 } from "@openledger/protocol";
import { explainsByFeatures } from "../shares/explains.js";
import { type AttributedRow, sharesOf } from "../shares/shares.js";
import type { Checkpoint } from "./checkpoint.js";
import { type FeatureIndex, featureOf, queryDigest } from "./featureIndex.js";
import { createGradientCollector, type GradientCollector } from "./gradients.js";
import { quantise } from "./quantise.js";
import { scoreRows } from "./score.js";

/** Names the method on receipts; raise the number when scores or shares change. */
export const METHOD: Hex = keccak256(
	utf8(
		"openledger-influence/2: adam-metric cosine, 4x4 projection, int8, above the largest of chance, less what earlier rows explain",
	),
);

/** The committed parts of a run that an attribution needs. */
export interface AttributableRun {
	readonly adapterConfig: AdapterConfig;
	readonly projectionSeed: number;
	readonly checkpoints: readonly Checkpoint[];
	readonly features: FeatureIndex;
}

export interface Answer {
	readonly promptTokens: readonly number[];
	readonly responseTokens: readonly number[];
}

export interface Attribution {
	readonly method: Hex;
	/** Integer score of every row. */
	readonly scores: readonly number[];
	readonly shares: readonly ShareLeaf[];
	readonly unattributedPpm: number;
	/** Digest of the answer's own feature. */
	readonly queryDigest: Hex;
}

export interface Attributor {
	/** The answer's int8 feature at each checkpoint. */
	query(answer: Answer): Int8Array[];
	attribute(answer: Answer): Attribution;
	close(): void;
}

/** Features of rows of tokens at one checkpoint, quantised. */
export function quantisedFeatures(collector: GradientCollector, raw: Float32Array): Int8Array {
	const out = new Int8Array(raw.length);
	for (let at = 0; at < raw.length; at += collector.width)
		out.set(quantise(raw.subarray(at, at + collector.width)), at);
	return out;
}

/** A row's features at all checkpoints, side by side. */
function joinedFeature(index: FeatureIndex, row: number): Int8Array {
	const out = new Int8Array(index.width * index.checkpoints.length);
	index.checkpoints.forEach((_, c) => {
		out.set(featureOf(index, c, row), c * index.width);
	});
	return out;
}

/** Makes an attributor for a run; it keeps its checkpoints' programs until closed. */
export function createAttributor(engine: Engine, run: AttributableRun, rows: readonly AttributedRow[]): Attributor {
	if (rows.length !== run.features.rows)
		throw new RangeError(`the run has features of ${run.features.rows} rows, ${rows.length} rows were given`);
	const collector = createGradientCollector(engine, run.adapterConfig, run.projectionSeed);
	const joined = Array.from({ length: rows.length }, (_, row) => joinedFeature(run.features, row));
	const known = rows.map((row, i) => ({ ...row, learnt: joined[i]!.some((number) => number !== 0) }));
	const explains = explainsByFeatures((row) => ({ scale: 1, numbers: joined[row]! }));
	const query = ({ promptTokens, responseTokens }: Answer): Int8Array[] => {
		const tokens = [...promptTokens, ...responseTokens, engine.base.endOfText];
		const batch = makeBatch([{ tokens, from: promptTokens.length }], engine.base.padding);
		return run.checkpoints.map((checkpoint) => quantise(collector.collect(batch, checkpoint)));
	};
	return {
		query,
		attribute(answer) {
			const asked = query(answer);
			const scores = scoreRows(run.features, asked);
			const { leaves, unattributedPpm } = sharesOf(scores, known, explains);
			return { method: METHOD, scores, shares: leaves, unattributedPpm, queryDigest: queryDigest(asked) };
		},
		close: () => collector.close(),
	};
}
