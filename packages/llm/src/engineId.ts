// Who computed it: the digest of the kernels and the version of the op definitions.

import { kernelModuleDigest, OPERATIONS_VERSION } from "@openledger/tensor";
import { type Digest, sha256 } from "./digest.js";

/** Written into every run and receipt; equal ids promise equal bits. */
export function engineId(): Digest {
	return sha256(new TextEncoder().encode(`openledger-engine\n${kernelModuleDigest}\n${OPERATIONS_VERSION}`));
}
