// Errors of a training run: a recipe that cannot be followed, or a run folder that is not what was committed.

import { CallerError } from "@openledger/protocol";

export type RunErrorCode =
	| "recipe-malformed"
	| "run-corrupt"
	| "run-mismatch"
	| "rows-unusable"
	| "sequence-too-long"
	| "out-of-memory"
	| "not-finite"
	| "cancelled";

/** The caller's fault: the recipe, the rows or the folder must change before a retry helps. */
export class RunError extends CallerError {
	constructor(code: RunErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
		super(message, { code, ...options });
		this.name = "RunError";
	}
}

/** Whether the machine, of whichever kernels, had no room. */
export function isOutOfMemory(cause: unknown): cause is Error {
	return cause instanceof Error && (cause as { readonly code?: unknown }).code === "out-of-memory";
}
