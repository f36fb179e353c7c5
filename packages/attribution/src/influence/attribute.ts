// The per-inference influence tier: which rows moved the model towards this answer, from committed features alone.

import { type AdapterConfig, type Engine, makeBatch } from "@openledger/llm";
import { type CountedScore, type Hex, keccak256, queryDigest, type ShareLeaf, utf8 } from "@openledger/protocol";
import { createLocalScan, type FeatureRows, featureNumbers } from "../features/index.js";
import { explainsByFeatures } from "../shares/explains.js";
import { type AttributedRow, sharesOf } from "../shares/shares.js";
import type { Checkpoint } from "./checkpoint.js";
import { createFeatureMaker } from "./featureMaker.js";
import type { FeatureSpace } from "./featureSpace.js";
import { createQueryMetric, landmarkRows, type QueryMetric } from "./queryMetric.js";

/** Names the method on receipts; raise the number when scores or shares change. */
export const METHOD: Hex = keccak256(
	utf8(
		"openledger-influence/4: served adapter, adam metric, kronecker eigenbasis of 48 vectors from 64 rows, unit rows of 4 bit, damped inverse fisher over rows; above the largest of chance and an eighth of the best, less the larger of that eighth and the best unpaid, which is the pool's weight, and what earlier rows explain, finely",
	),
);

/** The committed parts of a run that an attribution needs. */
export interface AttributableRun {
	readonly adapterConfig: AdapterConfig;
	/** Draws the rows that space and metric are made of. */
	readonly seed: number;
	/** The state of the served adapter. */
	readonly checkpoint: Checkpoint;
	readonly space: FeatureSpace;
	readonly features: FeatureRows;
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
	/** The rows above the bar, with their scores. */
	readonly counted: readonly CountedScore[];
	/** Digest of the answer's own feature. */
	readonly queryDigest: Hex;
}

export interface Attributor {
	/** The answer's int8 feature. */
	query(answer: Answer): Int8Array;
	attribute(answer: Answer): Attribution;
	close(): void;
}

/** Makes an attributor for a run; it keeps its programs until closed. */
export function createAttributor(engine: Engine, run: AttributableRun, rows: readonly AttributedRow[]): Attributor {
	const { adapterConfig, checkpoint, space, features, seed } = run;
	if (rows.length !== features.rows)
		throw new RangeError(`the run has features of ${features.rows} rows, ${rows.length} rows were given`);
	const maker = createFeatureMaker(engine, adapterConfig, checkpoint, space);
	const scan = createLocalScan(features);
	const known = rows.map((row, i) => ({ ...row, learnt: features.scales[i] !== 0 }));
	const explains = explainsByFeatures((row) => ({
		scale: features.scales[row]!,
		numbers: featureNumbers(features, row),
	}));
	let metric: QueryMetric | undefined;
	const query = ({ promptTokens, responseTokens }: Answer): Int8Array => {
		const tokens = [...promptTokens, ...responseTokens, engine.base.endOfText];
		const batch = makeBatch([{ tokens, from: promptTokens.length }], engine.base.padding);
		metric ??= createQueryMetric(features, landmarkRows(features, seed));
		return metric.query(maker.whitened(batch)[0]!);
	};
	return {
		query,
		attribute(answer) {
			const asked = query(answer);
			const scores = [...scan.scan(asked)];
			const { leaves, unattributedPpm, counted } = sharesOf(scores, known, explains);
			const digest = queryDigest(asked);
			return { method: METHOD, scores, shares: leaves, unattributedPpm, counted, queryDigest: digest };
		},
		close: () => maker.close(),
	};
}
