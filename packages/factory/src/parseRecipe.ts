// Checks what somebody wrote as a recipe, field by field, and fills in the rest. It must not know files.

import {
	LINEARS,
	MAX_EXPRESSION_CHARACTERS,
	MAX_TARGET_CHARACTERS,
	ModelError,
	parseAdapterConfig,
	SCHEDULES,
	writeAdapterConfig,
} from "@openledger/llm";
import { RunError } from "./errors.js";
import { adapterConfigOf, defaultRecipe, type Recipe } from "./recipe.js";

type Key = keyof Recipe;
type Keys<Value> = { [key in Key]: Recipe[key] extends Value ? key : never }[Key];

const WHOLE: Partial<Record<Keys<number | null>, readonly [number, number]>> = {
	rank: [4, 256],
	epochs: [1, 1000],
	batchSize: [1, 256],
	accumulate: [1, 1024],
	maxLength: [8, 4096],
	seed: [0, Number.MAX_SAFE_INTEGER],
	commitEvery: [1, 10000],
	validateEvery: [0, 1_000_000],
	patience: [0, 1000],
};

const REAL: Partial<Record<Keys<number>, readonly [number, number]>> = {
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
	minDelta: [0, 100],
};

const FLAGS: readonly Keys<boolean>[] = ["rankStabilised", "responsesOnly", "packing", "keepBest"];
const MAX_WARMUP_STEPS = 1_000_000;
const MAX_HELD_OUT = 100_000;

/** A field and what it may hold, for forms. What holds of several fields together only `parseRecipe` says. */
export interface RecipeField {
	readonly key: keyof Recipe;
	readonly kind: "whole" | "real" | "flag" | "choice" | "other";
	readonly low?: number;
	readonly high?: number;
	readonly choices?: readonly string[];
	readonly standard: unknown;
}

/** All fields in the order of the default recipe. */
export function recipeFields(): RecipeField[] {
	return (Object.keys(defaultRecipe) as Key[]).map((key): RecipeField => {
		const standard: unknown = defaultRecipe[key];
		const whole = (WHOLE as Readonly<Record<string, readonly [number, number]>>)[key];
		if (whole !== undefined) return { key, kind: "whole", low: whole[0], high: whole[1], standard };
		const real = (REAL as Readonly<Record<string, readonly [number, number]>>)[key];
		if (real !== undefined) return { key, kind: "real", low: real[0], high: real[1], standard };
		if ((FLAGS as readonly Key[]).includes(key)) return { key, kind: "flag", standard };
		if (key === "schedule") return { key, kind: "choice", choices: SCHEDULES, standard };
		if (key === "warmupSteps") return { key, kind: "other", low: 0, high: MAX_WARMUP_STEPS, standard };
		if (key === "validation") return { key, kind: "other", low: 0, high: MAX_HELD_OUT, standard };
		return { key, kind: "other", standard };
	});
}

/** What other tools call our keys, where the words are not alike. */
const ELSEWHERE: Readonly<Record<string, Key>> = {
	r: "rank",
	lorar: "rank",
	loraalpha: "alpha",
	loratargetmodules: "targets",
	targetmodules: "targets",
	modules: "targets",
	lr: "learningRate",
	lrscheduler: "schedule",
	lrschedulertype: "schedule",
	warmupratio: "warmup",
	numepochs: "epochs",
	numtrainepochs: "epochs",
	nepochs: "epochs",
	batch: "batchSize",
	microbatchsize: "batchSize",
	perdevicetrainbatchsize: "batchSize",
	gradientaccumulationsteps: "accumulate",
	accumulation: "accumulate",
	maxgradnorm: "clip",
	clipping: "clip",
	sequencelen: "maxLength",
	maxseqlen: "maxLength",
	maxseqlength: "maxLength",
	cutofflen: "maxLength",
	samplepacking: "packing",
	valsetsize: "validation",
	valsize: "validation",
	evalsteps: "validateEvery",
	earlystop: "patience",
	earlystopping: "patience",
	earlystoppingpatience: "patience",
	loadbestmodelatend: "keepBest",
	userslora: "rankStabilised",
	rslora: "rankStabilised",
	trainoninputs: "responsesOnly",
	adambeta1: "beta1",
	adambeta2: "beta2",
	adamepsilon: "epsilon",
};

function refuse(key: string, wanted: string, value: unknown): never {
	// JSON has no infinity, which YAML can write.
	const shown = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
	throw new RunError(
		"recipe-malformed",
		`recipe.${key} must be ${wanted}, got ${shown.length > 100 ? `${shown.slice(0, 100)}…` : shown}`,
	);
}

/** Fills in defaults and checks every field; an unknown key is refused by name, with the key that was meant where one is alike. */
export function parseRecipe(json: unknown = {}): Recipe {
	if (json === null || typeof json !== "object" || Array.isArray(json))
		throw new RunError("recipe-malformed", "a recipe must be an object of named fields");
	const given = json as Record<string, unknown>;
	for (const key of Object.keys(given)) if (!Object.hasOwn(defaultRecipe, key)) refuseUnknown(key);
	const recipe = { ...defaultRecipe, ...given } as Recipe;
	for (const [ranges, test, kind] of [
		[WHOLE, Number.isSafeInteger, "a whole number"],
		[REAL, Number.isFinite, "a number"],
	] as const) {
		for (const [key, [low, high]] of Object.entries(ranges)) {
			const value: unknown = recipe[key as Key];
			if (!test(value) || (value as number) < low || (value as number) > high)
				refuse(key, `${kind} from ${low} to ${high}`, value);
		}
	}
	for (const key of FLAGS) if (typeof recipe[key] !== "boolean") refuse(key, "true or false", recipe[key]);
	if (recipe.rank % 4 !== 0) refuse("rank", "a multiple of 4", recipe.rank);
	if (!SCHEDULES.includes(recipe.schedule)) refuse("schedule", `one of ${SCHEDULES.join(", ")}`, recipe.schedule);
	const { warmupSteps, validation } = recipe;
	const isSteps = Number.isSafeInteger(warmupSteps) && warmupSteps! >= 0 && warmupSteps! <= MAX_WARMUP_STEPS;
	if (warmupSteps !== null && !isSteps) refuse("warmupSteps", "null or a whole number of steps", warmupSteps);
	const isShare = typeof validation === "number" && validation >= 0 && validation < 1;
	const isCount = Number.isSafeInteger(validation) && validation >= 1 && validation <= MAX_HELD_OUT;
	if (!isShare && !isCount) refuse("validation", "0, a share of the rows below 1, or a count of rows", validation);
	for (const key of ["patience", "keepBest"] as const) {
		if (recipe[key] && validation === 0)
			throw new RunError("recipe-malformed", `recipe.${key} needs rows to look at; set recipe.validation too`);
	}
	checkShares(recipe.checkpoints);
	return { ...recipe, targets: checkTargets(recipe) };
}

function checkTargets(recipe: Recipe): Recipe["targets"] {
	const { targets } = recipe;
	const wanted = `a list from ${LINEARS.join(", ")} or paths that end so, "all-linear", or a regular expression`;
	const isNames = Array.isArray(targets) && targets.length > 0 && targets.every((t) => typeof t === "string");
	if (!isNames && (typeof targets !== "string" || targets === "")) return refuse("targets", wanted, targets);
	const limit = isNames ? MAX_TARGET_CHARACTERS : MAX_EXPRESSION_CHARACTERS;
	const long = [targets].flat().find(({ length }) => length > limit);
	if (long !== undefined) {
		const told = `a name in recipe.targets may have ${MAX_TARGET_CHARACTERS} characters and a regular expression ${MAX_EXPRESSION_CHARACTERS}`;
		throw new RunError("recipe-malformed", `${told}, ${long.slice(0, 40)}… has ${long.length}`);
	}
	if (typeof targets === "string" && targets.toLowerCase() === "all-linear") return LINEARS;
	try {
		parseAdapterConfig(writeAdapterConfig(adapterConfigOf(recipe), "recipe"));
	} catch (cause) {
		if (!(cause instanceof ModelError)) throw cause;
		if (isNames) return refuse("targets", wanted, targets);
		throw new RunError("recipe-malformed", `recipe.targets must be ${wanted}: ${cause.message}`, { cause });
	}
	return targets;
}

function checkShares(shares: unknown): void {
	const isShare = (s: unknown) => typeof s === "number" && s > 0 && s <= 1;
	if (!Array.isArray(shares) || shares.length === 0 || shares.length > 8 || !shares.every(isShare))
		refuse("checkpoints", "1 to 8 shares of the run, each above 0 and at most 1", shares);
}

function refuseUnknown(key: string): never {
	const keys = Object.keys(defaultRecipe) as Key[];
	const near = nearest(key, keys);
	const meant = near === undefined ? "" : `; did you mean ${near}?`;
	const shown = key.length > 40 ? `${key.slice(0, 40)}…` : key;
	const told = `recipe.${shown} is unknown${meant || ""}${meant ? " The" : "; the"} keys are ${keys.join(", ")}`;
	throw new RunError("recipe-malformed", told);
}

const MOST_EDITS = 3;

/** The known key that was probably meant. */
export function nearest(typed: string, keys: readonly Key[]): Key | undefined {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
	const wanted = plain(typed.slice(0, 40));
	const known = Object.hasOwn(ELSEWHERE, wanted) ? ELSEWHERE[wanted] : undefined;
	if (known !== undefined) return known;
	const ranked = keys.map((key) => ({ key, edits: editDistance(wanted, plain(key)) }));
	ranked.sort((a, b) => a.edits - b.edits);
	const [best] = ranked;
	return best !== undefined && best.edits <= Math.min(MOST_EDITS, wanted.length / 2) ? best.key : undefined;
}

/** Letters to add, drop or exchange. */
function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		}
		row = next;
	}
	return row[b.length]!;
}
