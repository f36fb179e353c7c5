// What a LoRA adapter is (Hu et al. 2021): per linear layer y += s·(x Aᵀ) Bᵀ with A [r, in], B [out, r].
// Modules are found as Hugging Face PEFT finds them; each may have a rank and an alpha of its own.

import { drawUniform } from "@openledger/tensor";
import { ModelError } from "../errors.js";
import type { LlamaConfig } from "../model/config.js";
import { LINEARS, linearPath, linearShape } from "../model/parameters.js";
import { matchPattern } from "./matchPattern.js";

export interface AdapterConfig {
	readonly rank: number;
	readonly alpha: number;
	/** Names of modules or ends of their paths after a dot, such as `q_proj` or `layers.3.mlp.up_proj`. */
	readonly targets: readonly string[];
	/** A regular expression that a module's whole path matches; `targets` is empty then. */
	readonly targetPattern?: string;
	/** The scale is α/√r instead of α/r (rsLoRA, Kalajdzievski 2023). */
	readonly rankStabilised?: boolean;
	/** Ranks of modules whose path ends (after a dot, or whole) with a match of the key; the first key that does counts. */
	readonly rankPattern?: Readonly<Record<string, number>>;
	/** Alphas, by the same rule. */
	readonly alphaPattern?: Readonly<Record<string, number>>;
}

export interface AdapterModule {
	readonly path: string;
	readonly inputSize: number;
	readonly outputSize: number;
	readonly rank: number;
}

/** Numbers of one adapter: A and B of each module by its path. */
export type AdapterWeights = ReadonlyMap<string, { readonly A: Float32Array; readonly B: Float32Array }>;

export const MAX_RANK = 1024;

/** The value of the first key that matches the end of a path, or the fallback. */
function byPattern(pattern: Readonly<Record<string, number>> | undefined, fallback: number): (path: string) => number {
	const entries = Object.entries(pattern ?? {}).map(
		([key, value]) => [matchPattern(`(.*\\.)?(${key})`), value] as const,
	);
	return (path) => entries.find(([matches]) => matches(path))?.[1] ?? fallback;
}

function targetTest(adapter: AdapterConfig): (path: string) => boolean {
	if (adapter.targetPattern !== undefined) return matchPattern(adapter.targetPattern);
	return (path) => adapter.targets.some((target) => path === target || path.endsWith(`.${target}`));
}

/** Modules of the base that no adapter of ours may touch. */
function otherModules(config: LlamaConfig): string[] {
	const out = ["lm_head", "model", "model.embed_tokens", "model.layers", "model.norm", "model.rotary_emb"];
	const inner = ["", ".self_attn", ".mlp", ".mlp.act_fn", ".input_layernorm", ".post_attention_layernorm"];
	if (config.headNorms) inner.push(".self_attn.q_norm", ".self_attn.k_norm");
	for (let layer = 0; layer < config.layers; layer++) out.push(...inner.map((end) => `model.layers.${layer}${end}`));
	return out;
}

/** The modules an adapter touches, in the order of the forward pass. Refused: none at all, and any that is no linear layer. */
export function adapterModules(config: LlamaConfig, adapter: AdapterConfig): AdapterModule[] {
	const targeted = targetTest(adapter);
	const rankOf = byPattern(adapter.rankPattern, adapter.rank);
	const wrong = adapter.targetPattern === undefined ? undefined : otherModules(config).find(targeted);
	if (wrong !== undefined)
		throw new ModelError(
			"adapter-unsupported",
			`the target pattern matches ${wrong}, which is no linear layer of a block`,
		);
	const out: AdapterModule[] = [];
	for (let layer = 0; layer < config.layers; layer++) {
		for (const linear of LINEARS) {
			const path = linearPath(layer, linear);
			if (!targeted(path)) continue;
			const rank = rankOf(path);
			if (!Number.isSafeInteger(rank) || rank < 1 || rank > MAX_RANK)
				throw new ModelError(
					"adapter-unsupported",
					`rank ${rank} of ${path} must be a whole number from 1 to ${MAX_RANK}`,
				);
			const [outputSize, inputSize] = linearShape(config, linear);
			out.push({ path, inputSize, outputSize, rank });
		}
	}
	if (out.length === 0)
		throw new ModelError("adapter-unsupported", "the adapter's targets match no linear layer of this base");
	return out;
}

/** The factor of a module by its path and rank, as f32: α/r, or α/√r for rsLoRA. */
export function adapterScales(adapter: AdapterConfig): (path: string, rank: number) => number {
	const alphaOf = byPattern(adapter.alphaPattern, adapter.alpha);
	return (path, rank) => Math.fround(alphaOf(path) / (adapter.rankStabilised ? Math.sqrt(rank) : rank));
}

const PURPOSE_ADAPTER = 0x10a;

/** A fresh adapter: A uniform in ±1/√in (PEFT's Kaiming choice), B zero, so it changes nothing yet. */
export function initialAdapter(config: LlamaConfig, adapter: AdapterConfig, seed: number): AdapterWeights {
	const out = new Map<string, { A: Float32Array; B: Float32Array }>();
	adapterModules(config, adapter).forEach(({ path, inputSize, outputSize, rank }, step) => {
		const bound = 1 / Math.sqrt(inputSize);
		const A = new Float32Array(rank * inputSize);
		for (let i = 0; i < A.length; i++)
			A[i] = (2 * drawUniform({ seed, purpose: PURPOSE_ADAPTER, step }, i) - 1) * bound;
		out.set(path, { A, B: new Float32Array(outputSize * rank) });
	});
	return out;
}
