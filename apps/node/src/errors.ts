// The node's own errors: what was asked for is not there, or not yet. It must not know of HTTP.

import { CallerError, TransientError } from "@openledger/protocol";
import { DrizzleQueryError } from "drizzle-orm";

/** Nothing has this name or id. */
export function notFound(what: string, id: string, hint: string): CallerError {
	return new CallerError(`there is no ${what} ${JSON.stringify(id)}; ${hint}`, {
		code: `${what}/not-found`,
		details: { id },
	});
}

/** The node is closing; the same request works once it is up again. */
export function closing(): TransientError {
	return new TransientError("the node is closing; ask again when it is up", { code: "node/closing" });
}

/** What an error says, for logs and answers. Of a failed query only the database's words: its values may be salts and texts. */
export function errorText(error: unknown): string {
	if (error instanceof DrizzleQueryError) return `a query failed: ${errorText(error.cause)}`;
	return error instanceof Error ? error.message : String(error);
}
