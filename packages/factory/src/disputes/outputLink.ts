// The last link of a job's commitments: what a run gives, bound to the chain that leads there. Without it a false adapter or false features
// over an honest chain could not be disputed.

import { sha256 } from "@openledger/llm";
import { type Hex, hexToBytes, utf8 } from "@openledger/protocol";

/** What of a finished run goes on chain besides its commitments. */
export interface RunOutput {
	/** sha256 of the adapter's safetensors file. */
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
}

/** sha256 of: tag, the run's last commitment, adapter digest, features root. */
export function outputLink(runCommitment: Hex, { adapterDigest, featuresRoot }: RunOutput): Hex {
	return sha256(
		utf8("openledger/run-output/v1"),
		hexToBytes(runCommitment),
		hexToBytes(adapterDigest),
		hexToBytes(featuresRoot),
	);
}
