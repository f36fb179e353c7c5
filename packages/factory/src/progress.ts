// What is told of a run while it goes on. For people and programs that watch; nothing follows from it.

import type { Engine } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import type { RunRow } from "./holdOut.js";
import type { Recipe } from "./recipe.js";
import type { Log } from "./resume.js";
import { perplexity, type Validation, verdict } from "./validation.js";

export interface TrainProgress {
	readonly stage: "train" | "features";
	readonly done: number;
	/** Steps of the recipe, or rows by checkpoints. A run that stops early never reaches it. */
	readonly total: number;
	readonly epoch: number;
	readonly epochs: number;
	readonly loss: number;
	readonly rowsPerSecond: number;
	readonly tokensPerSecond: number;
	readonly secondsLeft: number;
	/** The latest look at the rows held out. */
	readonly validation?: {
		readonly step: number;
		readonly loss: number;
		readonly perplexity: number;
		readonly best: number;
	};
	/** Rows that this run cannot use. */
	readonly leftOut: number;
}

export interface TrainOptions {
	readonly engine: Engine;
	readonly rows: readonly RunRow[];
	readonly snapshotRoot: Hex;
	readonly recipe: Recipe;
	/** Where the run keeps its state; one run a folder. */
	readonly directory: string;
	readonly onProgress?: (progress: TrainProgress) => void;
	readonly signal?: AbortSignal;
}

export function validationsOf({ chain }: Log): Validation[] {
	return chain.flatMap(({ step, validation }) => (validation === undefined ? [] : [{ step, loss: validation.loss }]));
}

export function sayValidation(recipe: Recipe, validations: readonly Validation[]): TrainProgress["validation"] {
	const last = validations.at(-1);
	if (last === undefined) return undefined;
	const { best } = verdict(recipe, validations)!;
	return { ...last, perplexity: perplexity(last.loss), best: validations.find(({ step }) => step === best)!.loss };
}
