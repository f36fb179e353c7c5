// The three ways to pay for an answer.

/** A balance bought before; a deposit and signed totals over it; a signed transfer for each answer. */
export type PayWay = "key" | "channel" | "answer";

export type Paying = {
	readonly way: PayWay;
	/** Carries requests, and pays where it is asked to. */
	readonly carry: typeof fetch;
};
