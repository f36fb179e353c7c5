// Recipe → run → adapter, with everything a stranger needs to repeat it.

export * from "./audit/index.js";
export type { Game, Span } from "./disputes/game.js";
export { type ChallengerBook, challengerMove, type TrainerBook, trainerMove, verdictOn } from "./disputes/moves.js";
export {
	type Committed,
	checkJobRecipe,
	openReplay,
	openRunReplay,
	type Replay,
	type ReplayOptions,
} from "./disputes/openReplay.js";
export {
	type OpTrace,
	opRecorder,
	TRACE_VERSION,
	traceEntries,
	traceLink,
	traceOutput,
} from "./disputes/opTrace.js";
export { RunError, type RunErrorCode } from "./errors.js";
export {
	type ChainLink,
	firstBrokenLink,
	historyRoot,
	type LinkedValidation,
	recipeOfText,
	recipeText,
	runStart,
	type StepEntry,
	stateDigest,
} from "./history.js";
export type { RunRow } from "./holdOut.js";
export { loadRun } from "./loadRun.js";
export { parseRecipe, type RecipeField, recipeFields } from "./parseRecipe.js";
export { measureSteps, type PlannedRun, planRun, type Work } from "./planRun.js";
export type { TrainOptions, TrainProgress } from "./progress.js";
export { type ReadRunFile, type RowsUsed, readRun, type TrainedRun } from "./readRun.js";
export { adapterConfigOf, checkpointSteps, defaultRecipe, type Recipe } from "./recipe.js";
export { MAX_RECIPE_BYTES, parseRecipeText, readFields, recipeYaml } from "./recipeFile.js";
export { parseState, RUN_FILES, stateBytes } from "./runFiles.js";
export { files as runFiles, readIfThere } from "./runFolder.js";
export { trainAdapter } from "./trainAdapter.js";
export { perplexity, type Validation } from "./validation.js";
export * from "./verify/index.js";
