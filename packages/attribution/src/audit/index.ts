export { type MagicOptions, type MagicProgress, type MagicResult, magic } from "./magic.js";
export { MagicError, type MagicErrorCode, ReplayError } from "./magicErrors.js";
export { estimateMagic, type MagicEstimate } from "./magicEstimate.js";
export type { StateNorms } from "./magicKept.js";
export { type MagicStore, memoryStore } from "./magicStore.js";
export type { RecordedBatch, RecordedStep, RecordedTraining } from "./recordedTraining.js";
export { createReplayTrainer, meanLosses, type RetrainOptions, retrain, weighRows } from "./retrain.js";
export {
	type JudgeSmoothnessOptions,
	judgeSmoothness,
	type SmoothnessFigures,
	type SmoothnessJudgement,
} from "./smoothness.js";
export { type SmoothnessSign, smoothnessSigns } from "./smoothnessSigns.js";
