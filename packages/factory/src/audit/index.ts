export { readIfThere, writeDurably } from "../runFolder.js";
export { createLossMeter, type LossMeter } from "./createLossMeter.js";
export {
	type AdapterNumbers,
	type AskOptions,
	type Counterfactuals,
	type CounterfactualsOptions,
	counterfactualBytes,
	openCounterfactuals,
} from "./openCounterfactuals.js";
export { type MagicFolder, openMagicFolder } from "./openMagicFolder.js";
export { checkReplay, type RecordedRun, recordedTrainingOf } from "./recordedTrainingOf.js";
export { type RetrainInTurnsOptions, retrainInTurns } from "./retrainInTurns.js";
