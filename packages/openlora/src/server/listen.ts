// The socket of a server that speaks fetch: limits against slow and broken clients, errors in OpenAI's form even there, and an end that
// lets requests under way finish. It must not know what is served.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { serve } from "@hono/node-server";
import { ApiError, errorBody } from "../errors.js";

export interface ListenOptions {
	/** 0 takes any free one. */
	readonly port: number;
	/** 127.0.0.1 by default; others can be reached from elsewhere. */
	readonly host?: string;
	/** A client has so long for its headers, and for its whole request. Milliseconds. */
	readonly headersMs?: number;
	readonly requestMs?: number;
	/** A socket on which nothing moves for so long is closed; longer than any answer may wait. Milliseconds. */
	readonly idleMs?: number;
	/** Connections at once; more are closed as they come. */
	readonly connections?: number;
}

export interface Listening {
	readonly url: string;
	readonly port: number;
	/** Takes no new connections; resolves when the open ones have ended, and ends them after `withinMs`. */
	close(options?: { readonly withinMs?: number }): Promise<void>;
}

const HEADER_BYTES = 16 * 1024;

/** Rejects with the system's own error where the port cannot be had (`EADDRINUSE`, `EACCES`). */
export async function listenOpenLora(
	fetch: (request: Request, env?: unknown) => Response | Promise<Response>,
	options: ListenOptions,
): Promise<Listening> {
	const { host = "127.0.0.1", headersMs = 10_000, requestMs = 30_000, idleMs = 900_000, connections = 4096 } = options;
	const server = await new Promise<Server>((resolve, reject) => {
		const listening = serve(
			{
				fetch,
				port: options.port,
				hostname: host,
				createServer,
				serverOptions: {
					headersTimeout: Math.min(headersMs, requestMs),
					requestTimeout: requestMs,
					connectionsCheckingInterval: Math.max(50, Math.min(1000, headersMs / 2)),
					maxHeaderSize: HEADER_BYTES,
				},
			},
			() => resolve(listening as Server),
		);
		listening.once("error", reject);
	});
	server.maxConnections = connections;
	server.setTimeout(idleMs);
	server.on("clientError", refuse);
	const { port } = server.address() as AddressInfo;
	const shown = host.includes(":") ? `[${host}]` : host;
	return { url: `http://${shown}:${port}`, port, close: ({ withinMs = 10_000 } = {}) => close(server, withinMs) };
}

/** What reaches no handler: requests that are late, too long or no HTTP. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
	if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
	const answer = broken(error.code);
	const body = JSON.stringify(errorBody(answer));
	// A response that has begun cannot be begun again.
	const { bytesWritten = 0, _httpMessage: response } = socket as Socket & {
		_httpMessage?: ServerResponse<IncomingMessage>;
	};
	if (response?.headersSent === true || (response === undefined && bytesWritten > 0)) return void socket.destroy();
	const reasons: Record<number, string> = { 408: "Request Timeout", 431: "Request Header Fields Too Large" };
	const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : answer.status;
	socket.end(
		`HTTP/1.1 ${status} ${reasons[status] ?? "Bad Request"}\r\ncontent-type: application/json\r\n` +
			`content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
	);
}

function broken(code: string | undefined): ApiError {
	if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
		return new ApiError(408, "request_timeout", "the request did not come to its end in time; send it faster");
	}
	if (code === "HPE_HEADER_OVERFLOW") {
		return new ApiError(400, "headers_too_large", `the headers may have at most ${HEADER_BYTES} bytes`);
	}
	return new ApiError(400, "malformed_request", "this is not a well-formed HTTP/1.1 request");
}

function close(server: Server, withinMs: number): Promise<void> {
	return new Promise((resolve) => {
		const late = setTimeout(() => server.closeAllConnections(), withinMs);
		server.close(() => {
			clearTimeout(late);
			resolve();
		});
		server.closeIdleConnections();
	});
}
