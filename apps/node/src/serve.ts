// The node's HTTP surface on 127.0.0.1: the management API under /api, everything else is OpenLoRA's.

import type { AddressInfo } from "node:net";
import { serve as listen, type ServerType } from "@hono/node-server";
import { ApiError, createOpenLora } from "@openledger/openlora";
import { CallerError, TransientError } from "@openledger/protocol";
import { Hono } from "hono";
import { createApi } from "./api/createApi.js";
import { errorText } from "./errors.js";
import { removeNodeFile, writeNodeFile } from "./home/nodeFile.js";
import { createBilling } from "./inference/createBilling.js";
import type { NodeParts } from "./parts.js";
import { paymentRoutes } from "./payment/index.js";

export type Served = { readonly url: string; close(): Promise<void> };

const HOST = "127.0.0.1";
const DRAIN_MS = 10_000;

/** Listens on `port`, or on a free one for 0. Throws `node/port-taken`. */
export async function serve(parts: NodeParts, port: number): Promise<Served> {
	const app = new Hono();
	app.route("/api", createApi(parts));
	app.route("/", paymentRoutes(parts));
	app.mount("/", createOpenLora(openLoraOptions(parts)).fetch);
	const server = await start(app, port);
	const url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
	writeNodeFile(parts.home, { pid: process.pid, url });
	return {
		url,
		async close() {
			removeNodeFile(parts.home);
			await drain(server);
		},
	};
}

function openLoraOptions(parts: NodeParts): Parameters<typeof createOpenLora>[0] {
	return {
		backend: parts.backend,
		billing: createBilling(parts) as Parameters<typeof createOpenLora>[0]["billing"],
		onError: (error) =>
			parts.log(`a request failed: ${errorText(error instanceof ApiError ? (error.cause ?? error) : error)}`),
		translate(error) {
			if (error instanceof TransientError) return new ApiError(503, error.code, error.message, { cause: error });
			if (error instanceof CallerError) return new ApiError(400, error.code, error.message, { cause: error });
			return undefined;
		},
	};
}

function start(app: Hono, port: number): Promise<ServerType> {
	return new Promise((resolve, reject) => {
		const server = listen({ fetch: app.fetch, port, hostname: HOST }, () => resolve(server));
		server.once("error", (cause: NodeJS.ErrnoException) => {
			const taken = cause.code === "EADDRINUSE" || cause.code === "EACCES";
			if (!taken) return reject(cause);
			const message = `port ${port} on ${HOST} cannot be had (${cause.code}); choose another, or 0 for any free one`;
			reject(new CallerError(message, { code: "node/port-taken", cause }));
		});
	});
}

/** Lets requests under way finish; cuts what is left after a while. */
function drain(server: ServerType): Promise<void> {
	return new Promise((resolve) => {
		const late = setTimeout(() => {
			if ("closeAllConnections" in server) server.closeAllConnections();
		}, DRAIN_MS);
		server.close(() => {
			clearTimeout(late);
			resolve();
		});
		if ("closeIdleConnections" in server) server.closeIdleConnections();
	});
}
