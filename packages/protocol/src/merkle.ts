// Merkle trees whose proofs OpenZeppelin's MerkleProof.verify accepts: inner node = keccak256 of the two children, the
// smaller first; nodes laid out as in StandardMerkleTree, but with leaves in the given order. It must not know what a leaf
// means: who builds leaves hashes them twice (`doubleHash`), so that no inner node can pose as a leaf.
import type { Hex } from "viem";
import { concatBytes, hexToBytes, keccak256 } from "./bytes.js";
import { checkDigest, ZERO_DIGEST } from "./checks.js";
import { CallerError } from "./errors.js";

const MAX_PROOF_LENGTH = 64;

export type MerkleTree = {
	/** 32 zero bytes if there are no leaves; the leaf itself if there is one. */
	readonly root: Hex;
	/** Siblings from leaf to root; throws `protocol/no-such-leaf`. */
	proofFor(index: number): Hex[];
};

/** Builds the tree once, for many proofs; throws `protocol/bad-digest`. */
export function merkleTree(leaves: readonly Hex[]): MerkleTree {
	// A heap in an array: children of i at 2i+1 and 2i+2, leaf k at the k-th place from the end.
	const nodes = new Array<Hex>(Math.max(0, 2 * leaves.length - 1));
	for (const [index, leaf] of leaves.entries()) nodes[nodes.length - 1 - index] = checkDigest(leaf, `leaf ${index}`);
	for (let i = leaves.length - 2; i >= 0; i--) nodes[i] = hashPair(nodes[2 * i + 1]!, nodes[2 * i + 2]!);
	return {
		root: nodes[0] ?? ZERO_DIGEST,
		proofFor(index) {
			if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
				throw new CallerError(`there is no leaf ${index}; the tree has ${leaves.length}, counted from 0`, {
					code: "protocol/no-such-leaf",
					details: { index, leaves: leaves.length },
				});
			}
			const proof: Hex[] = [];
			// The sibling of an odd place stands after it, of an even one before it.
			for (let i = nodes.length - 1 - index; i > 0; i = (i - 1) >> 1) proof.push(nodes[i % 2 === 1 ? i + 1 : i - 1]!);
			return proof;
		},
	};
}

/** The root over leaves that are hashed already. */
export function merkleRoot(leaves: readonly Hex[]): Hex {
	return merkleTree(leaves).root;
}

/** The proof of one leaf; for many proofs keep a `merkleTree`. */
export function merkleProof(leaves: readonly Hex[], index: number): Hex[] {
	return merkleTree(leaves).proofFor(index);
}

/** Whether the proof leads from leaf to root; malformed input is simply not a proof. */
export function verifyMerkleProof(leaf: Hex, proof: readonly Hex[], root: Hex): boolean {
	if (!Array.isArray(proof) || proof.length > MAX_PROOF_LENGTH) return false;
	try {
		const top = proof.reduce(
			(node, sibling) => hashPair(node, checkDigest(sibling, "proof")),
			checkDigest(leaf, "leaf"),
		);
		return top === checkDigest(root, "root");
	} catch (error) {
		if (error instanceof CallerError) return false;
		throw error;
	}
}

/** keccak256(keccak256(encoded)): the leaf of an abi-encoded record. */
export function doubleHash(encoded: Hex): Hex {
	return keccak256(hexToBytes(keccak256(hexToBytes(encoded))));
}

function hashPair(a: Hex, b: Hex): Hex {
	// Lower-case hex of one length sorts as the numbers do.
	const [low, high] = a < b ? [a, b] : [b, a];
	return keccak256(concatBytes(hexToBytes(low), hexToBytes(high)));
}
