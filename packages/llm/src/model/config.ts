// The part of a Hugging Face config.json that a Llama model is made from; what we cannot run is refused by name.

import { ModelError } from "../errors.js";

export interface LlamaConfig {
	readonly hiddenSize: number;
	readonly intermediateSize: number;
	readonly layers: number;
	readonly heads: number;
	readonly kvHeads: number;
	readonly headDim: number;
	readonly vocabSize: number;
	readonly maxPositions: number;
	readonly ropeTheta: number;
	readonly rmsNormEps: number;
	readonly tiedEmbeddings: boolean;
}

const LIMIT = 1_000_000;

/** Reads a parsed config.json. `file` names it in errors. */
export function parseConfig(json: unknown, file = "config.json"): LlamaConfig {
	if (json === null || typeof json !== "object" || Array.isArray(json)) {
		throw new ModelError("config-malformed", `${file}: must be a JSON object`);
	}
	const c = json as Record<string, unknown>;
	const whole = (key: string, fallback?: number): number => {
		const value = c[key] ?? fallback;
		if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > LIMIT) {
			throw new ModelError(
				"config-malformed",
				`${file}: ${key} must be a whole number from 1 to ${LIMIT}, got ${String(value)}`,
			);
		}
		return value as number;
	};
	const positive = (key: string, fallback: number): number => {
		const value = c[key] ?? fallback;
		if (typeof value !== "number" || !(value > 0) || !Number.isFinite(value)) {
			throw new ModelError("config-malformed", `${file}: ${key} must be a positive number, got ${String(value)}`);
		}
		return value;
	};
	const only = (key: string, allowed: readonly unknown[]): void => {
		if (key in c && !allowed.includes(c[key] ?? null)) {
			throw new ModelError(
				"config-unsupported",
				`${file}: ${key} = ${JSON.stringify(c[key])} is not supported; supported: ${allowed.map((a) => JSON.stringify(a)).join(", ")}`,
			);
		}
	};
	only("model_type", ["llama"]);
	only("hidden_act", ["silu"]);
	only("attention_bias", [false, null]);
	only("mlp_bias", [false, null]);
	only("rope_scaling", [null]);
	only("pretraining_tp", [1, null]);
	const heads = whole("num_attention_heads");
	const hiddenSize = whole("hidden_size");
	const config: LlamaConfig = {
		hiddenSize,
		intermediateSize: whole("intermediate_size"),
		layers: whole("num_hidden_layers"),
		heads,
		kvHeads: whole("num_key_value_heads", heads),
		headDim: whole("head_dim", Math.max(1, Math.floor(hiddenSize / heads))),
		vocabSize: whole("vocab_size"),
		maxPositions: whole("max_position_embeddings"),
		ropeTheta: positive("rope_theta", 10000),
		rmsNormEps: positive("rms_norm_eps", 1e-6),
		tiedEmbeddings: c.tie_word_embeddings === true,
	};
	if (heads % config.kvHeads !== 0) {
		throw new ModelError(
			"config-malformed",
			`${file}: num_key_value_heads ${config.kvHeads} must divide num_attention_heads ${heads}`,
		);
	}
	if (config.headDim % 4 !== 0) {
		throw new ModelError("config-unsupported", `${file}: head_dim ${config.headDim} must be a multiple of 4`);
	}
	return config;
}

/** The config.json that Hugging Face transformers reads back as this model. */
export function writeConfig(
	config: LlamaConfig,
	tokens: { readonly bos: number; readonly eos: number; readonly pad: number },
	dtype: string,
): object {
	return {
		architectures: ["LlamaForCausalLM"],
		model_type: "llama",
		hidden_size: config.hiddenSize,
		intermediate_size: config.intermediateSize,
		num_hidden_layers: config.layers,
		num_attention_heads: config.heads,
		num_key_value_heads: config.kvHeads,
		head_dim: config.headDim,
		vocab_size: config.vocabSize,
		max_position_embeddings: config.maxPositions,
		rope_theta: config.ropeTheta,
		rms_norm_eps: config.rmsNormEps,
		hidden_act: "silu",
		attention_bias: false,
		mlp_bias: false,
		tie_word_embeddings: config.tiedEmbeddings,
		bos_token_id: tokens.bos,
		eos_token_id: tokens.eos,
		pad_token_id: tokens.pad,
		torch_dtype: dtype,
	};
}
