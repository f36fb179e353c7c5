// Fetches what a verification reads, and counts it. Whoever sends it is not trusted: sizes are limited here, contents are held against their
// digests by whoever asked. It must not know what the bytes mean.

/** The node did not hand something over: that shows nothing, either way. */
export class Unavailable extends Error {}

/** Keeps bytes between visits; what it gives is digested again like what the network gives. */
export type KeptBytes = {
	get(key: string): Promise<Uint8Array | undefined>;
	put(key: string, bytes: Uint8Array): Promise<void>;
};

type BytesOptions = {
	readonly most?: number;
	readonly keepAs?: string;
	readonly anew?: boolean;
};

export type EvidenceSource = {
	/** Undefined where there is none; `anew` whatever is kept. Throws `Unavailable`. */
	bytes(path: string, options?: BytesOptions): Promise<Uint8Array | undefined>;
	/** Throws `Unavailable` also where there is none. */
	json(path: string): Promise<unknown>;
	/** So far. */
	readonly counts: { bytes: number; keptBytes: number };
};

export type SourceOptions = {
	readonly origin: string;
	readonly fetch?: typeof fetch;
	readonly kept?: KeptBytes | undefined;
	readonly onBytes?: (done: number, total: number) => void;
};

const MOST_JSON = 16 * 2 ** 20;
/** One file of a base; a browser gives no larger array. */
export const MOST_BYTES = 2 ** 31 - 1;

export function evidenceSource({ origin, fetch: carry = fetch, kept, onBytes }: SourceOptions): EvidenceSource {
	const counts = { bytes: 0, keptBytes: 0 };
	async function bytes(path: string, { most = MOST_BYTES, keepAs, anew = false }: BytesOptions = {}) {
		const known = keepAs === undefined || anew ? undefined : await kept?.get(keepAs).catch(() => undefined);
		if (known !== undefined) {
			counts.keptBytes += known.length;
			return known;
		}
		const response = await ask(path);
		if (response.status === 404) return undefined;
		if (!response.ok) throw new Unavailable(`the node answered ${response.status} when it was asked for ${path}`);
		const all = await read(response, path, most);
		counts.bytes += all.length;
		// A full disk must not end a verification.
		if (keepAs !== undefined) await kept?.put(keepAs, all).catch(() => {});
		return all;
	}
	async function ask(path: string): Promise<Response> {
		try {
			return await carry(`${origin}${path}`);
		} catch (cause) {
			throw new Unavailable(`the node did not answer when it was asked for ${path}`, { cause });
		}
	}
	async function read(response: Response, path: string, most: number): Promise<Uint8Array> {
		const total = Number(response.headers.get("content-length") ?? 0);
		const parts: Uint8Array[] = [];
		let done = 0;
		try {
			for (const reader = response.body!.getReader(); ; ) {
				const { value } = await reader.read();
				if (value === undefined) break;
				done += value.length;
				if (done > most) {
					await reader.cancel();
					throw new Unavailable(`${path} has more than ${most} bytes, which is more than what it should hold`);
				}
				parts.push(value);
				onBytes?.(done, total);
			}
		} catch (cause) {
			if (cause instanceof Unavailable) throw cause;
			throw new Unavailable(`${path} broke off after ${done} bytes`, { cause });
		}
		return joined(parts, done);
	}
	return {
		bytes,
		async json(path) {
			const found = await bytes(path, { most: MOST_JSON });
			if (found === undefined) throw new Unavailable(`the node has nothing at ${path}`);
			try {
				return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(found));
			} catch (cause) {
				throw new Unavailable(`${path} is no JSON`, { cause });
			}
		},
		counts,
	};
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
	const all = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}
