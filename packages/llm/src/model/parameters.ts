// Names and shapes of a Llama model's parameters, as Hugging Face writes them: linear weights are [out, in].

import type { LlamaConfig } from "./config.js";

export const LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
export type LinearName = (typeof LINEARS)[number];

const PARENT: Record<LinearName, string> = {
	q_proj: "self_attn",
	k_proj: "self_attn",
	v_proj: "self_attn",
	o_proj: "self_attn",
	gate_proj: "mlp",
	up_proj: "mlp",
	down_proj: "mlp",
};

/** [out, in] of a linear layer. */
export function linearShape(config: LlamaConfig, linear: LinearName): readonly [number, number] {
	const { hiddenSize: d, intermediateSize: f, heads, kvHeads, headDim } = config;
	if (linear === "q_proj") return [heads * headDim, d];
	if (linear === "k_proj" || linear === "v_proj") return [kvHeads * headDim, d];
	if (linear === "o_proj") return [d, heads * headDim];
	if (linear === "down_proj") return [d, f];
	return [f, d];
}

/** The module path of a linear layer, for instance `model.layers.0.self_attn.q_proj`. */
export function linearPath(layer: number, linear: LinearName): string {
	return `model.layers.${layer}.${PARENT[linear]}.${linear}`;
}

/** Every parameter by name, in the order of the forward pass. */
export function parameterShapes(config: LlamaConfig): Map<string, readonly number[]> {
	const { hiddenSize: d, vocabSize } = config;
	const out = new Map<string, readonly number[]>([["model.embed_tokens.weight", [vocabSize, d]]]);
	for (let layer = 0; layer < config.layers; layer++) {
		out.set(`model.layers.${layer}.input_layernorm.weight`, [d]);
		for (const linear of LINEARS) out.set(`${linearPath(layer, linear)}.weight`, linearShape(config, linear));
		out.set(`model.layers.${layer}.post_attention_layernorm.weight`, [d]);
	}
	out.set("model.norm.weight", [d]);
	if (!config.tiedEmbeddings) out.set("lm_head.weight", [vocabSize, d]);
	return out;
}
