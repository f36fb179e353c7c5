// What a page and the worker that verifies tell each other. Plain data only: it is copied between them.

import type { ShownReceipt } from "../attribution/shownReceipt.js";

export type VerifyRequest = {
	readonly receiptId: string;
	/** What the page shows, which is held against what is verified. */
	readonly shown: ShownReceipt;
	/** Of this page, without the slash at its end. */
	readonly origin: string;
	/** Rows drawn at random, whose features are made again from their texts. */
	readonly rows: number | "all";
	/** Whether the space that features live in is fitted again. */
	readonly withSpace: boolean;
};

/** One comparison that was made, as texts. */
export type Compared = { readonly what: string; readonly found: string; readonly committed: string };

export type CheckEnded = {
	readonly what: string;
	readonly ok: boolean;
	/** What was found right, or the first difference. */
	readonly detail: string;
	readonly milliseconds: number;
	/** That came over the network for it. */
	readonly bytes: number;
	/** That this browser had kept. */
	readonly keptBytes: number;
	/** The first of the comparisons that were made; a failed one is the last that was. */
	readonly compared: readonly Compared[];
	readonly comparisons: number;
};

export type VerifyMessage =
	| { readonly kind: "begin"; readonly what: string }
	| {
			readonly kind: "progress";
			readonly what: string;
			readonly unit: "bytes" | "rows";
			readonly done: number;
			/** 0 where it is not known. */
			readonly total: number;
	  }
	| ({ readonly kind: "end" } & CheckEnded)
	| ({ readonly kind: "done" } & Verified)
	/** Something could not be had, so that nothing is shown either way. */
	| { readonly kind: "stopped"; readonly what: string | undefined; readonly message: string };

export type Verified = {
	readonly identical: boolean;
	/** False where rows were erased since, so that steps and features cannot be made again. */
	readonly isWhole: boolean;
	/** What the first failed check is about. */
	readonly firstDifference?: string;
	readonly checked: readonly string[];
	readonly notChecked: readonly string[];
	/** A fraud that bends the features of this part of all rows is found with this probability. */
	readonly chances: readonly { readonly fraction: number; readonly bad: number; readonly caught: number }[];
	/** Drew the rows; made here. */
	readonly nonce: string;
	readonly milliseconds: number;
	readonly bytes: number;
	readonly keptBytes: number;
};
