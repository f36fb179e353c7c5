// The node's HTTP surface on 127.0.0.1: the management API under /api, the explorer's pages, everything else is OpenLoRA's.

import { isSilent } from "@openledger/chain";
import { type AdapterAdmin, ApiError, createOpenLora, type Listening, listenOpenLora } from "@openledger/openlora";
import { CallerError, TransientError } from "@openledger/protocol";
import { Hono } from "hono";
import { createApi } from "./api/createApi.js";
import { dataRoutes } from "./api/dataRoutes.js";
import { rpcRoutes } from "./api/rpcRoutes.js";
import type { ServingConfig } from "./config.js";
import { errorText } from "./errors.js";
import { foreignHost, isOwnHost } from "./foreignHost.js";
import { removeNodeFile, writeNodeFile } from "./home/nodeFile.js";
import { createBilling } from "./inference/createBilling.js";
import type { NodeParts } from "./parts.js";
import { paymentRoutes } from "./payment/index.js";
import { withAdapters } from "./serveAdapters/withAdapters.js";
import { webRoutes } from "./web/webRoutes.js";
import { within } from "./within.js";

export type Served = { readonly url: string; close(): Promise<void> };

const HOST = "127.0.0.1";
const DRAIN_SECONDS = 10;
/** The backend's own default. */
const BATCH = 16;

/** Listens on `port`, or on a free one for 0; `webFolder` is the explorer's build. Throws `node/port-taken`. */
export async function serve(
	parts: NodeParts,
	port: number,
	serving: ServingConfig = {},
	webFolder?: string,
): Promise<Served> {
	// Before anybody can pay for an answer that there is no memory for.
	parts.backend.open();
	const app = new Hono();
	const openLora = createOpenLora(openLoraOptions(parts, serving));
	app.route("/api", createApi(parts));
	app.route("/rpc", rpcRoutes(parts));
	app.route("/", dataRoutes(parts));
	app.route("/", webRoutes(webFolder));
	// What stands above answers this machine's own names alone, whatever its owner adds: it is the owner's. Below is what clients buy.
	app.use(async (c, next) => (isOwnHost(c.req.url, serving.hosts) ? await next() : foreignHost(c.req.url)));
	app.route("/", paymentRoutes(parts));
	app.mount("/", openLora.fetch);
	const listening = await listen(app, port);
	const { url } = listening;
	writeNodeFile(parts.home, { pid: process.pid, url });
	return {
		url,
		async close() {
			removeNodeFile(parts.home);
			const withinMs = 1000 * (serving.drainSeconds ?? DRAIN_SECONDS);
			const begun = performance.now();
			// What comes now is told to come back; what is under way finishes, and what it leaves unfinished the next start completes.
			await within(openLora.drain(), withinMs);
			await listening.close({ withinMs: Math.max(1000, withinMs - (performance.now() - begun)) });
		},
	};
}

function openLoraOptions(parts: NodeParts, serving: ServingConfig): Parameters<typeof createOpenLora>[0] {
	const { logger, waiting, batch = BATCH } = serving;
	return {
		// As many as may wait, and those that are made beside them.
		...(waiting !== undefined && { concurrent: waiting + batch }),
		backend: withAdapters(parts.backend, publishedOnly(parts.backend.adapters)),
		adminKey: parts.keys.adminToken,
		processMetrics: true,
		logger,
		billing: createBilling(parts) as Parameters<typeof createOpenLora>[0]["billing"],
		onError: (error) =>
			parts.log(`a request failed: ${errorText(error instanceof ApiError ? (error.cause ?? error) : error)}`),
		translate(error) {
			if (error instanceof TransientError) return new ApiError(503, error.code, error.message, { cause: error });
			if (isSilent(error)) return new ApiError(503, "chain/unreachable", "the chain does not answer", { cause: error });
			if (error instanceof CallerError) return new ApiError(400, error.code, error.message, { cause: error });
			return undefined;
		},
	};
}

function listen(app: Hono, port: number): Promise<Listening> {
	const fetch = (request: Request, env?: unknown) => app.fetch(request, env as object);
	return listenOpenLora(fetch, { port, host: HOST, requestMs: UPLOAD_MS }).catch((cause: NodeJS.ErrnoException) => {
		const taken = cause.code === "EADDRINUSE" || cause.code === "EACCES";
		if (!taken) throw cause;
		const message = `port ${port} on ${HOST} cannot be had (${cause.code}); choose another, or 0 for any free one`;
		throw new CallerError(message, { code: "node/port-taken", cause });
	});
}

/** A contribution of 64 MB may take a while to come. */
const UPLOAD_MS = 120_000;

/** A node's models are those it has published: they can be looked at and pinned, not put in past the chain. */
function publishedOnly(admin: AdapterAdmin): AdapterAdmin {
	const refuse = async (): Promise<never> => {
		const message = "a node serves what is published on its chain: openledger model train puts a model in";
		throw new ApiError(400, "published_only", message);
	};
	return { ...admin, load: refuse, unload: refuse };
}
