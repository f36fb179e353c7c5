// The chain of commitments through a training run: one link per step. It must not know how a step is computed.
import type { Hex } from "viem";
import { concatBytes, hexToBytes, sha256, uint32, utf8 } from "./bytes.js";
import { checkDigest } from "./checks.js";

const STEP_TAG = utf8("openledger/step/v1");

/**
 * The next link, sha256 of: tag, previous link, step, adapter digest, optimiser digest, number of rows, their ids
 * (numbers as 4 bytes, big-endian). Start from the digest of the run's recipe. Throws `protocol/bad-digest`, `protocol/bad-number`.
 */
export function nextCommitment(
	previous: Hex,
	step: number,
	adapterDigest: Hex,
	optimizerDigest: Hex,
	batchIds: readonly number[],
): Hex {
	return sha256(
		concatBytes(
			STEP_TAG,
			hexToBytes(checkDigest(previous, "previous commitment")),
			uint32(step),
			hexToBytes(checkDigest(adapterDigest, "adapter digest")),
			hexToBytes(checkDigest(optimizerDigest, "optimizer digest")),
			uint32(batchIds.length),
			...batchIds.map(uint32),
		),
	);
}
