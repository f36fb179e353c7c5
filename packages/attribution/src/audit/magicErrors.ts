// What a derivative through a run is refused for. Each says what would be right.

import { CallerError, TransientError } from "@openledger/protocol";

export type MagicErrorCode =
	| "attribution/run-without-derivative"
	| "attribution/no-queries"
	| "attribution/other-audit"
	| "attribution/audit-damaged";

/** The request cannot be served as it stands. */
export class MagicError extends CallerError {
	declare readonly code: MagicErrorCode;
	constructor(code: MagicErrorCode, message: string, cause?: unknown) {
		super(message, { code, cause });
		this.name = "MagicError";
	}
}

/** The run, replayed from a state that it had, came to another state: the machine errs, or what was kept is of another engine. */
export class ReplayError extends TransientError {
	constructor(step: number) {
		super(
			`the run replayed to step ${step} does not have the bits that it had before; begin again with an empty store, and run \`openledger engine selftest\` if it stays so`,
			{ code: "attribution/replay-differs", details: { step } },
		);
		this.name = "ReplayError";
	}
}
