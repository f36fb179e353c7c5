// How the trace of one training step is committed to, op by op, so that two who disagree about the step find the op: the twin of
// RunHashes.sol and of the arithmetic of Disputes.sol. It must not know what an op is, nor who plays.
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { concatBytes, hexToBytes, sha256, uint32, utf8 } from "./bytes.js";
import { checkAddress, checkCount, checkDigest } from "./checks.js";
import { indexedDepth } from "./indexedMerkle.js";

/** Operations of one interval between two links, at most. */
export const MAX_TRACE_OPS = 2 ** 20;

const DISPUTE = parseAbiParameters("bytes32 jobId, uint32 attempt, address challenger");
const OP_TAG = utf8("openledger/op/v1");
const END_TAG = utf8("openledger/link/v1");

/** keccak256(abi.encode(jobId, attempt, challenger)): a challenger has one dispute about a run. */
export function disputeId(jobId: Hex, attempt: number, challenger: Address): Hex {
	const values = [checkDigest(jobId, "jobId"), checkCount(attempt, "attempt")] as const;
	return keccak256(encodeAbiParameters(DISPUTE, [...values, checkAddress(challenger, "challenger")]));
}

/** The entry after op `index`, of `entry` before it and the op's output. */
export function traceEntry(entry: Hex, index: number, digest: Hex): Hex {
	return tagged(OP_TAG, entry, index, digest);
}

/**
 * The last entry of a trace, whose op is the link itself. Its tag is its own: else a trainer could name an op's digest as its link and end
 * the trace there, and every entry would be true.
 */
export function traceEnd(entry: Hex, index: number, link: Hex): Hex {
	return tagged(END_TAG, entry, index, link);
}

/** All entries of the interval between two links: one more than there are ops, the link among them. `digests` are those of the other ops. */
export function traceOf(link: Hex, digests: readonly Hex[], next: Hex): Hex[] {
	const entries = [checkDigest(link, "link")];
	for (const [index, digest] of digests.entries()) entries.push(traceEntry(entries[index]!, index, digest));
	entries.push(traceEnd(entries.at(-1)!, digests.length, next));
	return entries;
}

/** Where the two look next, of where they agree and where they differ. */
export function midOf(low: number, high: number): number {
	return Math.floor((low + high) / 2);
}

/** Most moves that a dispute between `low` and `high` can take before a jury is called; each has its deadline. The twin of Disputes. */
export function mostMoves(low: number, high: number): number {
	return 2 * indexedDepth(high - low) + 2 * indexedDepth(MAX_TRACE_OPS) + 2;
}

/** Governed constants that a dispute's longest time follows from, in seconds. */
export type DisputeTerms = {
	readonly disputeMoveSeconds: bigint;
	readonly voteCommitSeconds: bigint;
	readonly voteRevealSeconds: bigint;
};

/**
 * The longest that a dispute between `low` and `high` can take, with every move in its last second: the moves, an appeal, two juries drawn two
 * moves' times late. The twin of what Disputes states as `endsBy`.
 */
export function longestDisputeSeconds(low: number, high: number, terms: DisputeTerms): bigint {
	const moves = BigInt(mostMoves(low, high)) + 1n + 2n * 2n;
	return moves * terms.disputeMoveSeconds + 2n * (terms.voteCommitSeconds + terms.voteRevealSeconds);
}

function tagged(tag: Uint8Array, entry: Hex, index: number, digest: Hex): Hex {
	const [before, of] = [hexToBytes(checkDigest(entry, "entry")), hexToBytes(checkDigest(digest, "digest"))];
	return sha256(concatBytes(tag, before, uint32(index), of));
}
