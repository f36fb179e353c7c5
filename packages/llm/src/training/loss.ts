// Losses over a Llama: the weighted sum of token losses, for full training and for adapters.

import {
	crossEntropy,
	type Feed,
	input,
	type Machine,
	mul,
	packedAttention,
	reshape,
	sum,
	sumAll,
	type Tensor,
} from "@openledger/tensor";
import { type AdapterConfig, adapterModules } from "../lora/adapterConfig.js";
import { type AdapterTensors, adapterAddition, inputNameA, inputNameB } from "../lora/adapterGraph.js";
import type { BaseModel } from "../model/baseModel.js";
import type { LlamaConfig } from "../model/config.js";
import { type Attend, type LinearAddition, type LlamaInputs, llamaInputs, llamaLogits } from "../model/llama.js";
import { parameterCount, parameterShapes } from "../model/parameters.js";
import { ropeTables } from "../model/ropeTables.js";
import type { Batch } from "./batch.js";
import { placesInRows } from "./packedBatch.js";
import type { BatchShape, LossGraph } from "./trainer.js";

/** Where rows lie end to end in one sequence, each sees itself alone. */
function attendInRows({ length, slots }: BatchShape): { readonly attend?: Attend } {
	if (slots === undefined) return {};
	const rowOf = input("rowOf", [length], "i32");
	return { attend: (_layer, q, k, v, scale) => packedAttention(q, k, v, rowOf, scale, { slots }) };
}

/** Per-row sums of weight × token loss, [rows]; one sum where rows lie end to end. */
export function rowLosses(
	config: LlamaConfig,
	inputs: LlamaInputs,
	shape: BatchShape,
	addition?: LinearAddition,
): Tensor {
	const { rows, length } = shape;
	const options = { ...(addition !== undefined && { addition }), ...attendInRows(shape) };
	const logits = llamaLogits(config, inputs, rows, length, options);
	const losses = crossEntropy(logits, input("targets", [rows * length], "i32"));
	return sum(reshape(mul(losses, input("weights", [rows * length])), [rows, length]), 1);
}

/** Loss with every parameter of the model trained. */
export function fullLoss(config: LlamaConfig): LossGraph {
	return (parameters, shape) =>
		sumAll(rowLosses(config, { ...llamaInputs(config, shape.rows, shape.length), parameters }, shape));
}

/** The adapter's tensors by module, from graph inputs by name. */
export function adapterTensors(
	config: LlamaConfig,
	adapter: AdapterConfig,
	named: ReadonlyMap<string, Tensor>,
): Map<string, AdapterTensors> {
	return new Map(
		adapterModules(config, adapter).map((m) => [
			m.path,
			{ A: named.get(inputNameA(m.path))!, B: named.get(inputNameB(m.path))! },
		]),
	);
}

/** Loss with only the adapter trained; the base's parameters are inputs that stay as they are. */
export function adapterLoss(config: LlamaConfig, adapter: AdapterConfig): LossGraph {
	return (parameters, shape) => {
		const addition = adapterAddition(adapter, adapterTensors(config, adapter, parameters), shape.rows, shape.length);
		return sumAll(rowLosses(config, llamaInputs(config, shape.rows, shape.length), shape, addition));
	};
}

/** Shapes of an adapter's parameters by graph input name. */
export function adapterParameterShapes(config: LlamaConfig, adapter: AdapterConfig): Map<string, readonly number[]> {
	const out = new Map<string, readonly number[]>();
	for (const m of adapterModules(config, adapter)) {
		out.set(inputNameA(m.path), [m.rank, m.inputSize]);
		out.set(inputNameB(m.path), [m.outputSize, m.rank]);
	}
	return out;
}

/** Feeds of a batch, without parameters. */
export function batchFeeds(config: LlamaConfig, batch: Batch, weights: Float32Array): Record<string, Feed> {
	const { tokens, targets, rowOf } = batch;
	if (rowOf === undefined) {
		const { cos: ropeCos, sin: ropeSin } = ropeTables(config, batch.shape.length);
		return { tokens, targets, weights, ropeCos, ropeSin };
	}
	const places = placesInRows(rowOf);
	const tables = ropeTables(config, 1 + places.reduce((most, place) => Math.max(most, place), 0));
	const half = config.headDim / 2;
	const inRows = (table: Float32Array) => {
		const out = new Float32Array(places.length * half);
		places.forEach((place, i) => {
			out.set(table.subarray(place * half, (place + 1) * half), i * half);
		});
		return out;
	};
	return { tokens, targets, weights, rowOf, ropeCos: inRows(tables.cos), ropeSin: inRows(tables.sin) };
}

/** A base's parameters as buffers of a machine, to be fed to every program. */
export function residentBase(machine: Machine, base: BaseModel): Record<string, Feed> {
	machine.requireRoom(4 * parameterCount(base.config), "the base model's weights");
	return Object.fromEntries(
		[...parameterShapes(base.config)].map(([name, shape]) => [name, machine.buffer(shape, base.parameters.get(name)!)]),
	);
}
