// How a token is chosen: the settings, their meaning and their limits. It must not know logits.
//
// Filters work one after the other, in the order of Hugging Face's logits processors: repetition penalty, temperature, top-k, top-p, min-p.

import { ModelError } from "../errors.js";

export interface Sampling {
	/** 0 is greedy: the likeliest token after the penalty, whatever the filters say. */
	readonly temperature: number;
	/** Keep the likeliest tokens that together reach this share of what top-k has left. */
	readonly topP: number;
	/** The same seed, position and logits give the same token, on every machine. */
	readonly seed: number;
	/** Keep this many of the likeliest tokens; 0, the default, keeps all. */
	readonly topK?: number;
	/** Keep tokens at least this many times as likely as the likeliest; default 0. */
	readonly minP?: number;
	/** Logits of tokens that the prompt or the answer holds are divided by it, negative ones multiplied; default 1. */
	readonly repetitionPenalty?: number;
}

export const GREEDY: Sampling = { temperature: 0, topP: 1, seed: 0 };

export const SAMPLING_LIMITS = { temperature: 100, repetitionPenalty: 10 } as const;

/** Throws `request-malformed`, naming the field, unless every setting is in its range. */
export function checkSampling(sampling: Sampling): void {
	const { temperature, topP, seed, topK = 0, minP = 0, repetitionPenalty = 1 } = sampling;
	const most = SAMPLING_LIMITS;
	field(
		"temperature",
		temperature,
		temperature >= 0 && temperature <= most.temperature,
		`from 0 to ${most.temperature}`,
	);
	field("topP", topP, topP > 0 && topP <= 1, "above 0 and at most 1");
	field("topK", topK, Number.isSafeInteger(topK) && topK >= 0, "whole, 0 for all tokens or from 1");
	field("minP", minP, minP >= 0 && minP <= 1, "from 0 to 1");
	field(
		"repetitionPenalty",
		repetitionPenalty,
		repetitionPenalty > 0 && repetitionPenalty <= most.repetitionPenalty,
		`above 0 and at most ${most.repetitionPenalty}`,
	);
	field("seed", seed, Number.isSafeInteger(seed) && seed >= 0, "whole, from 0 to 2^53 − 1");
}

function field(name: string, value: unknown, holds: boolean, right: string): void {
	if (typeof value === "number" && holds) return;
	throw new ModelError("request-malformed", `sampling.${name} must be a number ${right}; got ${String(value)}`);
}
