// Counts of how long or how many, by fixed bounds. It must not know what it counts or the time.

import type { HistogramData } from "../backend/backend.js";

export interface Histogram {
	add(value: number): void;
	/** A copy: `counts[i]` of the values were at most `bounds[i]` and above the bound before; the last of `counts` were above all. */
	data(): HistogramData;
}

/** Seconds from a tenth of a millisecond to two minutes, three a decade. */
export const SECONDS = [
	1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120,
] as const;

/** `bounds` rise. */
export function createHistogram(bounds: readonly number[]): Histogram {
	const counts = Array.from({ length: bounds.length + 1 }, () => 0);
	let sum = 0;
	return {
		add(value) {
			const found = bounds.findIndex((bound) => value <= bound);
			const at = found < 0 ? bounds.length : found;
			counts[at] = counts[at]! + 1;
			sum += value;
		},
		data: () => ({ bounds, counts: [...counts], sum }),
	};
}
