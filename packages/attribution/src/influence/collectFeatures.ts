// Influence features of all rows at the served adapter: the space is fitted to some of them, then all are measured in it.

import { type AdapterConfig, type Engine, makeBatch, type TokenRow } from "@openledger/llm";
import { OutOfMemoryError } from "@openledger/tensor";
import type { FeatureRows } from "../features/index.js";
import type { Checkpoint } from "./checkpoint.js";
import { createFeatureMaker, type RowFeatureMaker } from "./featureMaker.js";
import { type FeatureSpace, featureWidth } from "./featureSpace.js";
import { fitFeatureSpace, fittedRows, prepareFeatureSpace } from "./fitFeatureSpace.js";

export interface CollectOptions {
	readonly engine: Engine;
	readonly adapter: AdapterConfig;
	readonly seed: number;
	/** Rows that were not trained on are undefined; their features are zeros. */
	readonly rows: readonly (TokenRow | undefined)[];
	readonly checkpoint: Checkpoint;
	/** Rows measured, some of them for the space first. */
	readonly onRow?: (done: number, total: number) => void;
	readonly pause?: () => Promise<void>;
}

export interface CollectedFeatures {
	readonly space: FeatureSpace;
	readonly features: FeatureRows;
}

const ROWS_AT_ONCE = 16;

function byLength(rows: CollectOptions["rows"]): { readonly row: TokenRow; readonly i: number }[] {
	return rows
		.flatMap((row, i) => (row === undefined ? [] : [{ row, i }]))
		.sort((a, b) => a.row.tokens.length - b.row.tokens.length || a.i - b.i);
}

/** Finds out whether the features of these rows can be collected, and keeps nothing. Throws OutOfMemoryError where they cannot. */
export function prepareFeatures(
	engine: Engine,
	adapter: AdapterConfig,
	parameters: ReadonlyMap<string, Float32Array>,
	rows: readonly (TokenRow | undefined)[],
): void {
	const longest = byLength(rows).map(({ row }) => row);
	prepareFeatureSpace(engine, adapter, parameters, longest.slice(-ROWS_AT_ONCE));
}

/** So many of the longest rows fit the machine at once. Throws OutOfMemoryError where not even one does. */
function rowsAtOnce(maker: RowFeatureMaker, order: readonly { readonly row: TokenRow }[], padding: number): number {
	for (let most = ROWS_AT_ONCE; ; most /= 2) {
		const longest = order.slice(-most).map(({ row }) => row);
		try {
			if (longest.length > 0) maker.prepare(makeBatch(longest, padding).shape);
			return most;
		} catch (error) {
			if (!(error instanceof OutOfMemoryError) || most === 1) throw error;
		}
	}
}

/** Space and features; rows are met in order of length so that little is padded, which changes no bit. */
export async function collectFeatures(options: CollectOptions): Promise<CollectedFeatures> {
	const { engine, adapter, seed, rows, checkpoint, onRow, pause } = options;
	const order = byLength(rows);
	const usable = rows.flatMap((row, i) => (row === undefined ? [] : [i]));
	const fitted = fittedRows(usable, seed).map((i) => rows[i]!);
	const total = 2 * fitted.length + order.length;
	const space = await fitFeatureSpace(engine, adapter, checkpoint, fitted, {
		seed,
		onRow: (done) => onRow?.(done, total),
		...(pause && { pause }),
	});
	const maker = createFeatureMaker(engine, adapter, checkpoint, space);
	try {
		const most = rowsAtOnce(maker, order, engine.base.padding);
		const width = featureWidth(space);
		const numbers = new Int8Array(rows.length * width);
		const scales = new Uint16Array(rows.length);
		for (let at = 0; at < order.length; at += most) {
			const part = order.slice(at, at + most);
			maker.rows(part.map(({ row }) => row)).forEach((made, k) => {
				const { i } = part[k]!;
				numbers.set(made.numbers, i * width);
				scales[i] = made.scale;
			});
			onRow?.(2 * fitted.length + at + part.length, total);
			await pause?.();
		}
		return { space, features: { rows: rows.length, width, numbers, scales } };
	} finally {
		maker.close();
	}
}
