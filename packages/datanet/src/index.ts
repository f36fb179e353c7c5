// Rows on their way in: reading files, refusing copies, clusters, commitments, snapshots, blobs.

export { type BlobStore, openBlobStore } from "./blobs/openBlobStore.js";
export { croissant } from "./card/croissant.js";
export { datanetCard } from "./card/datanetCard.js";
export type { DatanetFacts, DatanetFile } from "./card/datanetFacts.js";
export type { Action, Finding } from "./checks/check.js";
export { type EvaluationSet, evaluationSet } from "./checks/evaluationCheck.js";
export { type LicenceTerms, licenceFaults } from "./checks/licenceCheck.js";
export { type AcceptedRow, type IntakeResult, intake, type KnownRow } from "./intake/intake.js";
export {
	MAX_FILE_BYTES,
	MAX_LINE_BYTES,
	MAX_PROMPT_CHARACTERS,
	MAX_REJECTED,
	MAX_RESPONSE_CHARACTERS,
	MAX_ROWS,
	MAX_STREAM_BYTES,
	MAX_STREAM_ROWS,
	MAX_TEXT_CHARACTERS,
	MAX_TURNS,
} from "./limits.js";
export { createPipeline, type IntakePolicy, type Pipeline, type PipelineFinding } from "./pipeline/createPipeline.js";
export { type IntakeReport, type LabelBalance, labelBalance } from "./pipeline/report.js";
export { type PipelineInput, type PipelineResult, runPipeline } from "./pipeline/runPipeline.js";
export type { RowVerdict } from "./pipeline/verdict.js";
export type { FileRow } from "./reading/checkRow.js";
export { type ReadRowsOptions, type ReadRowsResult, readRows } from "./reading/readRows.js";
export type { Source } from "./reading/sourceChunks.js";
export {
	formatOf,
	type LineFormat,
	ROW_FORMATS,
	type RowFormat,
	type StreamedRow,
	streamRows,
} from "./reading/streamRows.js";
export {
	openRecordStore,
	type RecordState,
	type RecordStore,
	type RecordStoreOptions,
} from "./records/openRecordStore.js";
export { readRowBytes } from "./records/readRowBytes.js";
export type { RejectedRow, RejectionCode } from "./rejection.js";
export { buildSnapshot, type DatanetSnapshot } from "./snapshot/buildSnapshot.js";
export { type CommitRowInput, commitRow, type DatanetRow } from "./snapshot/datanetRow.js";
export {
	type StreamPipelineOptions,
	type StreamProgress,
	type StreamResult,
	streamPipeline,
} from "./stream/streamPipeline.js";
