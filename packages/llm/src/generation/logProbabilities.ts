// How likely the model itself found tokens: log-softmax of its logits, before penalty, temperature and filters. Canonical f64.

import { canonicalExp, canonicalLog } from "@openledger/tensor";

export interface TokenLogProbability {
	readonly token: number;
	/** Natural logarithm. */
	readonly logprob: number;
}

export interface LogProbabilities extends TokenLogProbability {
	/** The likeliest tokens, the likeliest first, equal ones by id. */
	readonly top: readonly TokenLogProbability[];
}

const LEAST = -700;

/** Log-probabilities of the chosen token and of the `count` likeliest. The sum adds in order of id. */
export function logProbabilities(logits: Float32Array, chosen: number, count: number): LogProbabilities {
	let greatest = Number.NEGATIVE_INFINITY;
	for (const x of logits) if (x > greatest) greatest = x;
	let sum = 0;
	for (const x of logits) sum += canonicalExp(Math.max(LEAST, x - greatest));
	const norm = canonicalLog(sum);
	const of = (token: number) => ({ token, logprob: logits[token]! - greatest - norm });
	return { ...of(chosen), top: likeliest(logits, count).map(of) };
}

function likeliest(logits: Float32Array, count: number): number[] {
	const best: number[] = [];
	for (let id = 0; id < logits.length; id++) {
		if (best.length === count && (count === 0 || logits[id]! <= logits[best[count - 1]!]!)) continue;
		const at = best.findIndex((other) => logits[id]! > logits[other]!);
		best.splice(at < 0 ? best.length : at, 0, id);
		if (best.length > count) best.pop();
	}
	return best;
}
