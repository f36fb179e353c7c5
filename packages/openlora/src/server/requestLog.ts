// One structured line for each request: who, what kind, how long, how much. Never what was said, and never a key.

/** As pino has it; any object with these will do. */
export interface Logger {
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
}

/** Filled in while a request is answered; milliseconds and counts. */
export interface RequestFields {
	readonly requestId: string;
	readonly route: string;
	tenant?: string;
	/** Only where the name is one of a model that is served: others are the client's words. */
	model?: string;
	stream?: boolean;
	choices?: number;
	tokensIn?: number;
	tokensOut?: number;
	queuedMs?: number;
	firstTokenMs?: number;
	ms?: number;
	status?: number;
	/** Of an error. */
	code?: string;
	outcome?: "answered" | "refused" | "failed" | "client-gone";
	/** Where the node's own failure came from: names and places, without the message, which may quote a request. */
	failure?: readonly string[];
}

export function logRequest(logger: Logger | undefined, fields: RequestFields): void {
	if (logger === undefined) return;
	if (fields.outcome === "failed") logger.error(fields, "request failed");
	else if ((fields.status ?? 0) >= 429) logger.warn(fields, "request refused");
	else logger.info(fields, "request");
}

const FRAMES = 8;

/** Name and code of an error and of its causes, and the places of its stack. */
export function failureOf(error: unknown): string[] {
	const names: string[] = [];
	for (let at = error; at instanceof Error && names.length < 4; at = at.cause) {
		const { code } = at as { code?: unknown };
		names.push(typeof code === "string" && /^[\w./-]{1,64}$/.test(code) ? `${at.name} ${code}` : at.name);
	}
	const deepest = deepestCause(error);
	const frames = deepest?.stack?.split("\n").filter((line) => /^\s+at /.test(line)) ?? [];
	return [...names, ...frames.slice(0, FRAMES).map((line) => line.trim())];
}

function deepestCause(error: unknown): Error | undefined {
	let at = error;
	for (let depth = 0; depth < 4 && at instanceof Error && at.cause instanceof Error; depth++) at = at.cause;
	return at instanceof Error ? at : undefined;
}
