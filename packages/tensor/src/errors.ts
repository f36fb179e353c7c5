// The one error class of this room: a graph, a shape or a number that cannot be.

export type TensorErrorCode =
	| "shape"
	| "dtype"
	| "attribute"
	| "range"
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

/** "12.3 MB", in powers of ten. */
export function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Thrown before anything is taken: what was wanted, and the most that could be had. */
export class OutOfMemoryError extends TensorError {
	readonly wantedBytes: number;
	readonly roomBytes: number;
	constructor(what: string, wantedBytes: number, roomBytes: number, advice: string) {
		super(
			"out-of-memory",
			`${what} wants ${megabytes(wantedBytes)}, there is room for ${megabytes(roomBytes)}; ${advice}`,
		);
		this.name = "OutOfMemoryError";
		this.wantedBytes = wantedBytes;
		this.roomBytes = roomBytes;
	}
}
