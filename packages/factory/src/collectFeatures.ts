// Influence features of all rows at all checkpoints of a run.

import {
	type Checkpoint,
	createGradientCollector,
	type FeatureIndex,
	type GradientCollector,
	quantisedFeatures,
} from "@openledger/attribution";
import { type AdapterConfig, type Engine, makeBatch, type TokenRow } from "@openledger/llm";
import { isOutOfMemory } from "./errors.js";

export interface CollectOptions {
	readonly engine: Engine;
	readonly adapter: AdapterConfig;
	readonly seed: number;
	/** Rows that were not trained on are undefined; their features are zeros. */
	readonly rows: readonly (TokenRow | undefined)[];
	readonly checkpoints: readonly Checkpoint[];
	readonly onRow?: (done: number, total: number) => void;
	readonly pause?: () => Promise<void>;
}

const ROWS_AT_ONCE = 16;

function byLength(rows: CollectOptions["rows"]): { readonly row: TokenRow; readonly i: number }[] {
	return rows
		.flatMap((row, i) => (row === undefined ? [] : [{ row, i }]))
		.sort((a, b) => a.row.tokens.length - b.row.tokens.length || a.i - b.i);
}

/** So many of the longest rows fit the machine at once. Throws OutOfMemoryError where not even one does. */
function rowsAtOnce(
	collector: GradientCollector,
	order: readonly { readonly row: TokenRow }[],
	padding: number,
): number {
	for (let most = ROWS_AT_ONCE; ; most /= 2) {
		const longest = order.slice(-most).map(({ row }) => row);
		try {
			if (longest.length > 0) collector.prepare(makeBatch(longest, padding).shape);
			return most;
		} catch (error) {
			if (!isOutOfMemory(error) || most === 1) throw error;
		}
	}
}

/** Finds out whether the features of these rows can be collected, and keeps nothing. Throws OutOfMemoryError where they cannot. */
export function prepareFeatures({ engine, adapter, seed, rows }: Omit<CollectOptions, "checkpoints">): void {
	const collector = createGradientCollector(engine, adapter, seed);
	try {
		rowsAtOnce(collector, byLength(rows), engine.base.padding);
	} finally {
		collector.close();
	}
}

/** The index; rows are met in order of length so that little is padded, which changes no bit. */
export async function collectFeatures({
	engine,
	adapter,
	seed,
	rows,
	checkpoints,
	onRow,
	pause,
}: CollectOptions): Promise<FeatureIndex> {
	const collector = createGradientCollector(engine, adapter, seed);
	try {
		const order = byLength(rows);
		const most = rowsAtOnce(collector, order, engine.base.padding);
		const out: Int8Array[] = [];
		let done = 0;
		for (const checkpoint of checkpoints) {
			const features = new Int8Array(rows.length * collector.width);
			for (let at = 0; at < order.length; at += most) {
				const part = order.slice(at, at + most);
				const raw = collector.collect(
					makeBatch(
						part.map((p) => p.row),
						engine.base.padding,
					),
					checkpoint,
				);
				const small = quantisedFeatures(collector, raw);
				part.forEach(({ i }, b) => {
					features.set(small.subarray(b * collector.width, (b + 1) * collector.width), i * collector.width);
				});
				done += part.length;
				onRow?.(done, order.length * checkpoints.length);
				await pause?.();
			}
			out.push(features);
		}
		return { rows: rows.length, width: collector.width, checkpoints: out };
	} finally {
		collector.close();
	}
}
