// Projected, preconditioned adapter gradients, one per row: the raw feature of a training row or of an answer.

import {
	type AdapterConfig,
	adapterAddition,
	adapterParameterShapes,
	adapterTensors,
	type Batch,
	type BatchShape,
	batchFeeds,
	type Engine,
	llamaInputs,
	rowLosses,
} from "@openledger/llm";
import {
	add,
	broadcastTo,
	compile,
	constant,
	div,
	type Feed,
	input,
	type Program,
	reshape,
	sqrt,
	sumAll,
	type Tensor,
	vjp,
} from "@openledger/tensor";
import type { Checkpoint } from "./checkpoint.js";
import { NUMBERS_PER_MATRIX, project, projectionFactors, projectionNames } from "./projection.js";

/** Keeps the fourth root of a never-touched second moment away from zero. */
const MOMENT_FLOOR = 1e-12;

export interface GradientCollector {
	/** Numbers in one feature. */
	readonly width: number;
	/** Features [rows, width] of a batch at a checkpoint. The gradient is that of the row's summed response loss. */
	collect(batch: Batch, checkpoint: Checkpoint): Float32Array;
	/** Compiles what a batch of this shape needs; OutOfMemoryError where it does not fit beside a checkpoint's numbers. */
	prepare(shape: BatchShape): void;
	close(): void;
}

const MOMENT = "moment:";

/**
 * Makes a collector on an engine. Each gradient is multiplied by v^(−1/4), so the product of two features is taken in AdamW's metric
 * v^(−1/2); then projected matrix by matrix. A row's feature never depends on the other rows of its batch.
 */
export function createGradientCollector(engine: Engine, adapter: AdapterConfig, seed: number): GradientCollector {
	const { config } = engine.base;
	const { machine } = engine;
	const shapes = adapterParameterShapes(config, adapter);
	const names = [...shapes.keys()];
	const width = names.length * NUMBERS_PER_MATRIX;
	const fixed: Record<string, Feed> = { ...engine.resident };
	const owned: { free(): void }[] = [];
	const hold = (name: string, shape: readonly number[], values: Float32Array) => {
		const buffer = machine.buffer(shape, values);
		owned.push(buffer);
		fixed[name] = buffer;
	};
	names.forEach((name, ordinal) => {
		const shape = shapes.get(name)! as readonly [number, number];
		const { left, right } = projectionFactors(shape, seed, ordinal);
		hold(projectionNames(name).left, [4, shape[0]], left);
		hold(projectionNames(name).right, [shape[1], 4], right);
	});
	const programs = new Map<string, Program<string>>();
	let loaded: { checkpoint: Checkpoint; feeds: Record<string, Feed>; buffers: { free(): void }[] } | undefined;

	function program(rows: number, length: number): Program<string> {
		const key = `${rows}×${length}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const perRow = new Map<string, Tensor>();
		for (const name of names) {
			const shape = shapes.get(name)!;
			perRow.set(name, broadcastTo(reshape(input(name, shape), [1, ...shape]), [rows, ...shape]));
		}
		const addition = adapterAddition(adapter, adapterTensors(config, adapter, perRow), rows, length);
		const loss = sumAll(rowLosses(config, llamaInputs(config, rows, length), { rows, length }, addition));
		const gradients = vjp(loss, [...perRow.values()], constant(1));
		const outputs: Record<string, Tensor> = {};
		names.forEach((name, i) => {
			const shape = shapes.get(name)!;
			const metric = sqrt(sqrt(add(input(MOMENT + name, shape), constant(MOMENT_FLOOR))));
			outputs[name] = project(div(gradients[i]!, reshape(metric, [1, ...shape])), name);
		});
		const compiled = compile(machine, outputs);
		programs.set(key, compiled);
		return compiled;
	}

	function feedsOf(checkpoint: Checkpoint): Record<string, Feed> {
		if (loaded?.checkpoint === checkpoint) return loaded.feeds;
		for (const b of loaded?.buffers ?? []) b.free();
		const feeds: Record<string, Feed> = {};
		const buffers: { free(): void }[] = [];
		for (const name of names) {
			for (const [key, values] of [
				[name, checkpoint.parameters],
				[MOMENT + name, checkpoint.second],
			] as const) {
				const buffer = machine.buffer(shapes.get(name)!, values.get(name)!);
				feeds[key] = buffer;
				buffers.push(buffer);
			}
		}
		loaded = { checkpoint, feeds, buffers };
		return feeds;
	}

	function prepare({ rows, length }: BatchShape): void {
		const beside: { free(): void }[] = [];
		try {
			if (loaded === undefined) for (const name of [...names, ...names]) beside.push(machine.buffer(shapes.get(name)!));
			program(rows, length);
		} finally {
			for (const b of beside) b.free();
		}
	}

	return {
		width,
		prepare,
		collect(batch, checkpoint) {
			const { rows, length } = batch.shape;
			const result = program(rows, length).run({
				...fixed,
				...feedsOf(checkpoint),
				...batchFeeds(config, batch, batch.counted),
			});
			const out = new Float32Array(rows * width);
			names.forEach((name, i) => {
				const part = result[name]!;
				for (let row = 0; row < rows; row++) {
					out.set(
						part.subarray(row * NUMBERS_PER_MATRIX, (row + 1) * NUMBERS_PER_MATRIX),
						row * width + i * NUMBERS_PER_MATRIX,
					);
				}
			});
			return out;
		},
		close() {
			for (const b of owned) b.free();
			for (const b of loaded?.buffers ?? []) b.free();
			loaded = undefined;
		},
	};
}
