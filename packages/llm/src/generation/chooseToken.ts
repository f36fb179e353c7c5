// The next token from logits: penalty, then the greatest, or a draw among what the filters leave.

import { drawToken } from "./drawToken.js";
import { filterTokens } from "./filterTokens.js";
import { penaliseRepetition } from "./penaliseRepetition.js";
import type { Sampling } from "./sampling.js";

/** The token for `position`; ties go to the lowest id. `seen` are the tokens of prompt and answer so far, for the penalty. */
export function chooseToken(
	logits: Float32Array,
	sampling: Sampling,
	position: number,
	seen: Iterable<number> = [],
): number {
	const penalised = penaliseRepetition(logits, seen, sampling.repetitionPenalty ?? 1);
	if (sampling.temperature === 0) return greatest(penalised);
	return drawToken(filterTokens(penalised, sampling), sampling.seed, position);
}

function greatest(values: Float32Array | Float64Array): number {
	let best = 0;
	for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
	return best;
}
