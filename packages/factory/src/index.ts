// Recipe → run → adapter, with everything a stranger needs to repeat it.

export * from "./audit/index.js";
export type { Game, Span } from "./disputes/game.js";
export { type ChallengerBook, challengerMove, type TrainerBook, trainerMove, verdictOn } from "./disputes/moves.js";
export { type Committed, checkJobRecipe, openReplay, type Replay, type ReplayOptions } from "./disputes/openReplay.js";
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
export { loadRun, type RowsUsed, type TrainedRun } from "./loadRun.js";
export { parseRecipe } from "./parseRecipe.js";
export type { TrainOptions, TrainProgress } from "./progress.js";
export { adapterConfigOf, checkpointSteps, defaultRecipe, type Recipe } from "./recipe.js";
export { MAX_RECIPE_BYTES, parseRecipeText, readFields, recipeYaml } from "./recipeFile.js";
export { files as runFiles, parseState, stateBytes } from "./runFolder.js";
export { trainAdapter } from "./trainAdapter.js";
export { perplexity, type Validation } from "./validation.js";
