// Paid requests by x402 v2 `exact`: what the rest of the node may use of them.
export { createPayments, type Payments, type PaymentsOptions, type Reconciliation } from "./createPayments.js";
export { findSettlement } from "./findSettlement.js";
export { memoryPaymentStore } from "./memoryPaymentStore.js";
export type {
	Acceptance,
	AcceptRequest,
	PaidRequest,
	PaymentAnswer,
	PaymentKey,
	PaymentProblem,
	PaymentRecord,
	PaymentStore,
	QuoteRequest,
} from "./types.js";
