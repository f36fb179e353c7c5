// Learning rate over a run: linear warm-up, then a cosine down to a floor. Canonical, since it moves weights.

import { canonicalCos } from "@openledger/tensor";

export interface Schedule {
	readonly peak: number;
	/** Share of the steps spent warming up. */
	readonly warmup: number;
	/** Share of the peak left at the end. */
	readonly floor: number;
}

/** The rate for a step counted from 0, of `total` steps. */
export function learningRateAt({ peak, warmup, floor }: Schedule, step: number, total: number): number {
	const warm = Math.max(1, Math.round(warmup * total));
	if (step < warm) return (peak * (step + 1)) / warm;
	const progress = (step - warm) / Math.max(1, total - warm);
	return peak * (floor + (1 - floor) * 0.5 * (1 + canonicalCos(Math.PI * progress)));
}
