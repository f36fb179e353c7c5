// Learning rate over a run: linear warm-up, then a cosine or a line down to a floor, or no change. Canonical, since it moves weights.

import { canonicalCos } from "@openledger/tensor";

export const SCHEDULES = ["cosine", "linear", "constant"] as const;

export interface Schedule {
	/** What follows the warm-up; default cosine. */
	readonly kind?: (typeof SCHEDULES)[number];
	readonly peak: number;
	/** Share of the steps spent warming up. */
	readonly warmup: number;
	/** Steps spent warming up; counts instead of the share where it is given. */
	readonly warmupSteps?: number | null;
	/** Share of the peak left at the end. */
	readonly floor: number;
}

/** The rate for a step counted from 0, of `total` steps. */
export function learningRateAt(schedule: Schedule, step: number, total: number): number {
	const { kind = "cosine", peak, warmup, warmupSteps, floor } = schedule;
	const warm = Math.max(1, warmupSteps ?? Math.round(warmup * total));
	if (step < warm) return (peak * (step + 1)) / warm;
	if (kind === "constant") return peak;
	const progress = (step - warm) / Math.max(1, total - warm);
	const left = kind === "linear" ? 1 - progress : 0.5 * (1 + canonicalCos(Math.PI * progress));
	return peak * (floor + (1 - floor) * left);
}
