// Makes features in a fitted space: of rows, quantised; of an answer, as it is.

import {
	type AdapterConfig,
	type Batch,
	type BatchShape,
	type Engine,
	makeBatch,
	type TokenRow,
} from "@openledger/llm";
import { openAdapterGradients } from "./adapterGradients.js";
import type { Checkpoint } from "./checkpoint.js";
import type { FeatureSpace } from "./featureSpace.js";
import { type QuantisedRow, quantiseRow } from "./quantiseFeature.js";
import { rotationConstants, rotationReduction } from "./rotate.js";

export interface RowFeatureMaker {
	/** Numbers of a feature. */
	readonly width: number;
	/** Whitened features [rows, width] of a batch, before they are rounded. */
	whitened(batch: Batch): Float64Array[];
	/** Features of rows; a row's never depends on the others. */
	rows(rows: readonly TokenRow[]): QuantisedRow[];
	/** Compiles what a batch of this shape needs; OutOfMemoryError where it does not fit. */
	prepare(shape: BatchShape): void;
	close(): void;
}

/** Opens a maker of features at a checkpoint in the space fitted there. */
export function createFeatureMaker(
	engine: Engine,
	adapter: AdapterConfig,
	checkpoint: Checkpoint,
	space: FeatureSpace,
): RowFeatureMaker {
	const { rotations, kept, inverseDeviations } = space;
	const gradients = openAdapterGradients(
		engine,
		adapter,
		checkpoint,
		rotationReduction(rotations),
		rotationConstants(rotations),
	);
	const width = kept.length;

	function whitened(batch: Batch): Float64Array[] {
		const { rows } = batch.shape;
		const outputs = gradients.reduce(batch);
		const all = Array.from({ length: rows }, () => new Float64Array(width));
		let [from, next] = [0, 0];
		for (const { name, size } of rotations) {
			const values = outputs[name]!;
			const count = size[0] * size[1];
			for (; next < width && kept[next]! < from + count; next++) {
				const place = kept[next]! - from;
				for (let row = 0; row < rows; row++) all[row]![next] = values[row * count + place]! * inverseDeviations[next]!;
			}
			from += count;
		}
		return all;
	}

	return {
		width,
		whitened,
		rows: (rows) => whitened(makeBatch(rows, engine.base.padding)).map(quantiseRow),
		prepare: gradients.prepare,
		close: gradients.close,
	};
}
