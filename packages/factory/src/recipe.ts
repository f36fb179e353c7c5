// A recipe says everything that a run's bits depend on, besides base, snapshot and engine. Defaults are written out, never implied.

import { type AdapterConfig, LINEARS, type LinearName } from "@openledger/llm";
import { RunError } from "./errors.js";

export interface Recipe {
	readonly rank: number;
	readonly alpha: number;
	readonly targets: readonly LinearName[];
	readonly epochs: number;
	readonly batchSize: number;
	readonly learningRate: number;
	/** Share of steps spent warming up; then a cosine down to `floor` × learningRate. */
	readonly warmup: number;
	readonly floor: number;
	readonly beta1: number;
	readonly beta2: number;
	readonly epsilon: number;
	readonly epsilonRoot: number;
	readonly weightDecay: number;
	readonly clip: number;
	/** Rows with more tokens are left out, and counted. */
	readonly maxLength: number;
	readonly seed: number;
	/** Steps between links of the commitment chain. */
	readonly commitEvery: number;
	/** Shares of the run after which influence features are taken. */
	readonly checkpoints: readonly number[];
}

export const defaultRecipe: Recipe = {
	rank: 16,
	alpha: 32,
	targets: LINEARS,
	epochs: 14,
	batchSize: 16,
	learningRate: 4e-3,
	warmup: 0.1,
	floor: 0,
	beta1: 0.9,
	beta2: 0.95,
	epsilon: 1e-8,
	epsilonRoot: 1e-12,
	weightDecay: 0,
	clip: 1,
	maxLength: 128,
	seed: 1,
	commitEvery: 10,
	checkpoints: [0.15, 0.35, 0.6],
};

const WHOLE: Partial<Record<keyof Recipe, readonly [number, number]>> = {
	rank: [4, 256],
	epochs: [1, 1000],
	batchSize: [1, 256],
	maxLength: [8, 4096],
	seed: [0, Number.MAX_SAFE_INTEGER],
	commitEvery: [1, 10000],
};

const REAL: Partial<Record<keyof Recipe, readonly [number, number]>> = {
	alpha: [1e-3, 1e4],
	learningRate: [1e-8, 1],
	warmup: [0, 1],
	floor: [0, 1],
	beta1: [0, 0.9999],
	beta2: [0, 0.99999],
	epsilon: [0, 1],
	epsilonRoot: [0, 1],
	weightDecay: [0, 1],
	clip: [1e-6, 1e6],
};

function refuse(key: string, wanted: string, value: unknown): never {
	throw new RunError("recipe-malformed", `recipe.${key} must be ${wanted}, got ${JSON.stringify(value)}`);
}

/** Fills in defaults and checks every field; an unknown key is refused by name. */
export function parseRecipe(json: unknown = {}): Recipe {
	if (json === null || typeof json !== "object" || Array.isArray(json))
		throw new RunError("recipe-malformed", "a recipe must be a JSON object");
	const given = json as Record<string, unknown>;
	for (const key of Object.keys(given)) {
		if (!Object.hasOwn(defaultRecipe, key))
			throw new RunError(
				"recipe-malformed",
				`recipe.${key} is unknown; the keys are ${Object.keys(defaultRecipe).join(", ")}`,
			);
	}
	const recipe = { ...defaultRecipe, ...given } as Recipe;
	for (const [ranges, test, kind] of [
		[WHOLE, Number.isSafeInteger, "a whole number"],
		[REAL, Number.isFinite, "a number"],
	] as const) {
		for (const [key, [low, high]] of Object.entries(ranges)) {
			const value: unknown = recipe[key as keyof Recipe];
			if (!test(value) || (value as number) < low || (value as number) > high)
				refuse(key, `${kind} from ${low} to ${high}`, value);
		}
	}
	if (recipe.rank % 4 !== 0) refuse("rank", "a multiple of 4", recipe.rank);
	if (
		!Array.isArray(recipe.targets) ||
		recipe.targets.length === 0 ||
		!recipe.targets.every((t) => LINEARS.includes(t))
	) {
		refuse("targets", `a list from ${LINEARS.join(", ")}`, recipe.targets);
	}
	const shares: unknown = recipe.checkpoints;
	if (
		!Array.isArray(shares) ||
		shares.length === 0 ||
		shares.length > 8 ||
		!shares.every((s) => typeof s === "number" && s > 0 && s <= 1)
	) {
		refuse("checkpoints", "1 to 8 shares of the run, each above 0 and at most 1", shares);
	}
	return recipe;
}

/** The adapter part of a recipe. */
export function adapterConfigOf(recipe: Recipe): AdapterConfig {
	return { rank: recipe.rank, alpha: recipe.alpha, targets: recipe.targets };
}

/** Steps (counted from 1) after which a checkpoint is kept. */
export function checkpointSteps(recipe: Recipe, total: number): number[] {
	return [...new Set(recipe.checkpoints.map((share) => Math.max(1, Math.min(total, Math.round(share * total)))))];
}
