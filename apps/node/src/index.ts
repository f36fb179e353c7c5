// The node: one process that composes the rooms. Nothing runs at import.

export { MAX_RECIPE_BYTES, parseRecipeText, readFields, recipeYaml } from "@openledger/factory";
export { dataClient as dataLayerAt } from "@openledger/rollup";
export { type FetchedJob, type FetchJob, fetchJob } from "./compute/fetchJob.js";
export { type RunTrainer, runTrainer } from "./compute/runTrainer.js";
export { type RunVerifier, runVerifier } from "./compute/runVerifier.js";
export { openWorkplace, type Workplace, type WorkplaceOptions } from "./compute/workplace.js";
export { demoSeed, type NodeConfig, readConfig } from "./config.js";
export { type CheckedFile, type CheckFile, checkFile } from "./datanet/checkFile.js";
export { type EngineNative, type EngineNativeOptions, engineNative } from "./engineNative.js";
export { type DecodePlanOptions, decodePlan, type EnginePlanOptions, enginePlan } from "./enginePlan.js";
export { engineSelftest } from "./engineSelftest.js";
export { type NodeFile, readNodeFile } from "./home/nodeFile.js";
export { payerAccount } from "./inference/fundPayer.js";
export { ledgerAt } from "./ledger/ledgerAt.js";
export { countRows, type Difference, firstDifference, type LedgerState, stateHash } from "./ledger/ledgerState.js";
export { type RebuiltLedger, rebuildLedger } from "./ledger/rebuildLedger.js";
export { type Finding, watchLedger } from "./ledger/watchLedger.js";
export { type LocalGenerate, localGenerate } from "./localGenerate.js";
export type { DataFile } from "./mainJob/contributeAll.js";
export { pickQuestions, type Question } from "./mainJob/pickQuestions.js";
export type { Asked, MainJobReport, OnProgress, Progress, Seconds } from "./mainJob/report.js";
export { type MainJob, runMainJob } from "./mainJob/runMainJob.js";
export { type OpenNode, openNode } from "./openNode.js";
export { readAdminKey } from "./serveAdapters/adminKeyFile.js";
export { jsonLogger, lineLogger } from "./serveAdapters/requestLogger.js";
export { type ServeAdapters, type Serving, serveAdapters } from "./serveAdapters/serveAdapters.js";
