// How answers are paid, as the server sees it: a price, a payment or a refusal, an answer with its receipt.
// It must not know by which protocol the money comes.

import type { PaidAnswer } from "./chat/chatCompletion.js";
import type { ChatOrder } from "./chat/chatOrder.js";

export interface Quote {
	readonly feeWei: bigint;
	readonly tokensIn: number;
}

export type Admission<Payment> =
	/** No money, no answer: the response says how to pay, or why the payment was refused. */
	| { readonly kind: "refused"; readonly response: Response }
	| { readonly kind: "accepted"; readonly payment: Payment; readonly headers: Readonly<Record<string, string>> };

export interface Billing<Payment> {
	/** The exact price of an order, known before it is answered. */
	quote(order: ChatOrder): Promise<Quote>;
	/** Takes the payment that comes with the request. Once it is taken, `complete` must lead to an answer, if need be later. */
	accept(order: ChatOrder, quote: Quote, request: Request): Promise<Admission<Payment>>;
	/** The answer to a paid order. The same payment again gives the same answer. */
	complete(order: ChatOrder, payment: Payment): Promise<PaidAnswer>;
}
