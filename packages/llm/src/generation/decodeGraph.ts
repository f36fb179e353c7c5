// One pass over new tokens of several sequences and their key–value caches, as a graph.

import { cachedAttention, input, reshape, SEGMENT, type Tensor } from "@openledger/tensor";
import { type AdapterConfig, adapterModules } from "../lora/adapterConfig.js";
import { adapterAddition, adapterInputs, stackedAddition, stackedInputs } from "../lora/adapterGraph.js";
import type { LlamaConfig } from "../model/config.js";
import { llamaInputs, llamaLogits } from "../model/llama.js";
import type { WeightForm } from "../model/weights.js";

export const keysOf = (layer: number): string => `cache.keys.${layer}`;
export const valuesOf = (layer: number): string => `cache.values.${layer}`;

/** What an adapter is to a graph: inputs shared by all rows, or stacks with a place for each slot. */
export interface AdapterForm {
	readonly config: AdapterConfig;
	readonly stacked: boolean;
}

export interface DecodeShape {
	/** Rows of all slots together, and how many of them get logits. */
	readonly rows: number;
	readonly wanted: number;
	readonly slots: number;
	readonly capacity: number;
}

/** Logits [wanted, vocab]. */
export function decodeGraph(
	config: LlamaConfig,
	form: WeightForm,
	{ rows, wanted, slots, capacity }: DecodeShape,
	adapter: AdapterForm | undefined,
): Tensor {
	const cache = [slots, capacity, config.kvHeads, config.headDim];
	const segments = input("segments", [slots, SEGMENT], "i32");
	const modules = adapter === undefined ? [] : adapterModules(config, adapter.config);
	const addition =
		adapter === undefined
			? undefined
			: adapter.stacked
				? stackedAddition(adapter.config, stackedInputs(modules, slots), segments)
				: adapterAddition(adapter.config, adapterInputs(modules), 1, rows);
	return llamaLogits(config, llamaInputs(config, 1, rows, form), 1, rows, {
		...(addition !== undefined && { addition }),
		attend: (layer, q, k, v, scale) => {
			const [Q, K, V] = [q, k, v].map((t) => reshape(t, t.shape.slice(1))) as [typeof q, typeof q, typeof q];
			const [keys, values] = [input(keysOf(layer), cache), input(valuesOf(layer), cache)];
			return reshape(cachedAttention(Q, K, V, keys, values, segments, scale), q.shape);
		},
		positions: input("positions", [wanted], "i32"),
	});
}
