// Which tokens may be drawn, and how likely each is: temperature, top-k, top-p, min-p, in this order. Canonical f64 throughout.

import { canonicalExp } from "@openledger/tensor";
import type { Sampling } from "./sampling.js";

/** The tokens that are left, the likeliest first, equally likely ones by id. */
export interface Candidates {
	/** exp((logit − greatest)/temperature) of each: the greatest is 1, and the sum is theirs. */
	readonly weights: Float64Array;
	idAt(rank: number): number;
}

/** Below this a weight is so small that it is taken for e^−700. */
const LEAST = -700;

/** Filters logits by a temperature above 0; at least one token is left. */
export function filterTokens(logits: Float32Array | Float64Array, sampling: Sampling): Candidates {
	const { temperature, topP, topK = 0, minP = 0 } = sampling;
	let top = Number.NEGATIVE_INFINITY;
	for (const x of logits) top = Math.max(top, x);
	const chosen = topK > 0 && topK < logits.length ? greatestOf(logits, topK) : undefined;
	const count = chosen?.length ?? logits.length;
	const idOf = (i: number) => (chosen === undefined ? i : chosen[i]!);
	const weights = new Float64Array(count);
	for (let i = 0; i < count; i++) weights[i] = canonicalExp(Math.max(LEAST, (logits[idOf(i)]! - top) / temperature));

	const sorted = weights.slice().sort().reverse();
	let kept = nucleus(sorted, topP);
	while (kept > 1 && sorted[kept - 1]! < minP) kept--;
	return {
		weights: sorted.subarray(0, kept),
		idAt(rank) {
			const weight = sorted[rank]!;
			let before = rank - sorted.indexOf(weight);
			for (let i = 0; i < count; i++) if (weights[i] === weight && before-- === 0) return idOf(i);
			throw new RangeError(`rank ${rank} of ${kept}`);
		},
	};
}

/** How many of the sorted weights it takes to reach a share of their sum. */
function nucleus(sorted: Float64Array, topP: number): number {
	let total = 0;
	for (const weight of sorted) total += weight;
	let reached = 0;
	let count = 0;
	while (count < sorted.length && (count === 0 || reached < topP * total)) reached += sorted[count++]!;
	return count;
}

/** Ids of the k greatest values, in order of id; of equal values the lowest ids. */
function greatestOf(values: Float32Array | Float64Array, k: number): number[] {
	const least = k > SORTED ? values.slice().sort()[values.length - k]! : leastOfGreatest(values, k);
	let ties = k;
	for (const x of values) if (x > least) ties--;
	const ids: number[] = [];
	for (let id = 0; id < values.length; id++) {
		if (values[id]! > least || (values[id] === least && ties-- > 0)) ids.push(id);
	}
	return ids;
}

/** From so many on, sorting all values is the faster way. */
const SORTED = 1000;

/** The k-th greatest value, by keeping the k greatest so far in order. */
function leastOfGreatest(values: Float32Array | Float64Array, k: number): number {
	const best = new Float64Array(k).fill(Number.NEGATIVE_INFINITY);
	for (const x of values) {
		if (x <= best[0]!) continue;
		let at = 0;
		while (at + 1 < k && best[at + 1]! < x) at++;
		best.copyWithin(0, 1, at + 1);
		best[at] = x;
	}
	return best[0]!;
}
