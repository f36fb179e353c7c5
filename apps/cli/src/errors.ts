// The command line's own errors, and what an error means for the exit code.

import { CallerError, OpenLedgerError } from "@openledger/protocol";
import { CommanderError } from "commander";

/** A flag or an argument is not what it must be. */
export function usage(message: string): CallerError {
	return new CallerError(message, { code: "cli/usage" });
}

/** A file that was named cannot be used. */
export function unusable(file: string, cause: unknown): CallerError {
	const code = (cause as NodeJS.ErrnoException)?.code;
	const why =
		code === "ENOENT"
			? "there is no such file"
			: code === "EISDIR"
				? "it is a folder"
				: cause instanceof Error
					? cause.message
					: String(cause);
	return new CallerError(`cannot read ${file}: ${why}`, { code: "cli/unusable-file", cause });
}

/** 2: ask differently. 1: asking again may help, or something is wrong with us. */
export function exitCodeOf(error: unknown): 1 | 2 {
	return error instanceof CallerError || isModelError(error) ? 2 : 1;
}

/** A stable code, also for errors from outside our two parents. */
export function codeOf(error: unknown): string {
	if (error instanceof OpenLedgerError) return error.code;
	if (error instanceof CommanderError) return "cli/usage";
	const code = (error as { readonly code?: unknown } | undefined)?.code;
	return typeof code === "string" ? (isModelError(error) ? `model/${code}` : code) : "cli/unexpected";
}

/** The engine imports nothing, so its error for unusable files and requests has another parent. */
function isModelError(error: unknown): boolean {
	return error instanceof Error && error.name === "ModelError";
}
