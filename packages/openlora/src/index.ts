// OpenLoRA: many fine-tuned models on one base behind an OpenAI-compatible server.

export type { Backend, ServedModel } from "./backend/backend.js";
export { type CanonicalBackend, createCanonicalBackend, generateCanonically } from "./backend/canonicalBackend.js";
export type { Admission, Billing, Quote } from "./billing.js";
export { chatCompletion, type PaidAnswer } from "./chat/chatCompletion.js";
export { type ChatOrder, LIMITS, parseChatOrder } from "./chat/chatOrder.js";
export { ApiError, type ApiErrorBody, type ApiErrorType, errorBody } from "./errors.js";
export { createOpenLora, type OpenLoraOptions } from "./server/createOpenLora.js";
