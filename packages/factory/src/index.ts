// Recipe → run → adapter, with everything a stranger needs to repeat it.

export { RunError, type RunErrorCode } from "./errors.js";
export {
	type ChainLink,
	firstBrokenLink,
	historyRoot,
	recipeText,
	runStart,
	type StepEntry,
	stateDigest,
} from "./history.js";
export { loadRun, type TrainedRun } from "./loadRun.js";
export { adapterConfigOf, checkpointSteps, defaultRecipe, parseRecipe, type Recipe } from "./recipe.js";
export { type TrainOptions, type TrainProgress, trainAdapter } from "./trainAdapter.js";
