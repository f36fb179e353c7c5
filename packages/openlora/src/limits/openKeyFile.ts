// API keys from a file, read again when it has changed: { "keys": [{ "name", "sha256", "limits"? }] }.

import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { createKeyStore, type KeyStore } from "./keyStore.js";

const count = z.int().min(1).max(1_000_000_000).optional();

const fileFields = z.strictObject({
	keys: z
		.array(
			z.strictObject({
				name: z.string().regex(/^[\w.-]{1,64}$/, "must be 1 to 64 letters, digits, dots, underscores or hyphens"),
				sha256: z.string().regex(/^[0-9a-f]{64}$/i, "must be the key's SHA-256, 64 hexadecimal digits"),
				limits: z
					.strictObject({
						concurrent: count,
						requestsPerMinute: count,
						tokensPerMinute: count,
						bodyBytes: count,
						maxTokens: count,
					})
					.optional(),
			}),
		)
		.max(100_000),
});

export interface OpenKeyFileOptions {
	/** Told why a changed file was not taken; the keys of before stay. Never a key. */
	readonly onError?: (error: Error) => void;
	/** Milliseconds between two looks at the file. */
	readonly lookEvery?: number;
	readonly now?: () => number;
}

const MOST_BYTES = 64 * 2 ** 20;

/** Throws an `Error` that names the file and the field at fault; later faults go to `onError`. */
export function openKeyFile(path: string, options: OpenKeyFileOptions = {}): KeyStore {
	const { onError, lookEvery = 1000, now = () => performance.now() } = options;
	let seen = stamp(path);
	let store = read(path);
	let looked = now();

	function look(): void {
		looked = now();
		try {
			const found = stamp(path);
			if (found === seen) return;
			seen = found;
			store = read(path);
		} catch (error) {
			onError?.(error as Error);
		}
	}

	return {
		find(sha256) {
			if (now() - looked >= lookEvery) look();
			return store.find(sha256);
		},
	};
}

function stamp(path: string): string {
	const { mtimeMs, size, ino } = statSync(path);
	if (size > MOST_BYTES) throw new Error(`${path}: ${size} bytes; a key file has at most ${MOST_BYTES}`);
	return `${mtimeMs} ${size} ${ino}`;
}

function read(path: string): KeyStore {
	let json: unknown;
	try {
		json = JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		// A JSON error would quote the file.
		const why = error instanceof SyntaxError ? "is not JSON" : (error as Error).message;
		throw new Error(`${path}: ${why}`);
	}
	const parsed = fileFields.safeParse(json);
	if (parsed.success) {
		const names = new Set(parsed.data.keys.map(({ name }) => name));
		if (names.size < parsed.data.keys.length) throw new Error(`${path}: two keys have the same name`);
		// Absent limits are absent, not undefined.
		return createKeyStore(JSON.parse(JSON.stringify(parsed.data.keys)));
	}
	const [issue] = parsed.error.issues;
	throw new Error(`${path}: ${issue!.path.join(".") || "the file"}: ${issue!.message}`);
}
