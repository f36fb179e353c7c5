// Ways to pay for answers: what the rest of the node may use of them.
export { findSettlement } from "./findSettlement.js";
export type { Carrier, Line, PaymentMethod, Reconciliation, RequestRow, Sale, Taken } from "./method.js";
export { openPaymentMethods, type PaymentMethods, type PaymentMethodsOptions } from "./openPaymentMethods.js";
export { paymentRoutes } from "./paymentRoutes.js";
export type {
	PaymentAnswer,
	PaymentKey,
	PaymentProblem,
	PaymentRecord,
	PaymentStore,
	QuoteRequest,
} from "./types.js";
