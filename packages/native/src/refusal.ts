// Why there is no native twin, as data: nobody who asks for it may fail because of it.

export type NativeProblem =
	| "unsupported-platform"
	| "no-compiler"
	| "no-headers"
	| "compile-failed"
	| "not-built"
	| "untrusted-file"
	| "damaged-file"
	| "load-failed"
	| "unsupported-processor"
	| "other-bits"
	| "aborted";

/** `reason` says what was wrong and, where there is one, the remedy. */
export interface Refusal {
	readonly ok: false;
	readonly code: NativeProblem;
	readonly reason: string;
}

export function refused(code: NativeProblem, reason: string): Refusal {
	return { ok: false, code, reason };
}

export const aborted = () => refused("aborted", "the build was ended before it was done");

/** Thrown by native kernels that are called after `close`, or over a memory they cannot use. */
export class NativeError extends Error {
	readonly code: "native/closed" | "native/memory";
	constructor(code: "native/closed" | "native/memory", message: string) {
		super(message);
		this.name = "NativeError";
		this.code = code;
	}
}
