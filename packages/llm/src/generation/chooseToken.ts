// Picks the next token from logits: greedy, or sampled by temperature and top-p from a recorded seed. Canonical f64 throughout.

import { canonicalExp, drawUniform } from "@openledger/tensor";

export interface Sampling {
	/** 0 is greedy. */
	readonly temperature: number;
	/** Keep the likeliest tokens that together reach this probability. */
	readonly topP: number;
	readonly seed: number;
}

export const GREEDY: Sampling = { temperature: 0, topP: 1, seed: 0 };

const PURPOSE_SAMPLE = 0x5a3;

/** The token for `position`; ties go to the lowest id. */
export function chooseToken(logits: Float32Array, sampling: Sampling, position: number): number {
	let best = 0;
	for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
	if (sampling.temperature === 0) return best;
	const top = logits[best]!;
	const weights = Array.from(logits, (x, id) => ({
		id,
		weight: canonicalExp(Math.max(-700, (x - top) / sampling.temperature)),
	}));
	weights.sort((a, b) => b.weight - a.weight || a.id - b.id);
	let total = 0;
	for (const w of weights) total += w.weight;
	let kept = 0;
	let count = 0;
	while (count < weights.length && (count === 0 || kept < sampling.topP * total)) kept += weights[count++]!.weight;
	let left = drawUniform({ seed: sampling.seed, purpose: PURPOSE_SAMPLE }, position) * kept;
	for (let i = 0; i < count; i++) {
		left -= weights[i]!.weight;
		if (left < 0) return weights[i]!.id;
	}
	return weights[count - 1]!.id;
}
