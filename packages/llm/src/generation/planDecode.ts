// What decoding will take, before anything is taken: weights in their form, caches, and one pass over new tokens.

import { createMachine, describeProgram, type NodeBytes } from "@openledger/tensor";
import type { AdapterConfig } from "../lora/adapterConfig.js";
import type { LlamaConfig } from "../model/config.js";
import type { WeightForm } from "../model/weights.js";
import { decodeGraph } from "./decodeGraph.js";

export interface DecodePlan {
	readonly weightBytes: number;
	readonly adapterBytes: number;
	readonly cacheBytes: number;
	readonly logitBytes: number;
	/** All of the above. */
	readonly needBytes: number;
	readonly arenaBytes: number;
	readonly plannedBytes: number;
	/** planned / need */
	readonly ratio: number;
	readonly scratchBytes: number;
	readonly steps: number;
	readonly flops: number;
	readonly peak: NodeBytes;
	readonly largest: readonly NodeBytes[];
}

export interface PlanDecodeOptions {
	readonly config: LlamaConfig;
	/** Default: panels of f32, the form for generating. */
	readonly form?: WeightForm;
	/** An adapter of this configuration for each sequence. */
	readonly adapter?: AdapterConfig;
	/** Sequences side by side. */
	readonly slots: number;
	/** Tokens that each can hold. */
	readonly capacity: number;
	readonly threads?: number;
}

/** Plans the pass that takes one token of each sequence. */
export function planDecode(options: PlanDecodeOptions): DecodePlan {
	const { config, form = "packed", adapter, slots, capacity, threads = 1 } = options;
	const shape = { rows: slots, wanted: slots, slots, capacity };
	const logits = decodeGraph(config, form, shape, adapter && { config: adapter, stacked: true });
	const machine = createMachine({ threads });
	const found = describeProgram(machine.kernels, { logits });
	machine.close();
	const total = (test: (name: string) => boolean) =>
		found.inputs.filter(({ name }) => test(name)).reduce((sum, { bytes }) => sum + bytes, 0);
	const isCache = (name: string) => name.startsWith("cache.");
	const isAdapter = (name: string) => name.includes(".lora_");
	const parts = {
		weightBytes: total((name) => !isCache(name) && !isAdapter(name)),
		adapterBytes: total(isAdapter),
		cacheBytes: total(isCache),
		logitBytes: 4 * slots * config.vocabSize,
	};
	const needBytes = Object.values(parts).reduce((a, b) => a + b, 0);
	const { arenaBytes, scratchBytes, steps, flops, peak, largest } = found;
	const plannedBytes = total(() => true) + arenaBytes;
	const ratio = plannedBytes / needBytes;
	return { ...parts, needBytes, arenaBytes, plannedBytes, ratio, scratchBytes, steps, flops, peak, largest };
}
