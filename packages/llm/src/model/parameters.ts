// Names and shapes of a model's parameters, as Hugging Face writes them: linear weights are [out, in], biases [out].

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

export const EMBEDDING = "model.embed_tokens.weight";
export const HEAD = "lm_head.weight";

/** [out, in] of a linear layer. */
export function linearShape(config: LlamaConfig, linear: LinearName): readonly [number, number] {
	const { hiddenSize: d, intermediateSize: f, heads, kvHeads, headDim } = config;
	if (linear === "q_proj") return [heads * headDim, d];
	if (linear === "k_proj" || linear === "v_proj") return [kvHeads * headDim, d];
	if (linear === "o_proj") return [d, heads * headDim];
	if (linear === "down_proj") return [d, f];
	return [f, d];
}

/** Whether a linear layer of this model adds a bias. */
export function hasBias(config: LlamaConfig, linear: LinearName): boolean {
	if (PARENT[linear] === "mlp") return config.mlpBias === true;
	return config.attentionBias === "all" || (config.attentionBias === "qkv" && linear !== "o_proj");
}

/** The module path of a linear layer, for instance `model.layers.0.self_attn.q_proj`. */
export function linearPath(layer: number, linear: LinearName): string {
	return `model.layers.${layer}.${PARENT[linear]}.${linear}`;
}

/** Every parameter by name, in the order of the forward pass. */
export function parameterShapes(config: LlamaConfig): Map<string, readonly number[]> {
	const { hiddenSize: d, vocabSize } = config;
	const out = new Map<string, readonly number[]>([[EMBEDDING, [vocabSize, d]]]);
	for (let layer = 0; layer < config.layers; layer++) {
		out.set(`model.layers.${layer}.input_layernorm.weight`, [d]);
		for (const linear of LINEARS) {
			const shape = linearShape(config, linear);
			out.set(`${linearPath(layer, linear)}.weight`, shape);
			if (hasBias(config, linear)) out.set(`${linearPath(layer, linear)}.bias`, [shape[0]]);
		}
		if (config.headNorms) {
			for (const norm of ["q_norm", "k_norm"])
				out.set(`model.layers.${layer}.self_attn.${norm}.weight`, [config.headDim]);
		}
		out.set(`model.layers.${layer}.post_attention_layernorm.weight`, [d]);
	}
	out.set("model.norm.weight", [d]);
	if (!config.tiedEmbeddings) out.set(HEAD, [vocabSize, d]);
	return out;
}

/** How many numbers `parameterShapes` describes, without listing them. Exact below 2⁵³. */
export function parameterCount(config: LlamaConfig): number {
	const { hiddenSize: d, vocabSize, layers } = config;
	let layer = 2 * d + (config.headNorms ? 2 * config.headDim : 0);
	for (const linear of LINEARS) {
		const [rows, columns] = linearShape(config, linear);
		layer += rows * columns + (hasBias(config, linear) ? rows : 0);
	}
	return layers * layer + d + vocabSize * d * (config.tiedEmbeddings ? 1 : 2);
}
