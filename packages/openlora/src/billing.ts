// How answers are paid, as the server sees it: the most they can cost, a payment or a refusal, answers with their receipts.
// It must not know by which protocol the money comes.

import type { AnswerPiece, Order } from "./backend/backend.js";

export interface Quote {
	/** The most that all orders together can cost. */
	readonly maxFeeWei: bigint;
	/** Tokens of all prompts together. */
	readonly tokensIn: number;
}

/** Who asks, as the server's own key check found out. */
export interface Caller {
	/** The key's name, or "anonymous". */
	readonly tenant: string;
	/** Also in the answer's `x-request-id`. */
	readonly requestId: string;
}

export type Admission<Payment> =
	/** No money, no answer: the response says how to pay, or why the payment was refused. */
	| { readonly kind: "refused"; readonly response: Response }
	| {
			readonly kind: "accepted";
			readonly payment: Payment;
			/** They go out with every answer, streamed or whole. */
			readonly headers: Readonly<Record<string, string>>;
			/** Whose work it is, for fairness and limits. */
			readonly tenant: string;
	  };

/** What an answer's receipt tells the client; `receiptId` is null while a deferred receipt is still being made. */
export interface ReceiptNote {
	readonly receiptId: `0x${string}` | null;
	/** What was charged. */
	readonly feeWei: bigint;
	/** Whose rows the answer came from, largest share first. Empty while the receipt is being made. */
	readonly shares: readonly { readonly contributor: string; readonly ppm: number }[];
	/** A command or address by which the receipt can be checked. */
	readonly verify?: string;
	/** Where a deferred receipt will be found. */
	readonly pending?: string;
}

/** A finished answer. */
export interface PaidAnswer {
	readonly text: string;
	readonly finishReason: "stop" | "length";
	readonly tokensIn: number;
	readonly tokensOut: number;
	/** Seconds since 1970; of the payment, so that a repeated answer is the same answer. */
	readonly created: number;
	/** Absent where answers are free. */
	readonly receipt?: ReceiptNote;
}

export interface CompleteOptions {
	/** Fires when the client has left. What was already paid for whole may be finished all the same. */
	readonly signal?: AbortSignal;
	/** Told every piece of every answer, by the answer's index. */
	readonly onPiece?: (choice: number, piece: AnswerPiece) => void;
	/** Alternatives for each token, 0 to 20; absent for none at all. They come with the pieces. */
	readonly logprobs?: number;
}

export interface Completion {
	/** One for each order, in their order. */
	readonly answers: readonly PaidAnswer[];
	/** They go out with a whole (not streamed) answer. */
	readonly headers: Readonly<Record<string, string>>;
}

export interface Billing<Payment> {
	/** Known before anything is answered. Rejects as `Backend.countPrompt` does. */
	quote(orders: readonly Order[]): Promise<Quote>;
	/** Takes the payment that comes with the request. Once it is taken, `complete` must lead to an answer, if need be later. */
	accept(orders: readonly Order[], quote: Quote, request: Request, caller: Caller): Promise<Admission<Payment>>;
	/**
	 * One answer for each order, durable before it resolves; pieces as they come. The same payment again gives the same answers
	 * (pieces then come at once).
	 */
	complete(orders: readonly Order[], payment: Payment, options: CompleteOptions): Promise<Completion>;
}
