// What all routes of the server share. It must not know any route.

import type { Context } from "hono";
import type { Backend } from "../backend/backend.js";
import type { ApiError } from "../errors.js";
import type { CallerLimits } from "../limits/callerLimits.js";
import type { OrderLimits } from "../limits/orderLimits.js";
import type { Metrics } from "../metrics/createMetrics.js";
import type { AuthoriseOptions } from "./authorise.js";
import type { Gate } from "./gate.js";
import { type Logger, logRequest, type RequestFields } from "./requestLog.js";

export interface ServerContext {
	readonly backend: Backend;
	readonly limits: OrderLimits;
	readonly gate: Gate;
	readonly callers: CallerLimits;
	readonly metrics: Metrics;
	readonly logger: Logger | undefined;
	readonly auth: AuthoriseOptions;
	readonly adminHash: string | undefined;
	readonly ready: () => boolean;
	/** How long a stream may be silent before its first piece, in milliseconds. */
	readonly aliveMs: number;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** Told of failures that are ours. */
	readonly onError: (error: unknown) => void;
	/** Any error as the client may see it. */
	readonly toApiError: (error: unknown) => ApiError;
}

/** `endsLater`: the request ends later than its handler, and reports its end itself. */
export type RouteEnv = { Variables: { fields: RequestFields; began: number; endsLater: boolean } };

/** Where a request came from, as far as the listener tells. */
export function addressOf(c: Context): string {
	const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
	return incoming?.socket?.remoteAddress ?? "";
}

/** Counts and logs a request; once for each, at its very end. */
export function report({ metrics, logger }: ServerContext, fields: RequestFields, began: number, status: number): void {
	const ms = performance.now() - began;
	fields.status = status;
	fields.ms = Math.round(ms);
	metrics.answered({ route: fields.route, status, seconds: ms / 1000 });
	if (!PROBED.has(fields.route)) logRequest(logger, fields);
}

/** Machines ask these every few seconds: counted, not logged. */
const PROBED: ReadonlySet<string> = new Set(["/health", "/ready", "/metrics"]);

/** Looks a model up by name. */
export function findModel(backend: Backend, id: string) {
	return backend.model === undefined ? backend.models().find((m) => m.id === id) : backend.model(id);
}

export function errorHeaders(error: ApiError): Record<string, string> {
	const { status } = error;
	const retryAfter = error.retryAfter ?? (status === 503 ? 2 : undefined);
	return {
		...(retryAfter !== undefined && { "retry-after": String(Math.max(1, Math.ceil(retryAfter))) }),
		...(status === 401 && { "www-authenticate": "Bearer" }),
	};
}
