// All that a verification needs to know of the form of a run's features: how they are kept, made and scored. It must not know receipts.

import {
	createFeatureMaker,
	type FeatureRecord,
	type FitOptions,
	featureLeafOf,
	featureNumbers,
	featureRowsTree,
	fitFeatureSpace,
	fittedRows,
	heads,
	landmarkRows,
	packedRowBytes,
	type ShareRule,
	scoreOf,
	shareRule,
	spaceDigest,
} from "@openledger/attribution";
import { type Engine, encodeRow, type TokenRow } from "@openledger/llm";
import type { Hex, Row } from "@openledger/protocol";
import type { TrainedRun } from "../readRun.js";
import { same } from "./difference.js";

export interface RunMeasure {
	/** Bytes of the committed features. */
	readonly bytes: number;
	record(row: number): FeatureRecord;
	proofOf(row: number): Hex[];
	leafOf(row: number, feature: FeatureRecord): Hex;
	readonly rule: ShareRule;
	/** By row: whether it counts. */
	heads(clusters: readonly { readonly cluster: number }[]): boolean[];
	score(query: Int8Array, row: number): number;
	/** Bytes of the rows' features that an answer's own feature hangs on, with their proofs: the same for every receipt of the run. */
	readonly landmarkBytes: number;
	/** Rows whose texts the space is fitted to. */
	readonly fitted: readonly number[];
	/** Rows that have a feature though they were not learnt from, or the other way round; none in an honest run but where a gradient is zero. */
	readonly odd: readonly number[];
	/** Fits the space that features live in again, from rows drawn long before. Throws a `Difference` unless it is the run's. */
	checkSpace(rows: readonly Row[], options?: Omit<FitOptions, "seed">): Promise<number>;
	/** Features of rows by their texts, in their order; those that were not learnt from have none. */
	make(rows: readonly { readonly index: number; readonly row: Row }[]): FeatureRecord[];
	close(): void;
}

/** Rows that meet the machine at once; where they do not fit, they come one by one. */
const ROWS_AT_ONCE = 8;

export function runMeasure(engine: Engine, run: TrainedRun): RunMeasure {
	const { features, recipe } = run;
	const maker = createFeatureMaker(engine, run.adapterConfig, run.checkpoint, run.space);
	const learnt = learntRows(run);
	const encode = (row: Row) => encodeRow(engine.base, row, { responsesOnly: recipe.responsesOnly });
	const fitted = fittedRows(
		[...learnt].sort((a, b) => a - b),
		run.seed,
	);
	let tree: ReturnType<typeof featureRowsTree> | undefined;
	const measured = (rows: readonly TokenRow[]): FeatureRecord[] => {
		try {
			return maker.rows(rows);
		} catch (cause) {
			if (rows.length === 1 || (cause as { code?: unknown }).code !== "out-of-memory") throw cause;
			return rows.flatMap((row) => maker.rows([row]));
		}
	};
	const record = (row: number): FeatureRecord => ({
		scale: features.scales[row]!,
		numbers: featureNumbers(features, row),
	});
	return {
		bytes: features.rows * packedRowBytes(features.width),
		record,
		proofOf(row) {
			tree ??= featureRowsTree(features);
			return tree.proofFor(row);
		},
		leafOf: (row, { scale, numbers }) => featureLeafOf(row, scale, numbers),
		rule: shareRule,
		heads: (clusters) => heads(clusters.map(({ cluster }, row) => ({ cluster, learnt: features.scales[row] !== 0 }))),
		score: (query, row) => scoreOf(query, record(row)),
		landmarkBytes:
			landmarkRows(features, run.seed).length * (packedRowBytes(features.width) + 32 * depthOf(features.rows)),
		fitted,
		odd: Array.from(features.scales.keys()).filter((row) => (features.scales[row] !== 0) !== learnt.has(row)),
		async checkSpace(rows, watched = {}) {
			const tokens = fitted.map((row) => encode(rows[row]!));
			const options = { seed: run.seed, ...watched };
			const again = await fitFeatureSpace(engine, run.adapterConfig, run.checkpoint, tokens, options);
			same("the digest of the features' space", spaceDigest(run.space), spaceDigest(again));
			return fitted.length;
		},
		make(rows) {
			const made = rows.map((): FeatureRecord => ({ scale: 0, numbers: new Int8Array(features.width) }));
			const present = rows.flatMap(({ index, row }, i) => {
				if (!learnt.has(index)) return [];
				return [{ i, tokens: encode(row) }];
			});
			for (let at = 0; at < present.length; at += ROWS_AT_ONCE) {
				const part = present.slice(at, at + ROWS_AT_ONCE);
				measured(part.map(({ tokens }) => tokens)).forEach((feature, k) => {
					made[part[k]!.i] = feature;
				});
			}
			return made;
		},
		close: () => maker.close(),
	};
}

/**
 * Rows that the run learnt from, by its committed steps. Where it stopped within its first epoch it may not have met all of them; those that it
 * measured then count as well.
 */
function learntRows({ history, plannedSteps, features }: TrainedRun): ReadonlySet<number> {
	const met = new Set(history.flatMap(({ rows }) => rows));
	const metAll = history.length === plannedSteps || (history.at(-1)?.epoch ?? 0) > 0;
	if (!metAll) features.scales.forEach((scale, row) => void (scale > 0 && met.add(row)));
	return met;
}

/** Siblings in a proof, at most. */
function depthOf(rows: number): number {
	let depth = 0;
	while (2 ** depth < rows) depth++;
	return depth;
}
