// Angles of the rotary embedding, from the canonical f64 functions so that every engine builds the same tables.

import { canonicalCos, canonicalPow, canonicalSin } from "@openledger/tensor";
import type { LlamaConfig } from "./config.js";
import { scaleFrequency } from "./ropeScaling.js";

/** cos and sin of position times frequency, θ^(−2i/headDim) as the config scales it, for positions from `from` on; each [T, headDim/2]. */
export function ropeTables(config: LlamaConfig, T: number, from = 0): { cos: Float32Array; sin: Float32Array } {
	const half = config.headDim / 2;
	const cos = new Float32Array(T * half);
	const sin = new Float32Array(T * half);
	for (let i = 0; i < half; i++) {
		const frequency = scaleFrequency(canonicalPow(config.ropeTheta, -(2 * i) / config.headDim), config.ropeScaling);
		for (let t = 0; t < T; t++) {
			cos[t * half + i] = canonicalCos((from + t) * frequency);
			sin[t * half + i] = canonicalSin((from + t) * frequency);
		}
	}
	return { cos, sin };
}
