// The tree over a store's rows, grown by an append's leaves. It must not know where nodes are written.

import type { Hex } from "@openledger/protocol";
import type { FeatureHasher } from "../featureHasher.js";
import { NODE_BYTES, nodesAdded, nodesOf, type ReadNode, rootOfNodes } from "../featureTree.js";

/** The nodes that leaves [k][32] add to `before` rows, joined, and the root with them. */
export function growTree(
	before: number,
	leaves: Uint8Array,
	old: ReadNode,
	hasher: FeatureHasher,
): { readonly added: Uint8Array; readonly root: Hex } {
	const from = nodesOf(before);
	const rows = leaves.length / NODE_BYTES;
	const added = new Uint8Array(NODE_BYTES * (nodesOf(before + rows) - from));
	// Each node of before is read once at most: k + log n reads, not k·log n.
	const kept = new Map<number, Uint8Array>();
	const read: ReadNode = (place) => {
		if (place >= from) return added.subarray(NODE_BYTES * (place - from), NODE_BYTES * (place - from + 1));
		const found = kept.get(place) ?? old(place);
		kept.set(place, found);
		return found;
	};
	for (let i = 0; i < rows; i++) {
		const leaf = leaves.subarray(NODE_BYTES * i, NODE_BYTES * (i + 1));
		nodesAdded(before + i, leaf, read, hasher.pair).forEach((node, j) => {
			added.set(node, NODE_BYTES * (nodesOf(before + i) - from + j));
		});
	}
	return { added, root: rootOfNodes(before + rows, read) };
}
