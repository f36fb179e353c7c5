// Stands in for node:crypto in the bundle, so that browsers run it too: sha256 as @noble/hashes has it, another implementation than Node's.

import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";

export function createHash(name: string) {
	if (name !== "sha256") throw new Error(`the bundle hashes with sha256 alone, not ${name}`);
	const hash = sha256.create();
	const chain = {
		update(bytes: Uint8Array) {
			hash.update(bytes);
			return chain;
		},
		digest: () => bytesToHex(hash.digest()),
	};
	return chain;
}
