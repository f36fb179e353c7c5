// sha256, as the lower-case 0x form that the whole system uses.

import { createHash } from "node:crypto";

export type Digest = `0x${string}`;

/** sha256 over the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Digest {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return `0x${hash.digest("hex")}`;
}
