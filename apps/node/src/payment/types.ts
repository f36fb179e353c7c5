// The words of paid requests: what is asked, what is remembered, what is answered. It must not know HTTP frameworks,
// databases or models.
import type { Address, Hex } from "@openledger/protocol";
import type { PaymentRequirements } from "@x402/core/types";

/** Names a payment: ERC-3009 nonces are unique per payer only. */
export type PaymentKey = { readonly payer: Address; readonly nonce: Hex };

/** What is remembered of a payment. `claimed`: about to be sent, or sent without anybody knowing. `settled`: on chain. */
export type PaymentRecord = PaymentKey & {
	readonly state: "claimed" | "settled";
	/** keccak256 of the signed authorisation with its signature: who repeats a payment must hold the very same one. */
	readonly authorizationHash: Hex;
	/** Digest of the request it pays for. */
	readonly requestHash: Hex;
	readonly resource: string;
	readonly payTo: Address;
	readonly amountWei: bigint;
	/** Seconds; after it the authorisation can no longer be settled. */
	readonly validBefore: bigint;
	/** Known once it was broadcast; certain once settled. */
	readonly txHash?: Hex;
};

/**
 * Where payments are remembered; every promise resolves only when the change is durable.
 * Keys compare payer and nonce in lower case.
 */
export type PaymentStore = {
	get(key: PaymentKey): Promise<PaymentRecord | undefined>;
	/** Inserts the record unless its key exists, in one atomic step; returns the existing one, or undefined if inserted. */
	claim(record: PaymentRecord): Promise<PaymentRecord | undefined>;
	/** Notes under which hash a claimed payment was broadcast. */
	markBroadcast(key: PaymentKey, txHash: Hex): Promise<void>;
	markSettled(key: PaymentKey, txHash: Hex): Promise<void>;
	/** Forgets a claimed payment that did not happen; leaves a settled one alone. */
	release(key: PaymentKey): Promise<void>;
	/** All that are claimed and not settled, for reconciliation after a restart. */
	unsettled(): Promise<readonly PaymentRecord[]>;
};

/** An HTTP answer that any server can send as it is; `body` is plain JSON. */
export type PaymentAnswer = {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: { readonly error: PaymentProblem };
};

/** `code` is stable; `transaction` is there if money may be under way. */
export type PaymentProblem = {
	readonly code: string;
	readonly message: string;
	readonly type: "payment_error";
	readonly transaction?: Hex;
};

export type QuoteRequest = {
	/** URL of what is sold. */
	readonly resource: string;
	readonly amountWei: bigint;
	/** The model's till: `readTill` of packages/chain. */
	readonly payTo: Address;
	readonly description?: string;
	/** Other ways to pay for it, offered before this one. */
	readonly others?: readonly PaymentRequirements[];
};

export type AcceptRequest = QuoteRequest & {
	/** Value of the PAYMENT-SIGNATURE header. */
	readonly paymentHeader: string;
	/** Digest of everything in the request that determines the answer. */
	readonly requestHash: Hex;
};

/** A payment that is on chain. `responseHeader` is the value of PAYMENT-RESPONSE. */
export type PaidRequest = PaymentKey & {
	readonly txHash: Hex;
	readonly amountWei: bigint;
	readonly responseHeader: string;
};

/**
 * `settled`: paid just now; answer, and keep the answer under payer and nonce. `replayed`: paid before for this very
 * request; give the kept answer, or make it now if a crash came between. `rejected`: send it as it is.
 */
export type Acceptance =
	| ({ readonly kind: "settled" } & PaidRequest)
	| ({ readonly kind: "replayed" } & PaidRequest)
	| ({ readonly kind: "rejected" } & PaymentAnswer);
