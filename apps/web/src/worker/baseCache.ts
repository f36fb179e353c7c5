// Base files in the browser's Cache Storage, by digest, so that a second verification does not fetch them. What it gives is digested again.

import type { KeptBytes } from "./evidenceSource.js";

const NAME = "openledger-bases-v1";
/** A base that is larger fills what a browser gives one site. */
const MOST_KEPT = 2 ** 30;

/** Undefined where the browser keeps nothing, as in a private window. */
export async function openBaseCache(): Promise<KeptBytes | undefined> {
	if (!("caches" in globalThis)) return undefined;
	const cache = await caches.open(NAME).catch(() => undefined);
	if (cache === undefined) return undefined;
	const address = (key: string) => `/kept-bases/${key}`;
	return {
		async get(key) {
			const found = await cache.match(address(key));
			return found && new Uint8Array(await found.arrayBuffer());
		},
		async put(key, bytes) {
			if (bytes.length <= MOST_KEPT) await cache.put(address(key), new Response(bytes as Uint8Array<ArrayBuffer>));
		},
	};
}
