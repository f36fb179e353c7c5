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

/** Rows of the tables for any position, worked out once and kept. */
export interface RopeRows {
	/** Writes the rows of positions from … from + count − 1 at row `at` of cos and sin. */
	write(from: number, count: number, cos: Float32Array, sin: Float32Array, at: number): void;
}

const ROPE_ROWS_STEP = 64;

export function createRopeRows(config: LlamaConfig): RopeRows {
	const half = config.headDim / 2;
	const blocks: { cos: Float32Array; sin: Float32Array }[] = [];
	return {
		write(from, count, cos, sin, at) {
			for (let i = 0; i < count; i++) {
				const [block, row] = [Math.floor((from + i) / ROPE_ROWS_STEP), (from + i) % ROPE_ROWS_STEP];
				const tables = blocks[block] ?? ropeTables(config, ROPE_ROWS_STEP, block * ROPE_ROWS_STEP);
				blocks[block] = tables;
				cos.set(tables.cos.subarray(row * half, (row + 1) * half), (at + i) * half);
				sin.set(tables.sin.subarray(row * half, (row + 1) * half), (at + i) * half);
			}
		},
	};
}
