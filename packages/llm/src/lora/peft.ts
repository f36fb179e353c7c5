// Adapters in the form of Hugging Face PEFT, both ways, strictly: every tensor must match a module, every module must be there.

import { type Digest, sha256 } from "../digest.js";
import { ModelError } from "../errors.js";
import { openSafetensors } from "../formats/safetensors.js";
import { writeSafetensors } from "../formats/writeSafetensors.js";
import type { LlamaConfig } from "../model/config.js";
import { type AdapterConfig, type AdapterWeights, adapterModules } from "./adapterConfig.js";
import { parseAdapterConfig } from "./peftConfig.js";

export interface Adapter {
	readonly config: AdapterConfig;
	readonly weights: AdapterWeights;
	/** sha256 of adapter_model.safetensors: the adapter's identity. */
	readonly digest: Digest;
}

const nameOf = (path: string, part: "A" | "B"): string => `base_model.model.${path}.lora_${part}.weight`;

/** Bytes of adapter_model.safetensors. Equal numbers give equal bytes. */
export function writeAdapterModel(config: LlamaConfig, adapter: AdapterConfig, weights: AdapterWeights): Uint8Array {
	const tensors = new Map<string, { shape: number[]; data: Float32Array }>();
	for (const m of adapterModules(config, adapter)) {
		const own = weights.get(m.path);
		if (own === undefined) throw new ModelError("tensor-missing", `adapter: no weights for ${m.path}`);
		tensors.set(nameOf(m.path, "A"), { shape: [m.rank, m.inputSize], data: own.A });
		tensors.set(nameOf(m.path, "B"), { shape: [m.outputSize, m.rank], data: own.B });
	}
	return writeSafetensors(tensors);
}

/**
 * Reads an adapter for a base. Missing, unexpected or misshapen tensors are refused, naming the tensor, before a number is read.
 */
export function readAdapter(config: LlamaConfig, configJson: unknown, model: Uint8Array, name = "adapter"): Adapter {
	const adapter = parseAdapterConfig(configJson, `${name}/adapter_config.json`);
	const file = `${name}/adapter_model.safetensors`;
	const { shapes, read } = openSafetensors(model, file);
	const left = new Set(shapes.keys());
	const modules = adapterModules(config, adapter);
	for (const m of modules) {
		for (const [part, shape] of [
			["A", [m.rank, m.inputSize]],
			["B", [m.outputSize, m.rank]],
		] as const) {
			const key = nameOf(m.path, part);
			const found = shapes.get(key);
			if (found === undefined)
				throw new ModelError("tensor-missing", `${file}: ${key} is missing; adapter_config.json targets it`);
			if (found.length !== 2 || found.some((d, i) => d !== shape[i]))
				throw new ModelError("tensor-shape", `${file}: ${key} is [${found}], this base wants [${shape}]`);
			left.delete(key);
		}
	}
	const [extra] = left;
	if (extra !== undefined)
		throw new ModelError("tensor-unexpected", `${file}: ${extra} matches no targeted module of this base`);
	const weights = new Map(
		modules.map(({ path }) => [path, { A: read(nameOf(path, "A")), B: read(nameOf(path, "B")) }]),
	);
	return { config: adapter, weights, digest: sha256(model) };
}
