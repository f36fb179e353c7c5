// Tiny seeded models of the three families, as the files of Hugging Face folders, each with an adapter: together they use every
// feature that is read. Held against Hugging Face's own code by huggingface.test.ts; never for use.

import { drawNormals } from "@openledger/tensor";
import type { TensorMap } from "../formats/safetensors.js";
import { writeSafetensors } from "../formats/writeSafetensors.js";
import type { AdapterConfig } from "../lora/adapterConfig.js";
import type { BaseFiles } from "../model/baseModel.js";
import { parseConfig } from "../model/config.js";
import { LINEARS, parameterShapes } from "../model/parameters.js";
import { tinyTokenizer } from "./tinyBase.js";

export interface TinyFamily {
	readonly name: string;
	readonly files: BaseFiles;
	readonly adapter: AdapterConfig;
}

const COMMON = {
	hidden_size: 32,
	intermediate_size: 40,
	num_hidden_layers: 2,
	num_attention_heads: 4,
	num_key_value_heads: 2,
	max_position_embeddings: 64,
	hidden_act: "silu",
};

/** Untied, biased everywhere, heads wider than hidden/heads, three bands of RoPE frequencies in the newer form. */
const LLAMA3 = {
	...COMMON,
	model_type: "llama",
	head_dim: 12,
	attention_bias: true,
	mlp_bias: true,
	tie_word_embeddings: false,
	rms_norm_eps: 1e-5,
	rope_parameters: {
		rope_type: "llama3",
		rope_theta: 500,
		factor: 8,
		low_freq_factor: 1,
		high_freq_factor: 4,
		original_max_position_embeddings: 32,
	},
};

/** Biases on q, k and v that the config does not mention, tied, stretched positions in the older form. */
const QWEN2 = {
	...COMMON,
	model_type: "qwen2",
	tie_word_embeddings: true,
	rms_norm_eps: 1e-6,
	rope_theta: 1000000,
	rope_scaling: { type: "linear", factor: 2.5 },
	use_sliding_window: false,
	sliding_window: 16,
	max_window_layers: 1,
};

/** Norms on the heads of q and k, one head of k and v for all, untied. */
const QWEN3 = {
	...COMMON,
	model_type: "qwen3",
	head_dim: 16,
	num_key_value_heads: 1,
	tie_word_embeddings: false,
	attention_bias: false,
	rms_norm_eps: 1e-6,
	rope_theta: 1000000,
	rope_scaling: null,
};

const utf8 = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

function cut(tensors: TensorMap): BaseFiles["model"] {
	const names = [...tensors.keys()];
	const parts = [names.slice(0, 9), names.slice(9)];
	const fileOf = (i: number) => `model-0000${i + 1}-of-00002.safetensors`;
	const map = parts.flatMap((part, i) => part.map((name) => [name, fileOf(i)] as const));
	const files = parts.map((part, i) => {
		return [fileOf(i), writeSafetensors(new Map(part.map((name) => [name, tensors.get(name)!])), "F16")] as const;
	});
	return { index: utf8({ metadata: {}, weight_map: Object.fromEntries(map) }), files: new Map(files) };
}

function family(name: string, stated: object, seed: number, adapter: AdapterConfig, sharded = false): TinyFamily {
	const { texts, vocabSize, ids } = tinyTokenizer();
	const json = {
		...stated,
		vocab_size: vocabSize,
		bos_token_id: ids.bos,
		eos_token_id: ids.eos,
		pad_token_id: ids.pad,
	};
	const tensors = new Map(
		[...parameterShapes(parseConfig(json))].map(([key, shape], step) => {
			const count = shape.reduce((a, b) => a * b, 1);
			const norm = key.includes("norm");
			const data = drawNormals({ seed, purpose: 0xfa31, step }, count).map((x) => 0.2 * x + (norm ? 1 : 0));
			return [key, { shape, data }] as const;
		}),
	);
	const model = sharded ? cut(tensors) : writeSafetensors(tensors);
	const texted = {
		tokenizer: utf8(JSON.parse(texts["tokenizer.json"])),
		tokenizerConfig: utf8(JSON.parse(texts["tokenizer_config.json"])),
	};
	return { name, files: { config: utf8(json), ...texted, model }, adapter };
}

/** One of each family: files in Hugging Face form, and the adapter to try on it. */
export function tinyFamilies(): TinyFamily[] {
	return [
		family("llama3", LLAMA3, 21, { rank: 6, alpha: 5, targets: LINEARS, rankStabilised: true }),
		family(
			"qwen2",
			QWEN2,
			22,
			{
				rank: 4,
				alpha: 8,
				targets: ["q_proj", "v_proj", "mlp.up_proj", "model.layers.1.mlp.down_proj"],
				rankPattern: { "layers.0.self_attn.q_proj": 2, v_proj: 8, "l.*1.mlp.up_proj": 3 },
				alphaPattern: { "[qv]_proj": 12, up_proj: 3 },
			},
			true,
		),
		family("qwen3", QWEN3, 23, {
			rank: 5,
			alpha: 7,
			targets: [],
			targetPattern: String.raw`model\.layers\.\d+\.(self_attn\.[kqo]_proj|mlp\.(gate|down)_proj)`,
			rankStabilised: true,
			rankPattern: { "^model.layers.1..*": 9 },
		}),
	];
}
