// Llama-family models on the deterministic machine: formats, LoRA, tokenizer, training parts, generation.

export { type Digest, sha256 } from "./digest.js";
export { engineId } from "./engineId.js";
export { ModelError, type ModelErrorCode } from "./errors.js";
export { type NamedTensor, openSafetensors, readSafetensors, type TensorMap } from "./formats/safetensors.js";
export { writeSafetensors } from "./formats/writeSafetensors.js";
export { type ChatMessage, encodeChat, encodeExample } from "./generation/chat.js";
export { chooseToken } from "./generation/chooseToken.js";
export { type Continuation, createContinuation, type GenerateBase, type Taken } from "./generation/continuation.js";
export { createEngine, type Engine, type EngineOptions } from "./generation/engine.js";
export { generatePieces } from "./generation/generate.js";
export { inTurns } from "./generation/inTurns.js";
export type { LogProbabilities, TokenLogProbability } from "./generation/logProbabilities.js";
export { answerRequest, generateCanonically, promptOf, type WholeOrder } from "./generation/order.js";
export type {
	PagedBatch,
	PagedBatchOptions,
	PagedSequence,
	PagedWork,
	ResidentAdapter,
} from "./generation/pagedBatch.js";
export { type DecodePlan, type PlanDecodeOptions, planDecode } from "./generation/planDecode.js";
export { promptTokens } from "./generation/promptTokens.js";
export {
	type AnswerRequest,
	checkRequest,
	type GenerateRequest,
	type Generation,
	type GenerationPiece,
	type Prompt,
	REQUEST_LIMITS,
} from "./generation/request.js";
export { GREEDY, SAMPLING_LIMITS, type Sampling } from "./generation/sampling.js";
export {
	type Batch as DecodingBatch,
	createSessionMaker,
	type Session,
	type SessionMaker,
} from "./generation/session.js";
export { createTextStream, type TextStream } from "./generation/textStream.js";
export {
	type AdapterConfig,
	type AdapterModule,
	type AdapterWeights,
	adapterModules,
	adapterScales,
	initialAdapter,
} from "./lora/adapterConfig.js";
export { type AdapterTensors, adapterAddition, adapterInputs, inputNameA, inputNameB } from "./lora/adapterGraph.js";
export { mergeAdapter, unmergeAdapter } from "./lora/mergeAdapter.js";
export { MAX_EXPRESSION_CHARACTERS } from "./lora/parsePattern.js";
export { type Adapter, readAdapter, writeAdapterModel } from "./lora/peft.js";
export { MAX_TARGET_CHARACTERS, parseAdapterConfig, writeAdapterConfig } from "./lora/peftConfig.js";
export { baseFilesOf, TEMPLATE_FILE } from "./model/baseFiles.js";
export { loadAdapter, loadBase, writeFolder } from "./model/baseFolder.js";
export { type BaseFiles, type BaseModel, baseDigest, readBase, type Shards } from "./model/baseModel.js";
export { builtInShapes } from "./model/builtInShapes.js";
export { type LlamaConfig, parseConfig } from "./model/config.js";
export { type LinearAddition, type LlamaInputs, llamaInputs, llamaLogits } from "./model/llama.js";
export { hasBias, LINEARS, type LinearName, parameterCount, parameterShapes } from "./model/parameters.js";
export { ropeTables } from "./model/ropeTables.js";
export { residentWeights, type WeightForm } from "./model/weights.js";
export { writeBase } from "./model/writeBase.js";
export { writeConfig } from "./model/writeConfig.js";
export { compareEngines, type EngineComparison, type EngineVariant } from "./selftest/compareEngines.js";
export {
	engineSelftest,
	type SelftestOptions,
	type SelftestPart,
	type SelftestResult,
} from "./selftest/engineSelftest.js";
export { tinyAdapter } from "./selftest/tinyAdapter.js";
export { tinyBase } from "./selftest/tinyBase.js";
export { type TinyFamily, tinyFamilies } from "./selftest/tinyFamilies.js";
export * from "./tokenizer/index.js";
export type { AdamWSettings } from "./training/adamw.js";
export {
	type Adjoint,
	type AdjointOptions,
	type Cotangent,
	createAdjoint,
	type StepTrace,
} from "./training/adjoint.js";
export {
	type Batch,
	countedTargets,
	makeBatch,
	meanWeights,
	paddedLength,
	stepWeights,
	type TokenRow,
} from "./training/batch.js";
export { type EncodeRowOptions, encodeRow, type RowText } from "./training/encodeRow.js";
export { createEvaluator, type Evaluator, type EvaluatorOptions } from "./training/evaluator.js";
export { createFullTrainer } from "./training/fullTrainer.js";
export {
	adapterLoss,
	adapterParameterShapes,
	adapterTensors,
	batchFeeds,
	fullLoss,
	residentBase,
	rowLosses,
} from "./training/loss.js";
export { mostRows } from "./training/mostRows.js";
export { epochBatches } from "./training/order.js";
export { packBatch } from "./training/packedBatch.js";
export { type PlanStepOptions, planStep, type StepPlan } from "./training/planStep.js";
export { learningRateAt, SCHEDULES, type Schedule } from "./training/schedule.js";
export { stepGraph } from "./training/stepGraph.js";
export {
	type BatchShape,
	createTrainer,
	type MicroBatch,
	type StepOptions,
	type StepResult,
	type Trainer,
	type TrainerOptions,
	type TrainerState,
} from "./training/trainer.js";
