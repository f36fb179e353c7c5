// Adapters in the form of Hugging Face PEFT, both ways, strictly: every tensor must match a module, every module must be there.

import { type Digest, sha256 } from "../digest.js";
import { ModelError } from "../errors.js";
import { readSafetensors } from "../formats/safetensors.js";
import { writeSafetensors } from "../formats/writeSafetensors.js";
import type { LlamaConfig } from "../model/config.js";
import { LINEARS, type LinearName } from "../model/parameters.js";
import { type AdapterConfig, type AdapterWeights, adapterModules } from "./adapterConfig.js";

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
		tensors.set(nameOf(m.path, "A"), { shape: [adapter.rank, m.inputSize], data: own.A });
		tensors.set(nameOf(m.path, "B"), { shape: [m.outputSize, adapter.rank], data: own.B });
	}
	return writeSafetensors(tensors);
}

/** The adapter_config.json that PEFT, vLLM and SGLang read. */
export function writeAdapterConfig(adapter: AdapterConfig, baseName: string): object {
	return {
		peft_type: "LORA",
		task_type: "CAUSAL_LM",
		base_model_name_or_path: baseName,
		r: adapter.rank,
		lora_alpha: adapter.alpha,
		lora_dropout: 0,
		target_modules: [...adapter.targets],
		bias: "none",
		fan_in_fan_out: false,
		use_dora: false,
		use_rslora: false,
		modules_to_save: null,
		inference_mode: true,
		revision: null,
	};
}

/** Reads a parsed adapter_config.json; what would change the meaning of the weights is refused by name. */
export function parseAdapterConfig(json: unknown, file = "adapter_config.json"): AdapterConfig {
	if (json === null || typeof json !== "object" || Array.isArray(json))
		throw new ModelError("adapter-malformed", `${file}: must be a JSON object`);
	const c = json as Record<string, unknown>;
	const plain: readonly (readonly [string, readonly unknown[]])[] = [
		["bias", ["none"]],
		["use_dora", [false]],
		["use_rslora", [false]],
		["fan_in_fan_out", [false]],
		["modules_to_save", [null]],
		["layers_to_transform", [null]],
		["layer_replication", [null]],
		["lora_bias", [false]],
		["trainable_token_indices", [null]],
	];
	if (c.peft_type !== "LORA")
		throw new ModelError("adapter-unsupported", `${file}: peft_type is ${String(c.peft_type)}, only LORA is read`);
	for (const [key, allowed] of plain) {
		if (key in c && !allowed.includes(c[key] ?? null) && c[key] !== null) {
			throw new ModelError(
				"adapter-unsupported",
				`${file}: ${key} = ${JSON.stringify(c[key])} is not supported; it must be ${JSON.stringify(allowed[0])}`,
			);
		}
	}
	for (const key of ["rank_pattern", "alpha_pattern"]) {
		if (c[key] && Object.keys(c[key] as object).length > 0)
			throw new ModelError("adapter-unsupported", `${file}: ${key} is not supported; it must be empty`);
	}
	const { r, lora_alpha: alpha, target_modules: targets } = c;
	if (typeof r !== "number" || !Number.isSafeInteger(r))
		throw new ModelError("adapter-malformed", `${file}: r must be a whole number`);
	if (typeof alpha !== "number" || !Number.isFinite(alpha) || alpha <= 0)
		throw new ModelError("adapter-malformed", `${file}: lora_alpha must be a positive number`);
	const names = targets === "all-linear" ? [...LINEARS] : targets;
	if (!Array.isArray(names) || names.length === 0 || !names.every((t) => LINEARS.includes(t as LinearName))) {
		throw new ModelError(
			"adapter-unsupported",
			`${file}: target_modules must be "all-linear" or a list from ${LINEARS.join(", ")}`,
		);
	}
	return { rank: r, alpha, targets: LINEARS.filter((l) => names.includes(l)) };
}

/** Reads an adapter for a base. Missing, unexpected or misshapen tensors are refused, naming the tensor. */
export function readAdapter(config: LlamaConfig, configJson: unknown, model: Uint8Array, name = "adapter"): Adapter {
	const adapter = parseAdapterConfig(configJson, `${name}/adapter_config.json`);
	const file = `${name}/adapter_model.safetensors`;
	const { tensors } = readSafetensors(model, file);
	const left = new Set(tensors.keys());
	const weights = new Map<string, { A: Float32Array; B: Float32Array }>();
	for (const m of adapterModules(config, adapter)) {
		const take = (part: "A" | "B", shape: readonly number[]): Float32Array => {
			const key = nameOf(m.path, part);
			const tensor = tensors.get(key);
			if (tensor === undefined)
				throw new ModelError("tensor-missing", `${file}: ${key} is missing; adapter_config.json targets it`);
			if (tensor.shape.length !== shape.length || tensor.shape.some((d, i) => d !== shape[i])) {
				throw new ModelError("tensor-shape", `${file}: ${key} is [${tensor.shape}], this base wants [${shape}]`);
			}
			left.delete(key);
			return tensor.data;
		};
		weights.set(m.path, { A: take("A", [adapter.rank, m.inputSize]), B: take("B", [m.outputSize, adapter.rank]) });
	}
	const [extra] = left;
	if (extra !== undefined)
		throw new ModelError("tensor-unexpected", `${file}: ${extra} matches no targeted module of this base`);
	return { config: adapter, weights, digest: sha256(model) };
}
