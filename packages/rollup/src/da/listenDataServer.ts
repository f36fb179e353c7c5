// A data layer that stands by itself: the server over a socket, where no node is there to carry it. It must not know routes.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import { dataServer } from "./dataServer.js";
import type { DataStore } from "./openDataStore.js";

export type ListenDataServer = {
	readonly store: DataStore;
	/** 0 takes any free one. */
	readonly port: number;
	/** 127.0.0.1 by default. Anybody who reaches it may write: do not show it to strangers. */
	readonly host?: string;
};

export type ListeningDataServer = { readonly url: string; close(): Promise<void> };

const REQUEST_MS = 120_000;

/** Rejects with the system's own error where the port cannot be had. */
export async function listenDataServer(options: ListenDataServer): Promise<ListeningDataServer> {
	const { store, port, host = "127.0.0.1" } = options;
	const serve = dataServer(store);
	const server = createServer({ requestTimeout: REQUEST_MS }, (incoming, outgoing) => {
		void respond(serve, incoming, outgoing);
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, resolve);
	});
	const { port: actual } = server.address() as AddressInfo;
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function respond(
	serve: (request: Request) => Promise<Response>,
	incoming: IncomingMessage,
	outgoing: ServerResponse,
): Promise<void> {
	const { method = "GET", url = "/" } = incoming;
	try {
		const withBody = method !== "GET" && method !== "HEAD";
		const request = new Request(new URL(url, "http://data.layer"), {
			method,
			...(withBody && { body: Readable.toWeb(incoming) as WebStream as BodyInit, duplex: "half" }),
		} as RequestInit);
		const response = await serve(request);
		outgoing.writeHead(response.status, Object.fromEntries(response.headers));
		outgoing.end(new Uint8Array(await response.arrayBuffer()));
	} catch {
		if (!outgoing.headersSent) outgoing.writeHead(400);
		outgoing.end();
	}
}
