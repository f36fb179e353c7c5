// The part of a Hugging Face config.json that a model is made from; what we cannot run is refused by name.
// One shape covers three families: Llama, Qwen2 (biases on q, k, v) and Qwen3 (norms on each head's q and k).

import { ModelError } from "../errors.js";
import { showValue } from "../formats/showValue.js";
import { type Fields, readFields } from "./configFields.js";
import { parameterCount } from "./parameters.js";
import { type RopeScaling, readRope } from "./ropeScaling.js";

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
	/** Biases of attention: on q, k and v (Qwen2), or on o too; absent: none. */
	readonly attentionBias?: "qkv" | "all";
	/** Biases of gate, up and down; absent: none. */
	readonly mlpBias?: boolean;
	/** RMS norms over each head of q and k before they are turned (Qwen3); absent: none. */
	readonly headNorms?: boolean;
	/** Absent: frequencies as they are. */
	readonly ropeScaling?: RopeScaling;
}

const FAMILIES = ["llama", "qwen2", "qwen3"] as const;
const MAX_SIZE = 1_000_000;
const MAX_LAYERS = 1024;
const MAX_POSITIONS = 2 ** 24;
/** A WASM memory has 4 GiB, a parameter takes 4 bytes. */
const MAX_PARAMETERS = 2 ** 30;

/** Keys that change what a model computes, with the values that leave it as we compute it. */
const PLAIN: readonly (readonly [string, readonly unknown[]])[] = [
	["hidden_act", ["silu"]],
	["pretraining_tp", [1, null]],
	["quantization_config", [null]],
	["compression_config", [null]],
	["num_experts", [null, 0]],
	["num_local_experts", [null, 0]],
	["rope_interleaved", [false, null]],
	["is_encoder_decoder", [false, null]],
	["add_cross_attention", [false, null]],
	["use_qk_norm", [false, null]],
];

/** Qwen names windows for the upper layers; it has none in use when the switch is off or no layer is left for it. */
function refuseWindows(c: Fields, layers: number): void {
	const family = c.json.model_type ?? "llama";
	if (family === "llama") c.only("sliding_window", [null]);
	else if (c.flag("use_sliding_window") && (c.json.sliding_window ?? null) !== null) {
		if (!Array.isArray(c.json.layer_types) && c.whole("max_window_layers", MAX_SIZE, 28) < layers) {
			throw new ModelError(
				"config-unsupported",
				`${c.file}: sliding_window is in use from layer ${c.whole("max_window_layers", MAX_SIZE, 28)}; only full attention is supported`,
			);
		}
	}
	const { layer_types: types = null } = c.json;
	if (types === null) return;
	if (!Array.isArray(types) || types.length !== layers || types.some((t) => t !== "full_attention")) {
		throw new ModelError(
			"config-unsupported",
			`${c.file}: layer_types must name "full_attention" for each of the ${layers} layers; no other is supported`,
		);
	}
}

/** A config without a family is a Llama's, unless it says otherwise. */
function requireLlama(c: Fields): void {
	const { architectures: stated = null } = c.json;
	if (stated === null || (Array.isArray(stated) && stated.every((name) => name === "LlamaForCausalLM"))) return;
	const said = Array.isArray(stated) ? stated.map(showValue).join(", ") : showValue(stated);
	throw new ModelError(
		"config-unsupported",
		`${c.file}: model_type is missing and architectures says ${said.slice(0, 200)}; supported: ${FAMILIES.join(", ")}`,
	);
}

/** Reads a parsed config.json. `file` names it in errors. Claims beyond 2³⁰ parameters are refused. */
export function parseConfig(json: unknown, file = "config.json"): LlamaConfig {
	const c = readFields(json, file);
	c.only("model_type", FAMILIES);
	if ((c.json.model_type ?? null) === null) requireLlama(c);
	for (const [key, allowed] of PLAIN) c.only(key, allowed);
	const family = (c.json.model_type ?? "llama") as (typeof FAMILIES)[number];
	const heads = c.whole("num_attention_heads", MAX_SIZE);
	const hiddenSize = c.whole("hidden_size", MAX_SIZE);
	const layers = c.whole("num_hidden_layers", MAX_LAYERS);
	refuseWindows(c, layers);
	const { theta, scaling } = readRope(c);
	const biases = family === "qwen2" ? "qkv" : c.flag("attention_bias") ? "all" : undefined;
	// Qwen3's own default is 128 whatever the other sizes are.
	const headDim = family === "qwen3" ? 128 : Math.max(1, Math.floor(hiddenSize / heads));
	if (family !== "qwen2" && family !== "llama") c.only("mlp_bias", [false, null]);
	if (family === "qwen2") for (const key of ["attention_bias", "mlp_bias"]) c.only(key, [false, null]);
	const config: LlamaConfig = {
		hiddenSize,
		intermediateSize: c.whole("intermediate_size", MAX_SIZE),
		layers,
		heads,
		kvHeads: c.whole("num_key_value_heads", MAX_SIZE, heads),
		headDim: c.whole("head_dim", MAX_SIZE, headDim),
		vocabSize: c.whole("vocab_size", MAX_SIZE),
		maxPositions: c.whole("max_position_embeddings", MAX_POSITIONS),
		ropeTheta: theta,
		rmsNormEps: c.positive("rms_norm_eps", 1e-6),
		tiedEmbeddings: c.flag("tie_word_embeddings"),
		...(biases && { attentionBias: biases }),
		...(family === "llama" && c.flag("mlp_bias") && { mlpBias: true }),
		...(family === "qwen3" && { headNorms: true }),
		...(scaling && { ropeScaling: scaling }),
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
	const count = parameterCount(config);
	if (count > MAX_PARAMETERS) {
		throw new ModelError(
			"config-unsupported",
			`${file}: describes ${count} parameters; at most ${MAX_PARAMETERS} fit the engine's memory`,
		);
	}
	return config;
}
