// Root and membership proofs of features that lie in memory.

import type { Hex } from "@openledger/protocol";
import { featureRowLeaf } from "./featureLeaf.js";
import { checkFeatureRows, type FeatureRows } from "./featureRows.js";
import { featureTree } from "./featureTree.js";

/**
 * The tree over the rows' leaves, built once for many proofs; a proof is checked by `verifyMerkleProof(featureLeafOf(row, scale, numbers),
 * proof, root)`. Throws as `checkFeatureRows`; `proofFor` throws `features/no-such-row`.
 */
export function featureRowsTree(features: FeatureRows): { readonly root: Hex; proofFor(row: number): Hex[] } {
	checkFeatureRows(features);
	return featureTree(Array.from({ length: features.rows }, (_, row) => featureRowLeaf(features, row)));
}

/** The root committed with a run: `featuresRoot` in its receipts. */
export function featureRowsRoot(features: FeatureRows): Hex {
	return featureRowsTree(features).root;
}
