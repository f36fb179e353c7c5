// One way to pay, whatever the money's road: offered, taken, charged, or given back. It must not know how answers are made.

import type { Address, Hex } from "@openledger/protocol";
import type { PaymentRequirements } from "@x402/core/types";
import type { Transaction } from "../database/openDatabase.js";
import type { MethodName, requests } from "../database/schema.js";
import type { PaymentAnswer } from "./types.js";

/** One answer that is for sale. */
export type Line = {
	/** All that answering it takes, as JSON. */
	readonly order: unknown;
	readonly modelId: Hex;
	/** The model's own till, for a payment of this answer alone. */
	readonly till: Address;
	readonly tokensIn: number;
	/** The most it may cost. */
	readonly maxWei: bigint;
};

/** What one request asks for. */
export type Sale = {
	/** URL of what is sold. */
	readonly resource: string;
	readonly description: string;
	/** Digest of everything that determines the answers. */
	readonly requestHash: Hex;
	/** One for each answer; at least one. */
	readonly lines: readonly Line[];
	readonly maxWei: bigint;
};

/** What a request brings to pay with. */
export type Carrier = {
	/** Value of the PAYMENT-SIGNATURE header. */
	readonly paymentHeader: string | null;
	/** A prepaid key, `olk_…`. */
	readonly apiKey: string | null;
	/** Value of the Idempotency-Key header: with the same one, a key pays once. */
	readonly requestKey: string | null;
};

export type Taken =
	| {
			readonly kind: "taken";
			readonly method: MethodName;
			/** Names the payment; with it the rows of `requests` are found. */
			readonly payment: string;
			/** Whose work it is, for fairness. */
			readonly tenant: string;
			readonly headers: Readonly<Record<string, string>>;
	  }
	| ({ readonly kind: "rejected" } & PaymentAnswer);

export type RequestRow = typeof requests.$inferSelect;

/** `open` ones are not on chain, but could still be: their payers may send the same payment again. */
export type Reconciliation = { readonly settled: number; readonly released: number; readonly open: number };

export type PaymentMethod = {
	readonly name: MethodName;
	/** Its part of a 402's offers; undefined where it cannot pay for this sale, or is no x402 scheme. */
	offer(sale: Sale): PaymentRequirements | undefined;
	/** Whether the request means to pay in this way. */
	reads(carrier: Carrier): boolean;
	/** Takes or holds the most it may cost; durable before it resolves. The same payment again is the same payment. */
	take(sale: Sale, carrier: Carrier): Promise<Taken>;
	/**
	 * Charges a payment's answers what they cost, in the transaction that writes them down; gives what its channel was charged
	 * in all with each, if it has one.
	 */
	charge(
		tx: Transaction,
		payment: string,
		answers: readonly { readonly request: RequestRow; readonly amountWei: bigint }[],
	): Promise<readonly (bigint | undefined)[]>;
	/** After the charge is durable: frees what waits for this payment's end. */
	charged(payment: string): void;
	/** Headers for a whole answer that was charged. */
	headers(answered: readonly RequestRow[]): Promise<Readonly<Record<string, string>>>;
	/** Nothing was delivered: what was held is free again. A transfer stays, and its payer may ask again. */
	release(payment: string): Promise<void>;
	/** After a start, before serving: clears up what a crash left open. */
	reconcile(): Promise<Reconciliation>;
};
