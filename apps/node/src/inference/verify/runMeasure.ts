// All that a verification needs to know of the form of a run's features: how they are kept, made and scored. It must not know receipts.

import {
	createGradientCollector,
	type FeatureRecord,
	featureLeaf,
	featureOf,
	heads,
	quantise,
	type ShareRule,
	scoreOf,
	shareRule,
} from "@openledger/attribution";
import type { TrainedRun } from "@openledger/factory";
import { type Engine, encodeRow, makeBatch, type TokenRow } from "@openledger/llm";
import {
	concatBytes,
	type Hex,
	keccak256,
	type MerkleTree,
	merkleTree,
	type Row,
	uint32,
	utf8,
} from "@openledger/protocol";

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
	/** Features of rows by their texts, in their order; those that were not learnt from have none. */
	make(rows: readonly { readonly index: number; readonly row: Row }[]): FeatureRecord[];
	close(): void;
}

/** Rows that meet the machine at once; where they do not fit, they come one by one. */
const ROWS_AT_ONCE = 8;

export function runMeasure(engine: Engine, run: TrainedRun): RunMeasure {
	const { features, checkpoints, recipe } = run;
	const collector = createGradientCollector(engine, run.adapterConfig, run.projectionSeed);
	const width = collector.width * checkpoints.length;
	const learnt = new Set(run.history.flatMap(({ rows }) => rows));
	let tree: MerkleTree | undefined;
	const collect = (rows: readonly TokenRow[]): Int8Array[] => {
		const batch = makeBatch(rows, engine.base.padding);
		const out = rows.map(() => new Int8Array(width));
		checkpoints.forEach((checkpoint, c) => {
			const raw = collector.collect(batch, checkpoint);
			out.forEach((numbers, i) => {
				const own = raw.subarray(i * collector.width, (i + 1) * collector.width);
				numbers.set(quantise(own), c * collector.width);
			});
		});
		return out;
	};
	const measured = (rows: readonly TokenRow[]): Int8Array[] => {
		try {
			return collect(rows);
		} catch (cause) {
			if (rows.length === 1 || (cause as { code?: unknown }).code !== "out-of-memory") throw cause;
			return rows.flatMap((row) => collect([row]));
		}
	};
	const record = (row: number): FeatureRecord => {
		const numbers = new Int8Array(width);
		checkpoints.forEach((_, c) => {
			numbers.set(featureOf(features, c, row), c * collector.width);
		});
		return { scale: 1, numbers };
	};
	return {
		bytes: features.rows * width,
		record,
		proofOf(row) {
			tree ??= merkleTree(Array.from({ length: features.rows }, (_, i) => featureLeaf(features, i)));
			return tree.proofFor(row);
		},
		leafOf: (row, { numbers }) =>
			keccak256(
				concatBytes(
					utf8("openledger-feature"),
					uint32(row),
					new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
				),
			),
		rule: shareRule,
		heads: (clusters) => {
			const has = (row: number) => record(row).numbers.some((number) => number !== 0);
			return heads(clusters.map(({ cluster }, row) => ({ cluster, learnt: has(row) })));
		},
		score: (query, row) => scoreOf(query, record(row)),
		make(rows) {
			const made = rows.map((): FeatureRecord => ({ scale: 1, numbers: new Int8Array(width) }));
			const present = rows.flatMap(({ index, row }, i) => {
				if (!learnt.has(index)) return [];
				return [{ i, tokens: encodeRow(engine.base, row, { responsesOnly: recipe.responsesOnly }) }];
			});
			for (let at = 0; at < present.length; at += ROWS_AT_ONCE) {
				const part = present.slice(at, at + ROWS_AT_ONCE);
				measured(part.map(({ tokens }) => tokens)).forEach((numbers, k) => {
					made[part[k]!.i] = { scale: 1, numbers };
				});
			}
			return made;
		},
		close: () => collector.close(),
	};
}
