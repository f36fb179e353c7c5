// The OpenAI-compatible server, put together: answers, models, adapters, metrics, health. It must not know of chains or of how models
// are made, nor on which socket it listens.

import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { Backend } from "../backend/backend.js";
import type { Billing } from "../billing.js";
import { chatForm } from "../chat/chatCompletion.js";
import { textForm } from "../completions/textCompletion.js";
import { ApiError, errorBody } from "../errors.js";
import { createCallerLimits } from "../limits/callerLimits.js";
import { hashKey } from "../limits/keyStore.js";
import { LIMITS, type OrderLimits } from "../limits/orderLimits.js";
import { createMetrics } from "../metrics/createMetrics.js";
import { adapterRoutes } from "./adapterRoutes.js";
import { answerRoute } from "./answerRoute.js";
import { type AuthoriseOptions, mayListModels } from "./authorise.js";
import { createGate } from "./gate.js";
import { modelRoutes } from "./modelRoutes.js";
import { requestIdOf } from "./requestId.js";
import { failureOf, type Logger } from "./requestLog.js";
import { errorHeaders, type RouteEnv, report, type ServerContext } from "./serverContext.js";

export interface OpenLoraOptions<Payment> extends AuthoriseOptions {
	readonly backend: Backend;
	readonly billing: Billing<Payment>;
	/** What differs from `LIMITS`. */
	readonly limits?: Partial<OrderLimits>;
	/** Requests for answers under way at once, those that wait included; 2048 by default. More get 429. */
	readonly concurrent?: number;
	/**
	 * A stream that has waited so long for its first piece begins without it, and shows every so often that it is alive: proxies give up
	 * on silent ones. What fails after that is an `error` event. Milliseconds, 15,000 by default.
	 */
	readonly aliveMs?: number;
	/** Opens the endpoints that change adapters. */
	readonly adminKey?: string | undefined;
	/** Web pages that may ask from a browser: their origins, or "*". None by default. */
	readonly cors?: readonly string[] | "*" | undefined;
	/** Whether requests can be answered yet; `/ready` tells. */
	readonly ready?: () => boolean;
	/** Also memory, processor and event loop of the whole process in `/metrics`. */
	readonly processMetrics?: boolean;
	readonly logger?: Logger | undefined;
	/** Told of every failure that is ours; the client only learns that there was one. */
	readonly onError?: (error: unknown) => void;
	/** Turns errors of the rooms behind into answers; leave out to answer 500 for all of them. */
	readonly translate?: (error: unknown) => ApiError | undefined;
	/** Milliseconds since 1970. */
	readonly now?: () => number;
}

export interface OpenLora {
	/** For any server that speaks fetch, and for `Hono.mount` at the root. */
	readonly fetch: Hono["fetch"];
	/** Asks in this process, for tests and tools. */
	readonly request: Hono["request"];
	/** Takes no new requests for answers; resolves when those under way have ended, and the backend with them. */
	drain(): Promise<void>;
}

const PLACES = 2048;
const ALIVE_MS = 15_000;
/** All that this server answers, and how, so that what it counts is bounded. */
const ROUTES: ReadonlyMap<string, "GET" | "POST"> = new Map([
	["/v1/chat/completions", "POST"],
	["/v1/completions", "POST"],
	["/v1/models", "GET"],
	["/v1/load_lora_adapter", "POST"],
	["/v1/unload_lora_adapter", "POST"],
	["/v1/openledger/adapters", "GET"],
	["/v1/openledger/adapters/pin", "POST"],
	["/metrics", "GET"],
	["/health", "GET"],
	["/ready", "GET"],
]);
const SHOWN_HEADERS = ["x-request-id", "x-openledger-receipt", "payment-required", "payment-response", "retry-after"];

/** Makes the server; it listens nowhere by itself: see `listenOpenLora`. */
export function createOpenLora<Payment>(options: OpenLoraOptions<Payment>): OpenLora {
	const server = contextOf(options);
	const { backend, gate, metrics } = server;
	const app = new Hono<RouteEnv>();

	app.use(async (c, next) => {
		const requestId = requestIdOf(c.req.header("x-request-id"));
		const began = performance.now();
		const fields = { requestId, route: routeOf(c.req.path) };
		c.set("fields", fields);
		c.set("began", began);
		await next();
		c.header("x-request-id", requestId);
		if (gate.draining) c.header("connection", "close");
		if (c.get("endsLater") !== true) report(server, c.get("fields"), began, c.res.status);
	});
	if (options.cors !== undefined) {
		const origin = options.cors === "*" ? "*" : [...options.cors];
		app.use(cors({ origin, exposeHeaders: SHOWN_HEADERS, maxAge: 600 }));
	}
	app.onError((error, c) => errorResponse(server, error, c as Context<RouteEnv>));
	app.notFound((c) => {
		const { method, path } = c.req;
		const allow = ROUTES.get(path);
		if (allow !== undefined && allow !== method) {
			c.header("allow", allow);
			return errorResponse(server, new ApiError(405, "method_not_allowed", `${path} takes ${allow}, not ${method}`), c);
		}
		const message = `${method} ${path.slice(0, 128)} does not exist; see /v1/models and /v1/chat/completions`;
		return errorResponse(server, new ApiError(404, "not_found", message, { type: "not_found_error" }), c);
	});

	app.get("/health", (c) => c.json({ ok: true, models: backend.models().length, proves: backend.proves }));
	app.get("/ready", (c) => {
		const ready = !gate.draining && server.ready();
		return c.json({ ready, draining: gate.draining }, ready ? 200 : 503, ready ? {} : { "retry-after": "2" });
	});
	app.get("/metrics", async (c) => {
		const names = mayListModels(server.auth, server.adminHash, c.req.header("authorization") ?? null);
		const { body, contentType } = await metrics.text({ names });
		return c.body(body, 200, { "content-type": contentType });
	});
	modelRoutes(app, server);
	adapterRoutes(app, server);
	app.post("/v1/chat/completions", answerRoute(server, options.billing, chatForm));
	app.post("/v1/completions", answerRoute(server, options.billing, textForm));

	return {
		fetch: app.fetch as Hono["fetch"],
		request: app.request as Hono["request"],
		async drain() {
			await gate.drain();
			await backend.drain();
		},
	};
}

function contextOf<Payment>(options: OpenLoraOptions<Payment>): ServerContext {
	const { backend, logger, translate, adminKey } = options;
	return {
		backend,
		logger,
		limits: { ...LIMITS, ...options.limits },
		gate: createGate(options.concurrent ?? PLACES),
		callers: createCallerLimits(),
		metrics: createMetrics(backend, { processMetrics: options.processMetrics === true }),
		auth: options,
		adminHash: adminKey === undefined ? undefined : hashKey(adminKey),
		aliveMs: options.aliveMs ?? ALIVE_MS,
		ready: options.ready ?? (() => true),
		now: options.now ?? Date.now,
		onError: options.onError ?? (() => {}),
		toApiError(error) {
			const known = error instanceof ApiError ? error : translate?.(error);
			return known ?? new ApiError(500, "internal_error", "the node failed; the same request may be sent again");
		},
	};
}

/** The error's body and headers; failures of ours are told to us. */
function errorResponse(server: ServerContext, error: unknown, c: Context<RouteEnv>): Response {
	const known = server.toApiError(error);
	const fields = c.get("fields");
	fields.code = known.code;
	fields.outcome ??= known.status === 499 ? "client-gone" : known.status >= 500 ? "failed" : "refused";
	if (known.status === 499) server.metrics.clientGone();
	else server.metrics.refused(known.code);
	if (known.status >= 500) {
		server.onError(error);
		fields.failure = failureOf(error);
	}
	return c.json(errorBody(known), known.status as 500, errorHeaders(known));
}

const routeOf = (path: string): string =>
	ROUTES.has(path) ? path : path.startsWith("/v1/models/") ? "/v1/models/:id" : "other";
