// Stands in for node:crypto in the browser: SHA-256 as @noble/hashes has it.

import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";

export function createHash(name: string) {
	if (name !== "sha256") throw new Error(`the page hashes with sha256 alone, not ${name}`);
	const hash = sha256.create();
	const chain = {
		update(bytes: Uint8Array | string) {
			hash.update(bytes);
			return chain;
		},
		digest: () => bytesToHex(hash.digest()),
	};
	return chain;
}

function absent(): never {
	throw new Error("this works only in a node, not in a page");
}

export const createCipheriv = absent;
export const createDecipheriv = absent;
export const createHmac = absent;
export const randomBytes = absent;
export const randomUUID = absent;
export const timingSafeEqual = absent;
