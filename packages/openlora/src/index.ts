// OpenLoRA: many fine-tuned models on one base behind an OpenAI-compatible server.

export { adapterKey } from "./adapters/adapterKey.js";
export type { RegisteredAdapter } from "./adapters/registry.js";
export type {
	AdapterAdmin,
	AnswerPiece,
	Backend,
	BackendStats,
	GenerateOptions,
	HistogramData,
	Order,
	ServedModel,
	ShownToken,
	TokenLogprob,
} from "./backend/backend.js";
export {
	type CanonicalBackend,
	type CanonicalBackendOptions,
	createCanonicalBackend,
	generateCanonically,
} from "./backend/canonicalBackend.js";
export type { VllmRegistration } from "./backend/vllm/vllmAdapters.js";
export { openVllmBackend, type VllmBackend, type VllmBackendOptions } from "./backend/vllm/vllmBackend.js";
export type {
	Admission,
	Billing,
	Caller,
	CompleteOptions,
	Completion,
	PaidAnswer,
	Quote,
	ReceiptNote,
} from "./billing.js";
export { type ChatOrder, type OrderSettings, parseChatOrder, parseChatRequest } from "./chat/chatOrder.js";
export { parseTextRequest, type TextOrder } from "./completions/textOrder.js";
export { CHAT_FIELDS, type FieldSupport, type RequestField, TEXT_FIELDS } from "./conformance/requestFields.js";
export { ApiError, type ApiErrorBody, type ApiErrorType, errorBody } from "./errors.js";
export { type FreeBillingOptions, type FreePayment, freeBilling } from "./freeBilling.js";
export {
	createKeyStore,
	hashKey,
	type KeyLimits,
	type KeyRecord,
	type KeyStore,
	newKey,
} from "./limits/keyStore.js";
export { type OpenKeyFileOptions, openKeyFile } from "./limits/openKeyFile.js";
export { LIMITS, type OrderLimits } from "./limits/orderLimits.js";
export type { AnswerRequest, Presentation } from "./request/answerRequest.js";
export { SCHEDULER_LIMITS, type SchedulerLimits, type SchedulerStats } from "./scheduler/createScheduler.js";
export { CancelledError } from "./scheduler/job.js";
export { createOpenLora, type OpenLora, type OpenLoraOptions } from "./server/createOpenLora.js";
export { type Listening, type ListenOptions, listenOpenLora } from "./server/listen.js";
export type { Logger, RequestFields } from "./server/requestLog.js";
