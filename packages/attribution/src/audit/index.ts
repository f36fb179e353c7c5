export type { RecordedBatch, RecordedStep, RecordedTraining } from "./recordedTraining.js";
export { createReplayTrainer, meanLosses, type RetrainOptions, retrain, weighRows } from "./retrain.js";
