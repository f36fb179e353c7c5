// The two parents of every error here: whose fault it is, and so whether trying again can help. It must not know any room.

export type OpenLedgerErrorOptions = {
	/** Stable, `room/what-is-wrong`; branch on this, never on the message. */
	readonly code: string;
	readonly cause?: unknown;
	/** Plain values for logs and programs; never a secret. */
	readonly details?: Readonly<Record<string, unknown>>;
};

/** The root of all errors of this project; throw one of its two children. */
export class OpenLedgerError extends Error {
	readonly code: string;
	readonly details: Readonly<Record<string, unknown>>;

	constructor(message: string, options: OpenLedgerErrorOptions) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = new.target.name;
		this.code = options.code;
		this.details = options.details ?? {};
	}
}

/** What was asked for cannot be done as asked: change the request, the same one again will fail again. */
export class CallerError extends OpenLedgerError {
	constructor(message: string, options: OpenLedgerErrorOptions) {
		super(message, options);
		this.name = "CallerError";
	}
}

/** The request was fine, we could not serve it now: the same one may succeed later. */
export class TransientError extends OpenLedgerError {
	constructor(message: string, options: OpenLedgerErrorOptions) {
		super(message, options);
		this.name = "TransientError";
	}
}
