// Where a server's log of requests goes: JSON lines by pino for machines, or a line of text for what went wrong. The fields come without
// prompts and keys, and stay so.

import type { Logger } from "@openledger/openlora";
import { pino } from "pino";

/** JSON lines on stderr, so that stdout stays for results. */
export function jsonLogger(): Logger {
	const log = pino(
		{ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
		pino.destination({ fd: 2, sync: true }),
	);
	return {
		info: (fields, message) => log.info(fields, message),
		warn: (fields, message) => log.warn(fields, message),
		error: (fields, message) => log.error(fields, message),
	};
}

/** Failures alone, as people read them. */
export function lineLogger(say: (line: string) => void): Logger {
	return {
		info: () => {},
		warn: () => {},
		error(fields, message) {
			const { requestId, route, status, code, failure } = fields as Readonly<Record<string, unknown>>;
			const why = Array.isArray(failure) ? `: ${failure.slice(0, 2).join("; ")}` : "";
			say(`${message}: ${String(route)} ${String(status ?? "")} ${String(code ?? "")} (${String(requestId)})${why}`);
		},
	};
}
