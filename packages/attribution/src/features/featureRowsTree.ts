// Root and membership proofs of features that lie in memory.

import type { Hex } from "@openledger/protocol";
import { createFeatureHasher } from "./featureHasher.js";
import { type FeatureRows, featureRecords, SCALE_BYTES } from "./featureRows.js";
import { NODE_BYTES, nodesAdded, nodesOf, proofOfNodes, type ReadNode, rootOfNodes } from "./featureTree.js";

/**
 * The tree over the rows' leaves, built once for many proofs; a proof is checked by `verifyMerkleProof(featureLeafOf(row, scale, numbers),
 * proof, root)`. Throws as `checkFeatureRows`; `proofFor` throws `features/no-such-row`.
 */
export function featureRowsTree(features: FeatureRows): { readonly root: Hex; proofFor(row: number): Hex[] } {
	const { rows, width } = features;
	const hasher = createFeatureHasher();
	const leaves = hasher.leaves(featureRecords(features), width + SCALE_BYTES, 0);
	const nodes = new Uint8Array(NODE_BYTES * nodesOf(rows));
	const read: ReadNode = (place) => nodes.subarray(NODE_BYTES * place, NODE_BYTES * (place + 1));
	for (let row = 0; row < rows; row++) {
		nodesAdded(row, leaves.subarray(NODE_BYTES * row, NODE_BYTES * (row + 1)), read, hasher.pair).forEach((node, i) => {
			nodes.set(node, NODE_BYTES * (nodesOf(row) + i));
		});
	}
	return { root: rootOfNodes(rows, read), proofFor: (row) => proofOfNodes(row, rows, read) };
}

/** The root committed with a run: `featuresRoot` in its receipts. */
export function featureRowsRoot(features: FeatureRows): Hex {
	return featureRowsTree(features).root;
}
