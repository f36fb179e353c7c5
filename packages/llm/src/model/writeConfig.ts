// The way back from a config to the config.json of its family.

import { ModelError } from "../errors.js";
import type { LlamaConfig } from "./config.js";
import type { RopeScaling } from "./ropeScaling.js";

const ARCHITECTURES = { llama: "LlamaForCausalLM", qwen2: "Qwen2ForCausalLM", qwen3: "Qwen3ForCausalLM" } as const;

function familyOf(config: LlamaConfig): keyof typeof ARCHITECTURES {
	const family = config.headNorms ? "qwen3" : config.attentionBias === "qkv" ? "qwen2" : "llama";
	if ((family !== "llama" && config.mlpBias) || (family === "qwen3" && config.attentionBias === "qkv")) {
		throw new ModelError("config-unsupported", `no family has these biases together: ${JSON.stringify(config)}`);
	}
	return family;
}

function scalingJson(scaling: RopeScaling): object {
	if (scaling.kind === "linear") return { rope_type: "linear", factor: scaling.factor };
	return {
		rope_type: "llama3",
		factor: scaling.factor,
		low_freq_factor: scaling.lowFrequencyFactor,
		high_freq_factor: scaling.highFrequencyFactor,
		original_max_position_embeddings: scaling.originalMaxPositions,
	};
}

/** The config.json that Hugging Face transformers reads back as this model. */
export function writeConfig(
	config: LlamaConfig,
	tokens: { readonly bos: number; readonly eos: number; readonly pad: number },
	dtype: string,
): object {
	const family = familyOf(config);
	return {
		architectures: [ARCHITECTURES[family]],
		model_type: family,
		hidden_size: config.hiddenSize,
		intermediate_size: config.intermediateSize,
		num_hidden_layers: config.layers,
		num_attention_heads: config.heads,
		num_key_value_heads: config.kvHeads,
		head_dim: config.headDim,
		vocab_size: config.vocabSize,
		max_position_embeddings: config.maxPositions,
		rope_theta: config.ropeTheta,
		...(config.ropeScaling && { rope_scaling: scalingJson(config.ropeScaling) }),
		rms_norm_eps: config.rmsNormEps,
		hidden_act: "silu",
		...(family !== "qwen2" && { attention_bias: config.attentionBias === "all" }),
		...(family === "llama" && { mlp_bias: config.mlpBias === true }),
		tie_word_embeddings: config.tiedEmbeddings,
		bos_token_id: tokens.bos,
		eos_token_id: tokens.eos,
		pad_token_id: tokens.pad,
		torch_dtype: dtype,
	};
}
