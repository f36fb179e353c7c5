// How a model stretches its rotary frequencies: read from config.json in its older form (rope_theta and rope_scaling) and its
// newer one (rope_parameters). Kinds: linear (position interpolation) and llama3 (Llama 3.1's three bands).

import { ModelError } from "../errors.js";
import { type Fields, readFields } from "./configFields.js";

export type RopeScaling =
	| { readonly kind: "linear"; readonly factor: number }
	| {
			readonly kind: "llama3";
			readonly factor: number;
			readonly lowFrequencyFactor: number;
			readonly highFrequencyFactor: number;
			readonly originalMaxPositions: number;
	  };

const MAX_POSITIONS = 2 ** 24;
const DEFAULT_THETA = 10000;

/** θ and the scaling of a config, `undefined` where frequencies stay as they are. Other kinds are refused by name. */
export function readRope(config: Fields): { theta: number; scaling: RopeScaling | undefined } {
	config.only("partial_rotary_factor", [1, null]);
	const key = (config.json.rope_scaling ?? null) === null ? "rope_parameters" : "rope_scaling";
	const { [key]: stated = null } = config.json;
	const outer = config.positive("rope_theta", DEFAULT_THETA);
	if (stated === null) return { theta: outer, scaling: undefined };
	const rope = readFields(stated, `${config.file}: ${key}`);
	for (const [name, value] of Object.entries(rope.json)) {
		if (value !== null && typeof value === "object")
			throw new ModelError("config-unsupported", `${rope.file}: ${name}: settings per layer type are not supported`);
	}
	rope.only("partial_rotary_factor", [1, null]);
	const theta = rope.positive("rope_theta", outer);
	const kindKey = Object.hasOwn(rope.json, "rope_type") ? "rope_type" : "type";
	rope.only(kindKey, ["default", "linear", "llama3", null]);
	const kind = rope.json[kindKey] ?? "default";
	if (kind === "default") return { theta, scaling: undefined };
	const factor = rope.positive("factor");
	if (kind === "linear") return { theta, scaling: { kind, factor } };
	const inner = rope.whole(
		"original_max_position_embeddings",
		MAX_POSITIONS,
		config.whole("max_position_embeddings", MAX_POSITIONS),
	);
	const scaling = {
		kind: "llama3",
		factor,
		lowFrequencyFactor: rope.positive("low_freq_factor"),
		highFrequencyFactor: rope.positive("high_freq_factor"),
		originalMaxPositions: config.whole("original_max_position_embeddings", MAX_POSITIONS, inner),
	} as const;
	if (scaling.highFrequencyFactor <= scaling.lowFrequencyFactor) {
		throw new ModelError("config-malformed", `${rope.file}: high_freq_factor must be above low_freq_factor`);
	}
	return { theta, scaling };
}

/** A frequency, radians a position, after scaling; all in f64. */
export function scaleFrequency(frequency: number, scaling: RopeScaling | undefined): number {
	if (scaling === undefined) return frequency;
	if (scaling.kind === "linear") return frequency / scaling.factor;
	const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions } = scaling;
	const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
	if (turns > high) return frequency;
	if (turns < low) return frequency / factor;
	const share = (turns - low) / (high - low);
	return ((1 - share) * frequency) / factor + share * frequency;
}
