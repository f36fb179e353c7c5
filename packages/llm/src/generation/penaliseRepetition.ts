// The repetition penalty of Keskar et al. 2019 (CTRL), as Hugging Face applies it: once for a token, however often it came.

/** Logits with those of `seen` divided by the penalty, or multiplied where negative; the array given, if there is nothing to do. */
export function penaliseRepetition(
	logits: Float32Array,
	seen: Iterable<number>,
	penalty: number,
): Float32Array | Float64Array {
	if (penalty === 1) return logits;
	const out = Float64Array.from(logits);
	for (const id of seen) {
		const x = logits[id];
		if (x !== undefined) out[id] = x < 0 ? x * penalty : x / penalty;
	}
	return out;
}
