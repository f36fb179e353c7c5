// The data layer's server, as a function from request to response: the REST surface of EigenDA's proxy over a local store.
// `POST /put` answers with the commitment's bytes, `GET /get/0x…` with the content, `GET /health` with 200. Errors are plain text with the
// proxy's status codes; what it leaves to 500, content that is not there, is 404 here. It must not know sockets, or what the content means.

import { CallerError, type Hex, OpenLedgerError, TransientError } from "@openledger/protocol";
import { refused } from "../errors.js";
import { contentDigest, digestOf, localCommitment } from "./commitment.js";
import { MAX_PAYLOAD } from "./limits.js";
import type { DataStore } from "./openDataStore.js";

const OCTETS = { "content-type": "application/octet-stream" };

/** `prefix` is the path under which the server stands, "" at the root. */
export function dataServer(store: DataStore, prefix = ""): (request: Request) => Promise<Response> {
	return async (request) => {
		const url = new URL(request.url);
		if (!url.pathname.startsWith(`${prefix}/`)) return text(404, "404 page not found");
		try {
			return await answer(store, request, url.pathname.slice(prefix.length), url.searchParams);
		} catch (error) {
			return failure(error);
		}
	};
}

async function answer(store: DataStore, request: Request, path: string, query: URLSearchParams): Promise<Response> {
	const mode = query.get("commitment_mode") === "standard" ? "standard" : "generic";
	const { method } = request;
	if (path === "/health") return method === "GET" ? text(200, "") : text(405, "use GET");
	const [, verb, named, ...more] = path.split("/");
	if (more.length > 0 || (verb !== "put" && verb !== "get")) return text(404, "404 page not found");
	if (verb === "get") {
		if (method !== "GET") return text(405, "use GET to read and POST /put to write");
		const content = await store.get(digestOf(named ?? "", mode));
		return new Response(content as BodyInit, { headers: OCTETS });
	}
	if (method !== "POST") return text(405, "use POST to write");
	// A keccak commitment is named by the sender, and must be that of the body.
	const wanted = named === undefined || named === "" ? undefined : keccakNamed(named);
	const content = await read(request);
	if (wanted !== undefined && wanted !== contentDigest(content))
		throw refused("data/mismatch", `the body's keccak-256 is not the ${wanted} of the path`);
	const digest = await store.put(content);
	return wanted !== undefined
		? text(200, "")
		: new Response(localCommitment(digest, mode) as BodyInit, { headers: OCTETS });
}

function keccakNamed(named: string): Hex {
	if (!/^(?:0x)?00/.test(named))
		throw refused("data/bad-commitment", "only a keccak commitment, 00 and 32 bytes, can be named in POST /put");
	return digestOf(named, "generic");
}

/** The body, up to the largest payload; a longer one is not read to its end. */
async function read(request: Request): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let length = 0;
	const reader = request.body?.getReader();
	for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader!.read()) {
		length += next.value.length;
		if (length > MAX_PAYLOAD) {
			await reader!.cancel();
			throw refused("data/too-large", `reading at most ${MAX_PAYLOAD} bytes from body: there are more; send parts`);
		}
		parts.push(next.value);
	}
	return Buffer.concat(parts);
}

function failure(error: unknown): Response {
	if (error instanceof TransientError) return text(503, error.message);
	if (error instanceof CallerError) {
		if (error.code === "data/not-found") return text(404, error.message);
		return text(error.code === "data/damaged" ? 500 : 400, error.message);
	}
	// Paths and the like stay here.
	return text(500, error instanceof OpenLedgerError ? error.message : "the data layer failed");
}

function text(status: number, body: string): Response {
	return new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
