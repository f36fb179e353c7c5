// The one error of the spans: what was given cannot be used, or a proof does not hold. It must not know who asked.

import { CallerError } from "@openledger/protocol";

export type SpanErrorCode =
	| "spans/bad-rules"
	| "spans/bad-answer"
	| "spans/bad-rows"
	| "spans/no-memory"
	| "spans/folder-damaged"
	| "spans/folder-closed"
	| "spans/receipt-malformed"
	| "spans/receipt-mismatch"
	| "spans/proof-fails"
	| "spans/index-differs";

/** Thrown for rows, answers, folders and receipts that cannot be used; the message names the field and says what would be right. */
export class SpanError extends CallerError {
	constructor(code: SpanErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
		super(message, { code, ...options });
		this.name = "SpanError";
	}
}
