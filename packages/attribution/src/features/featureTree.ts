// The Merkle tree over features that only grows: the tree of RFC 6962, section 2.1 (left of every node the largest power of two of leaves),
// with inner nodes as in packages/protocol, keccak256 of both children, the smaller first, so that `verifyMerkleProof` and OpenZeppelin's
// MerkleProof accept its proofs. Nodes are kept in post-order, in which an append never changes a node that is there. It must not know what
// a leaf means, nor where nodes lie.

import { bytesToHex, concatBytes, type Hex, hexToBytes, keccak256, ZERO_DIGEST } from "@openledger/protocol";
import { checkFeatureRow } from "./featureRows.js";

export const NODE_BYTES = 32;

/** The 32 bytes of the node at a place in post-order. */
export type ReadNode = (place: number) => Uint8Array;

function bitsSet(n: number): number {
	let count = 0;
	for (let left = n; left > 0; left = Math.floor(left / 2)) count += left % 2;
	return count;
}

/** Nodes of a forest of `leaves` leaves; also the place of leaf `leaves`, counted from 0. */
export function nodesOf(leaves: number): number {
	return 2 * leaves - bitsSet(leaves);
}

/** The place of the node over the 2^height leaves that begin at `first`, a multiple of 2^height. */
function placeOf(first: number, height: number): number {
	return nodesOf(first + 2 ** height - 1) + height;
}

/** The greatest whole trees, from the left: first leaf and height of each. */
function peaks(leaves: number): { readonly first: number; readonly height: number }[] {
	const out: { first: number; height: number }[] = [];
	let first = 0;
	for (let height = 30; height >= 0; height--) {
		if (Math.floor(leaves / 2 ** height) % 2 === 0) continue;
		out.push({ first, height });
		first += 2 ** height;
	}
	return out;
}

/** keccak256 of the two, the smaller first. */
export function hashNodes(a: Uint8Array, b: Uint8Array): Uint8Array {
	let at = 0;
	while (at < NODE_BYTES - 1 && a[at] === b[at]) at++;
	return hexToBytes(keccak256(a[at]! <= b[at]! ? concatBytes(a, b) : concatBytes(b, a)));
}

/** The nodes that leaf number `leaves` adds, in post-order: itself, then each parent that it completes. */
export function nodesAdded(leaves: number, leaf: Uint8Array, read: ReadNode, hash = hashNodes): Uint8Array[] {
	const out = [leaf];
	let node = leaf;
	let first = leaves;
	for (let height = 0; Math.floor(leaves / 2 ** height) % 2 === 1; height++) {
		first -= 2 ** height;
		node = hash(read(placeOf(first, height)), node);
		out.push(node);
	}
	return out;
}

/** The root over the first `leaves` leaves: 32 zero bytes for none. Reads one node for each bit of `leaves`. */
export function rootOfNodes(leaves: number, read: ReadNode): Hex {
	const tops = peaks(leaves).map(({ first, height }) => read(placeOf(first, height)));
	return tops.length === 0 ? ZERO_DIGEST : bytesToHex(tops.reduceRight((right, left) => hashNodes(left, right)));
}

/** The siblings from a leaf to the root over the first `leaves` leaves, for `verifyMerkleProof`; throws `features/no-such-row`. */
export function proofOfNodes(leaf: number, leaves: number, read: ReadNode): Hex[] {
	checkFeatureRow(leaf, leaves);
	const all = peaks(leaves);
	const own = all.findIndex(({ first, height }) => leaf < first + 2 ** height);
	const proof: Uint8Array[] = [];
	for (let height = 0; height < all[own]!.height; height++) {
		const mine = Math.floor(leaf / 2 ** height);
		proof.push(read(placeOf((mine % 2 === 0 ? mine + 1 : mine - 1) * 2 ** height, height)));
	}
	const top = ({ first, height }: { readonly first: number; readonly height: number }) => read(placeOf(first, height));
	const right = all.slice(own + 1).map(top);
	if (right.length > 0) proof.push(right.reduceRight((after, before) => hashNodes(before, after)));
	return [...proof, ...all.slice(0, own).map(top).reverse()].map(bytesToHex);
}

/** The tree over given leaves, in memory. */
export function featureTree(leaves: readonly Hex[]): { readonly root: Hex; proofFor(row: number): Hex[] } {
	const nodes: Uint8Array[] = [];
	const read: ReadNode = (place) => nodes[place]!;
	leaves.forEach((leaf, row) => {
		nodes.push(...nodesAdded(row, hexToBytes(leaf), read));
	});
	return { root: rootOfNodes(leaves.length, read), proofFor: (row) => proofOfNodes(row, leaves.length, read) };
}
