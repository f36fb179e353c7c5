// A snapshot: the rows a model may learn from, frozen under one root. It must not know the rows' texts.
import { type Address, encodeAbiParameters, type Hex } from "viem";
import { checkAddress, checkCount, checkDigest } from "./checks.js";
import { CallerError } from "./errors.js";
import { doubleHash, merkleRoot } from "./merkle.js";

/** One row of a snapshot; `index` is its place, `cluster` groups rows that say the same. */
export type SnapshotEntry = {
	readonly index: number;
	readonly commitment: Hex;
	readonly contributor: Address;
	readonly cluster: number;
};

const LEAF = [{ type: "uint256" }, { type: "bytes32" }, { type: "address" }, { type: "uint256" }] as const;

/** keccak256(keccak256(abi.encode(uint256 index, bytes32 commitment, address contributor, uint256 cluster))). */
export function snapshotLeaf(entry: SnapshotEntry): Hex {
	return doubleHash(
		encodeAbiParameters(LEAF, [
			BigInt(checkCount(entry.index, "index")),
			checkDigest(entry.commitment, "commitment"),
			checkAddress(entry.contributor, "contributor"),
			BigInt(checkCount(entry.cluster, "cluster")),
		]),
	);
}

/** The Merkle root over the entries; throws `protocol/bad-order` unless entry k has index k. */
export function snapshotRoot(entries: readonly SnapshotEntry[]): Hex {
	for (const [place, entry] of entries.entries()) {
		if (entry.index === place) continue;
		throw new CallerError(`entry ${place} has index ${entry.index}; entries must be numbered 0, 1, 2 … in order`, {
			code: "protocol/bad-order",
			details: { place, index: entry.index },
		});
	}
	return merkleRoot(entries.map(snapshotLeaf));
}
