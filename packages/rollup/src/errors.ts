// What can go wrong between a ledger and its data layer. It must not know HTTP.

import { CallerError, TransientError } from "@openledger/protocol";

/** The request cannot be served as it is; `code` is `data/…` or `blob/…`. */
export function refused(code: string, message: string, details?: Readonly<Record<string, unknown>>): CallerError {
	return new CallerError(message, { code, ...(details && { details }) });
}

/** Nobody has these bytes, as far as this data layer knows. */
export function missing(commitment: string): CallerError {
	const message = `the data layer holds nothing under ${commitment.slice(0, 80)}; ask another one, or the proposer of the root`;
	return refused("data/not-found", message, { commitment });
}

/** The data layer does not answer, or says that it cannot now. */
export function unavailable(message: string, cause?: unknown): TransientError {
	return new TransientError(message, { code: "data/unavailable", cause });
}

/** Bytes that are not what was committed. */
export function damaged(message: string, details?: Readonly<Record<string, unknown>>): CallerError {
	return refused("data/damaged", message, details);
}
