export { auditSpanIndex } from "./auditSpanIndex.js";
export { SpanError, type SpanErrorCode } from "./errors.js";
export { byRarity, type FoundSpan, findSpans } from "./findSpans.js";
export { SPAN_LAYOUT, type SpanLayout } from "./layout.js";
export type { SpanOccurrence } from "./occurrences.js";
export { parseRecord as parseSpanRecord, parseSpanReceipt } from "./parseSpanReceipt.js";
export { proveSpans, type SpanBinding } from "./proveSpans.js";
export { recordOfSpans } from "./recordOfSpans.js";
export type { SpanField } from "./rowText.js";
export { MAX_ANSWER_BYTES, SPAN_RULES, type SpanRules, spanRules } from "./rules.js";
export type { SegmentRecord } from "./segment.js";
export { appendToSpanIndex, buildSpanIndex, type SpanCommitment, type SpanIndex, spanRoot } from "./spanIndex.js";
export {
	type RecordedOccurrence,
	type RecordedSpan,
	type SpanProof,
	type SpanReceipt,
	type SpanRecord,
	spanRecordDigest,
} from "./spanReceipt.js";
export { spanRulesFor } from "./spanRulesFor.js";
export {
	answerSpotCheck,
	catchPpm,
	type SpotAnswers,
	type SpotQuestions,
	type SpotReport,
	verifySpotCheck,
} from "./spotCheck.js";
export { type OpenSpanIndexOptions, openSpanIndex, SpanStore } from "./store.js";
export { type KnownOfSpans, type SpanReport, verifySpanReceipt } from "./verifySpanReceipt.js";
export { findWords, type Words } from "./words.js";
