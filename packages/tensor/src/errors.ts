// The one error class of this room: a graph, a shape or a number that cannot be.

export type TensorErrorCode =
	| "shape"
	| "dtype"
	| "attribute"
	| "missing-input"
	| "not-finite"
	| "out-of-memory"
	| "closed";

/** Thrown for a graph that cannot be built or run; `message` says what was wrong and what would be right. */
export class TensorError extends Error {
	readonly code: TensorErrorCode;
	constructor(code: TensorErrorCode, message: string) {
		super(message);
		this.name = "TensorError";
		this.code = code;
	}
}
