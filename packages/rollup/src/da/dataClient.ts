// Who wants content kept or read: over HTTP, from EigenDA's proxy or the local server alike, or from a store in this process.
// A commitment is opaque here, so what comes back is to be held against what the chain says. It must not know what the content means.

import { bytesToHex, type Hex, hexToBytes } from "@openledger/protocol";
import { missing, refused, unavailable } from "../errors.js";
import { digestOf, localCommitment } from "./commitment.js";
import { MAX_COMMITMENT, MAX_PAYLOAD } from "./limits.js";
import type { DataStore } from "./openDataStore.js";

export type DataLayer = {
	/** Keeps content, and says by which bytes `get` finds it. Throws `data/too-large`, `data/unavailable`. */
	put(content: Uint8Array): Promise<Hex>;
	/** Throws `data/not-found`, `data/bad-commitment`, `data/unavailable`. */
	get(commitment: Hex): Promise<Uint8Array>;
};

export type DataClientOptions = {
	/** The proxy's commitment mode; `generic` by default, which no reader has to be told. */
	readonly mode?: "generic" | "standard";
	/** A put to EigenDA may take minutes. Milliseconds; 15 minutes by default. */
	readonly putMs?: number;
	/** Milliseconds; 60 s by default. */
	readonly getMs?: number;
	/** How often a busy or silent layer is asked again; 3 by default. */
	readonly retries?: number;
};

export type DataClient = DataLayer & {
	/** Whether the layer answers. */
	health(): Promise<boolean>;
};

/** A client of the data layer at `url`. */
export function dataClient(url: string, options: DataClientOptions = {}): DataClient {
	const { mode = "generic", putMs = 900_000, getMs = 60_000, retries = 3 } = options;
	const base = url.replace(/\/+$/, "");
	const query = mode === "standard" ? "?commitment_mode=standard" : "";
	return {
		async put(content) {
			if (content.length > MAX_PAYLOAD) {
				const message = `the payload has ${content.length} bytes and may have ${MAX_PAYLOAD}; send it in parts`;
				throw refused("data/too-large", message);
			}
			const init = {
				method: "POST",
				headers: { "content-type": "application/octet-stream" },
				body: content as BodyInit,
			};
			const commitment = await asking(`${base}/put${query}`, init, { ms: putMs, retries, most: MAX_COMMITMENT });
			if (commitment.length === 0) throw unavailable(`${base} kept the payload and gave no certificate; put it again`);
			return bytesToHex(commitment);
		},
		async get(commitment) {
			const bytes = hexToBytes(commitment);
			if (bytes.length === 0 || bytes.length > MAX_COMMITMENT)
				throw refused("data/bad-commitment", `a commitment has 1 to ${MAX_COMMITMENT} bytes, this has ${bytes.length}`);
			return await asking(`${base}/get/${commitment}${query}`, {}, { ms: getMs, retries, most: MAX_PAYLOAD });
		},
		async health() {
			try {
				await asking(`${base}/health`, {}, { ms: getMs, retries: 0, most: 65_536 });
				return true;
			} catch {
				return false;
			}
		},
	};
}

/** The same over a store in this process, with the commitments that its server would give. */
export function localData(store: DataStore): DataLayer {
	return {
		put: async (content) => bytesToHex(localCommitment(await store.put(content), "generic")),
		get: (commitment) => store.get(digestOf(commitment, "generic")),
	};
}

type Limits = { readonly ms: number; readonly retries: number; readonly most: number };

async function asking(url: string, init: RequestInit, limits: Limits): Promise<Uint8Array> {
	for (let pause = 200, left = limits.retries; ; pause *= 2, left--) {
		try {
			return await askOnce(url, init, limits);
		} catch (error) {
			if (left <= 0 || (error as { code?: unknown }).code !== "data/unavailable") throw error;
		}
		await new Promise((resolve) => setTimeout(resolve, pause));
	}
}

async function askOnce(url: string, init: RequestInit, { ms, most }: Limits): Promise<Uint8Array> {
	let response: Response;
	let body: Uint8Array;
	try {
		response = await fetch(url, { ...init, signal: AbortSignal.timeout(ms) });
		body = await readUpTo(response, most);
	} catch (cause) {
		if ((cause as { code?: unknown }).code === "data/too-large") throw cause;
		throw unavailable(`the data layer at ${new URL(url).origin} does not answer; start it, or name another`, cause);
	}
	if (response.ok) return body;
	const { status } = response;
	const why = Buffer.from(body.subarray(0, 300)).toString("utf8").trim();
	if (status === 404) throw missing(url.slice(url.lastIndexOf("/") + 1));
	// 418 is the proxy's word for a certificate that is not valid, 429 and 503 for later.
	if (status === 429 || status >= 500) throw unavailable(`the data layer answered ${status}: ${why}`);
	throw refused(status === 413 ? "data/too-large" : "data/refused", `the data layer answered ${status}: ${why}`);
}

async function readUpTo(response: Response, most: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const part of response.body ?? []) {
		length += part.length;
		if (length > most)
			throw refused("data/too-large", `the data layer's answer has more than ${most} bytes; it is not what was put`);
		parts.push(part);
	}
	return Buffer.concat(parts);
}
