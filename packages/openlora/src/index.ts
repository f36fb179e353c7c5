// OpenLoRA: many fine-tuned models on one base behind an OpenAI-compatible server.

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
export { type CanonicalBackend, createCanonicalBackend, generateCanonically } from "./backend/canonicalBackend.js";
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
export { chatCompletion } from "./chat/chatCompletion.js";
export { type ChatOrder, LIMITS, type OrderSettings, parseChatOrder } from "./chat/chatOrder.js";
export type { TextOrder } from "./completions/textOrder.js";
export { ApiError, type ApiErrorBody, type ApiErrorType, errorBody } from "./errors.js";
export { createOpenLora, type OpenLoraOptions } from "./server/createOpenLora.js";
