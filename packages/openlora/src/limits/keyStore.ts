// API keys: only their hashes are kept. It must not know what a key pays or how requests come.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** What one key may do; what is absent is not limited. */
export interface KeyLimits {
	/** Requests under way at the same time. */
	readonly concurrent?: number;
	/** Both by a bucket that holds one minute's worth. */
	readonly requestsPerMinute?: number;
	/** Tokens read and written. */
	readonly tokensPerMinute?: number;
	/** Bytes of one request's body. */
	readonly bodyBytes?: number;
	/** Tokens that one answer may have. */
	readonly maxTokens?: number;
}

export interface KeyRecord {
	/** Shown in logs and metrics: 1 to 64 of letters, digits, `.`, `_` and `-`. */
	readonly name: string;
	/** SHA-256 of the key, 64 hexadecimal digits. */
	readonly sha256: string;
	readonly limits?: KeyLimits;
}

export interface KeyStore {
	/** The record of a key with this hash, if there is one. */
	find(sha256: string): KeyRecord | undefined;
}

export const hashKey = (key: string): string => createHash("sha256").update(key, "utf8").digest("hex");

/** Whether two hashes are equal, in a time that does not depend on where they differ. */
export function sameHash(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a, "hex"), Buffer.from(b, "hex")];
	return left.length === 32 && right.length === 32 && timingSafeEqual(left, right);
}

/** A new key and its record; the key itself is shown once and kept nowhere. */
export function newKey(name: string, limits?: KeyLimits): { readonly key: string; readonly record: KeyRecord } {
	const key = `olk_${randomBytes(32).toString("base64url")}`;
	return { key, record: { name, sha256: hashKey(key), ...(limits && { limits }) } };
}

/** Keys that are known from the start. */
export function createKeyStore(records: readonly KeyRecord[]): KeyStore {
	const byHash = new Map(records.map((record) => [record.sha256.toLowerCase(), record]));
	return {
		find(sha256) {
			const found = byHash.get(sha256);
			return found !== undefined && sameHash(found.sha256, sha256) ? found : undefined;
		},
	};
}
