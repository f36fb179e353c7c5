// How a training's progress is put in a line. It must not know where the line goes.

import type { TrainProgress } from "@openledger/factory";

/** Progress as the job's row holds it; rows of older programs lack what came later. */
export type JobProgress = Pick<TrainProgress, "stage" | "done" | "total" | "loss" | "secondsLeft"> &
	Partial<TrainProgress>;

const SECONDS_SAID = 100;

export function sayTraining(progress: JobProgress): string {
	const { stage, loss, validation, tokensPerSecond, secondsLeft, epoch, epochs, leftOut } = progress;
	const seconds = Math.ceil(secondsLeft);
	const parts = [
		stage === "train" ? `loss ${loss.toFixed(3)}` : "influence features",
		stage === "train" &&
			validation &&
			`validation ${validation.loss.toFixed(3)} (perplexity ${validation.perplexity.toFixed(2)})`,
		stage === "train" && epoch !== undefined && epochs !== undefined && `epoch ${epoch} of ${epochs}`,
		tokensPerSecond !== undefined && `${Math.round(tokensPerSecond)} tokens/s`,
		seconds <= SECONDS_SAID ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`,
		leftOut ? `rows left out: ${leftOut}` : undefined,
	];
	return parts.filter((part) => typeof part === "string").join(", ");
}
