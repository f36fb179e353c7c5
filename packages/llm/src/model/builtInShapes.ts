// Shapes of models of about 3 M, 15 M and 135 M parameters (the last is SmolLM2-135M's), for plans and measurements: no weights belong to them.

import { type LlamaConfig, parseConfig } from "./config.js";

const llama = (fields: Record<string, unknown>): LlamaConfig =>
	parseConfig({ model_type: "llama", max_position_embeddings: 8192, tie_word_embeddings: true, ...fields });

export const builtInShapes: Readonly<Record<"3M" | "15M" | "135M", LlamaConfig>> = {
	"3M": llama({
		hidden_size: 208,
		intermediate_size: 560,
		num_hidden_layers: 5,
		num_attention_heads: 4,
		vocab_size: 2048,
	}),
	"15M": llama({
		hidden_size: 288,
		intermediate_size: 768,
		num_hidden_layers: 6,
		num_attention_heads: 6,
		vocab_size: 32000,
	}),
	"135M": llama({
		hidden_size: 576,
		intermediate_size: 1536,
		num_hidden_layers: 30,
		num_attention_heads: 9,
		num_key_value_heads: 3,
		vocab_size: 49152,
	}),
};
