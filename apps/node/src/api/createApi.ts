// The management API: what the command line and the studio talk to. Reading is open on this machine, changing needs the token.

import { timingSafeEqual } from "node:crypto";
import { isSilent } from "@openledger/chain";
import { CallerError, TransientError } from "@openledger/protocol";
import { DrizzleQueryError } from "drizzle-orm";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorText } from "../errors.js";
import { LOCAL_HOSTS } from "../foreignHost.js";
import type { NodeParts } from "../parts.js";
import { activityRoutes } from "./activityRoutes.js";
import { auditRoutes } from "./auditRoutes.js";
import { datanetRoutes } from "./datanetRoutes.js";
import { developmentWalletRoutes } from "./developmentWalletRoutes.js";
import { earningsRoutes } from "./earningsRoutes.js";
import { evidenceRoutes } from "./evidenceRoutes.js";
import { governanceRoutes } from "./governanceRoutes.js";
import { jobRoutes } from "./jobRoutes.js";
import { json, type Status } from "./json.js";
import { ledgerRoutes } from "./ledgerRoutes.js";
import { modelRoutes } from "./modelRoutes.js";
import { networkRoutes } from "./networkRoutes.js";
import { questionRoutes } from "./questionRoutes.js";
import { receiptRoutes } from "./receiptRoutes.js";
import { rewardRoutes } from "./rewardRoutes.js";
import { searchRoutes } from "./searchRoutes.js";
import { stakeRoutes } from "./stakeRoutes.js";
import { statusRoutes } from "./statusRoutes.js";
import { walletRoutes } from "./walletRoutes.js";

/** A contribution's file may have 64 MB, and is sent inside JSON. */
const MAX_BODY = 80 * 1024 * 1024;
const MAX_MESSAGE = 600;

/** Postgres: a character that no text can hold. */
const HAS_NUL = "22021";

export function createApi(parts: NodeParts): Hono {
	const app = new Hono();
	app.onError((error, c) => failure(parts, c, error));
	app.notFound((c) =>
		problem(c, 404, "api/not-found", `${c.req.method} ${c.req.path} does not exist; see GET /api/status`),
	);
	app.use(async (c, next) => {
		c.header("x-content-type-options", "nosniff");
		c.header("cross-origin-resource-policy", "same-origin");
		// A page elsewhere may let its own name point here; then the browser says that name.
		const host = new URL(c.req.url).hostname;
		if (!LOCAL_HOSTS.includes(host)) {
			return problem(c, 403, "api/foreign-host", `the API does not answer as ${host}; call it as 127.0.0.1`);
		}
		const origin = c.req.header("origin");
		if (origin !== undefined && !(URL.canParse(origin) && LOCAL_HOSTS.includes(new URL(origin).hostname))) {
			return foreignOrigin(c);
		}
		// An image's address or a link: the browser names no origin then, and a read may be a lot of work.
		if (c.req.header("sec-fetch-site") === "cross-site") return foreignOrigin(c);
		if (c.req.method !== "GET" && !authorized(parts, c.req.header("authorization"))) {
			const message =
				"this needs the header authorization: Bearer <token>; the token is in the home's file admin-token";
			return problem(c, 401, "api/unauthorized", message);
		}
		await next();
	});
	const onError = (c: Context) => problem(c, 413, "api/body-too-large", `the body may have at most ${MAX_BODY} bytes`);
	app.use(bodyLimit({ maxSize: MAX_BODY, onError }));
	app.route("/", statusRoutes(parts));
	app.route("/", datanetRoutes(parts));
	app.route("/", modelRoutes(parts));
	app.route("/", jobRoutes(parts));
	app.route("/", receiptRoutes(parts));
	app.route("/", rewardRoutes(parts));
	app.route("/", ledgerRoutes(parts));
	app.route("/", auditRoutes(parts));
	app.route("/", walletRoutes(parts));
	app.route("/", developmentWalletRoutes(parts));
	app.route("/", earningsRoutes(parts));
	app.route("/", stakeRoutes(parts));
	app.route("/", governanceRoutes(parts));
	app.route("/", activityRoutes(parts));
	app.route("/", networkRoutes(parts));
	app.route("/", searchRoutes(parts));
	app.route("/", questionRoutes(parts));
	app.route("/", evidenceRoutes(parts));
	return app;
}

function foreignOrigin(c: Context): Response {
	const message = "the API does not answer pages from elsewhere; call it from this machine";
	return problem(c, 403, "api/foreign-origin", message);
}

function authorized(parts: NodeParts, header: string | undefined): boolean {
	const given = Buffer.from(header ?? "");
	const wanted = Buffer.from(`Bearer ${parts.keys.adminToken}`);
	return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function failure(parts: NodeParts, c: Context, error: unknown): Response {
	if (error instanceof CallerError) {
		const missing = error.code.endsWith("/not-found");
		return problem(c, missing ? 404 : 400, error.code, error.message);
	}
	if (error instanceof TransientError) {
		// To be looked up, not asked again: who does might pay twice.
		if (error.code === "chain/unconfirmed") return problem(c, 504, error.code, error.message);
		const { retryAfterSeconds = 2 } = error.details;
		c.header("retry-after", String(retryAfterSeconds));
		return problem(c, 503, error.code, error.message);
	}
	if (isSilent(error)) {
		c.header("retry-after", "2");
		return problem(c, 503, "chain/unreachable", "the chain does not answer; ask again in a few seconds");
	}
	if (error instanceof DrizzleQueryError && (error.cause as { code?: unknown } | undefined)?.code === HAS_NUL) {
		return problem(c, 400, "api/bad-text", "a name or text holds the character NUL; leave it out");
	}
	parts.log(`${c.req.method} ${c.req.path} failed: ${errorText(error)}`);
	return problem(c, 500, "api/internal", "the node failed; its log says why");
}

function problem(c: Context, status: Status, code: string, message: string): Response {
	// What names its cause may have been given a cause of any length.
	const said = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
	return json(c, { error: { code, message: said } }, status);
}
