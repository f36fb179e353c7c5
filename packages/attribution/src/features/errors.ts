// What can be wrong with features, a question to them, or the folder that keeps them.

import { CallerError } from "@openledger/protocol";

export type FeatureErrorCode =
	| "features/bad-shape"
	| "features/bad-number"
	| "features/no-such-row"
	| "features/corrupt"
	| "features/in-use"
	| "features/changed-elsewhere"
	| "features/read-only"
	| "features/too-large"
	| "features/closed";

/** The rows, the query or the folder must change before a retry helps. */
export class FeatureError extends CallerError {
	constructor(code: FeatureErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
		super(message, { code, ...options });
		this.name = "FeatureError";
	}
}
