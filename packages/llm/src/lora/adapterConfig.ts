// What a LoRA adapter is (Hu et al. 2021): per linear layer y += (α/r)·(x Aᵀ) Bᵀ with A [r, in], B [out, r].

import { drawUniform } from "@openledger/tensor";
import { ModelError } from "../errors.js";
import type { LlamaConfig } from "../model/config.js";
import { LINEARS, type LinearName, linearPath, linearShape } from "../model/parameters.js";

export interface AdapterConfig {
	readonly rank: number;
	readonly alpha: number;
	readonly targets: readonly LinearName[];
}

export interface AdapterModule {
	readonly path: string;
	readonly inputSize: number;
	readonly outputSize: number;
}

/** Numbers of one adapter: A and B of each module by its path. */
export type AdapterWeights = ReadonlyMap<string, { readonly A: Float32Array; readonly B: Float32Array }>;

/** The modules an adapter touches, in the order of the forward pass. */
export function adapterModules(config: LlamaConfig, adapter: AdapterConfig): AdapterModule[] {
	if (!Number.isSafeInteger(adapter.rank) || adapter.rank < 1 || adapter.rank > 256 || adapter.rank % 4 !== 0) {
		throw new ModelError("adapter-unsupported", `rank ${adapter.rank} must be a multiple of 4 from 4 to 256`);
	}
	const out: AdapterModule[] = [];
	for (let layer = 0; layer < config.layers; layer++) {
		for (const linear of LINEARS) {
			if (!adapter.targets.includes(linear)) continue;
			const [outputSize, inputSize] = linearShape(config, linear);
			out.push({ path: linearPath(layer, linear), inputSize, outputSize });
		}
	}
	return out;
}

/** The factor α/r, as f32. */
export function adapterScale(adapter: AdapterConfig): number {
	return Math.fround(adapter.alpha / adapter.rank);
}

const PURPOSE_ADAPTER = 0x10a;

/** A fresh adapter: A uniform in ±1/√in (PEFT's Kaiming choice), B zero, so it changes nothing yet. */
export function initialAdapter(config: LlamaConfig, adapter: AdapterConfig, seed: number): AdapterWeights {
	const out = new Map<string, { A: Float32Array; B: Float32Array }>();
	adapterModules(config, adapter).forEach((module, step) => {
		const bound = 1 / Math.sqrt(module.inputSize);
		const A = new Float32Array(adapter.rank * module.inputSize);
		for (let i = 0; i < A.length; i++)
			A[i] = (2 * drawUniform({ seed, purpose: PURPOSE_ADAPTER, step }, i) - 1) * bound;
		out.set(module.path, { A, B: new Float32Array(module.outputSize * adapter.rank) });
	});
	return out;
}
