// The forward pass of the Llama, Qwen2 and Qwen3 families as a graph (Touvron et al. 2023; Qwen team 2024, 2025; layout of
// Hugging Face). It knows no file and no adapter format.

import { add, attention, gather, input, reshape, rmsNorm, rope, siluGate, type Tensor } from "@openledger/tensor";
import type { LlamaConfig } from "./config.js";
import { EMBEDDING, HEAD, hasBias, LINEARS, type LinearName, linearPath, parameterShapes } from "./parameters.js";
import { type Matrices, matrixInputs, plainMatrices, type WeightForm } from "./weights.js";

/** What an adapter adds to a linear layer: given its input [rows, in], the term for its output [rows, out]. */
export type LinearAddition = (modulePath: string, x: Tensor) => Tensor | undefined;

/** How a layer mixes positions: q [B, T, heads, D], k and v [B, T, kvHeads, D] → [B, T, heads, D]. */
export type Attend = (layer: number, q: Tensor, k: Tensor, v: Tensor, scale: number) => Tensor;

/** The output of a linear layer with what adapters add to it: given its input [rows, in] and its output [rows, out]. */
export type LinearChange = (modulePath: string, x: Tensor, y: Tensor) => Tensor;

export interface LogitsOptions {
	readonly addition?: LinearAddition;
	/** After `addition`. */
	readonly change?: LinearChange;
	/** By default causal attention within the batch's own rows. */
	readonly attend?: Attend;
	/** i32: which of the B·T positions get logits; by default all. */
	readonly positions?: Tensor;
}

export interface LlamaInputs {
	/** i32 [B·T] */
	readonly tokens: Tensor;
	/** [T, headDim/2] */
	readonly ropeCos: Tensor;
	readonly ropeSin: Tensor;
	readonly parameters: ReadonlyMap<string, Tensor>;
	/** By default those of `parameters`. */
	readonly matrices?: Matrices;
}

/** Graph inputs for a batch of B rows of T tokens, with every parameter under its Hugging Face name; matrices in the form asked for. */
export function llamaInputs(config: LlamaConfig, B: number, T: number, form: WeightForm = "plain"): LlamaInputs {
	const shapes = [...parameterShapes(config)].filter(([, shape]) => form === "plain" || shape.length === 1);
	const parameters = new Map(shapes.map(([name, shape]) => [name, input(name, shape)]));
	const table = [T, config.headDim / 2];
	return {
		tokens: input("tokens", [B * T], "i32"),
		ropeCos: input("ropeCos", table),
		ropeSin: input("ropeSin", table),
		parameters,
		...(form !== "plain" && { matrices: matrixInputs(config, form) }),
	};
}

/** Logits [B·T or positions, vocab]. A row's numbers depend on its own earlier tokens only. */
export function llamaLogits(
	config: LlamaConfig,
	inputs: LlamaInputs,
	B: number,
	T: number,
	options: LogitsOptions = {},
): Tensor {
	const {
		addition = () => undefined,
		change = (_path, _x, y) => y,
		attend = (_layer, q, k, v, scale) => attention(q, k, v, scale),
		positions,
	} = options;
	const { heads, kvHeads, headDim, rmsNormEps } = config;
	const weight = (name: string) => inputs.parameters.get(name)!;
	const matrices = inputs.matrices ?? plainMatrices(inputs.parameters);
	const linear = (layer: number, name: LinearName, x: Tensor): Tensor => {
		const path = linearPath(layer, name);
		const product = matrices.product(`${path}.weight`, x);
		const y = hasBias(config, name) ? add(product, weight(`${path}.bias`)) : product;
		const extra = addition(path, x);
		return change(path, x, extra === undefined ? y : add(y, extra));
	};
	const [q, k, v, o, gate, up, down] = LINEARS;
	let x = matrices.rows(EMBEDDING, inputs.tokens);
	for (let layer = 0; layer < config.layers; layer++) {
		const a = rmsNorm(x, weight(`model.layers.${layer}.input_layernorm.weight`), rmsNormEps);
		const split = (name: LinearName, count: number) => reshape(linear(layer, name, a), [B, T, count, headDim]);
		const normed = (t: Tensor, norm: string) =>
			config.headNorms ? rmsNorm(t, weight(`model.layers.${layer}.self_attn.${norm}.weight`), rmsNormEps) : t;
		const turn = (t: Tensor) => rope(t, inputs.ropeCos, inputs.ropeSin);
		const mixed = attend(
			layer,
			turn(normed(split(q, heads), "q_norm")),
			turn(normed(split(k, kvHeads), "k_norm")),
			split(v, kvHeads),
			Math.fround(1 / Math.sqrt(headDim)),
		);
		x = add(x, linear(layer, o, reshape(mixed, [B * T, heads * headDim])));
		const b = rmsNorm(x, weight(`model.layers.${layer}.post_attention_layernorm.weight`), rmsNormEps);
		x = add(x, linear(layer, down, siluGate(linear(layer, gate, b), linear(layer, up, b))));
	}
	const wanted = positions === undefined ? x : gather(x, positions);
	const last = rmsNorm(wanted, weight("model.norm.weight"), rmsNormEps);
	return matrices.product(config.tiedEmbeddings ? EMBEDDING : HEAD, last);
}
