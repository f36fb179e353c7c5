// What a recipe alone says about whether its run has a useful derivative; costs nothing and proves nothing. The anchors' settings (MAGIC,
// arXiv 2504.16430, section 4): ε ≥ 1e-8 inside the root, a long warm-up, modest rates, large batches.

import type { RecordedTraining } from "./recordedTraining.js";

export interface SmoothnessSign {
	readonly sign: "epsilonRoot" | "warmup" | "learningRate" | "batch";
	readonly found: number;
	/** What smooth runs had: at least this, or for the rate at most. */
	readonly wanted: number;
}

const EPSILON_ROOT = 1e-8;
const WARMUP = 0.2;
const LEARNING_RATE = 2e-3;
const BATCH = 16;

/** The signs that speak against it. Reads every step of the record, trains nothing. */
export function smoothnessSigns(training: RecordedTraining): SmoothnessSign[] {
	const steps = Array.from({ length: training.total }, (_, index) => training.step(index));
	const rates = steps.map(({ learningRate }) => learningRate);
	const peak = Math.max(...rates);
	const warm = rates.indexOf(peak) / training.total;
	const rows = steps.reduce((sum, { batches }) => sum + batches.reduce((n, { rows }) => n + rows.length, 0), 0);
	const batch = rows / training.total;
	const all: (SmoothnessSign & { readonly isGood: boolean })[] = [
		{
			sign: "epsilonRoot",
			found: training.settings.epsilonRoot,
			wanted: EPSILON_ROOT,
			isGood: training.settings.epsilonRoot >= EPSILON_ROOT,
		},
		{ sign: "warmup", found: warm, wanted: WARMUP, isGood: warm >= WARMUP },
		{ sign: "learningRate", found: peak, wanted: LEARNING_RATE, isGood: peak <= LEARNING_RATE },
		{ sign: "batch", found: batch, wanted: BATCH, isGood: batch >= BATCH },
	];
	return all.filter(({ isGood }) => !isGood).map(({ sign, found, wanted }) => ({ sign, found, wanted }));
}
