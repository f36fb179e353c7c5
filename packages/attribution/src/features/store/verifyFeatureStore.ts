// Hashes a whole store again: every record, every node. What a node does before it trusts a store from elsewhere.

import { bytesToHex, type Hex } from "@openledger/protocol";
import { FeatureError } from "../errors.js";
import { createFeatureHasher } from "../featureHasher.js";
import { parseFeatureRecords, SCALE_BYTES } from "../featureRows.js";
import { NODE_BYTES, nodesAdded, nodesOf, rootOfNodes } from "../featureTree.js";
import type { FeatureStore } from "./openFeatureStore.js";

const ROWS_AT_ONCE = 4096;

/** Returns the root that the records give; throws `features/corrupt` at the first row or node that is another than the store's. */
export async function verifyFeatureStore(store: FeatureStore): Promise<Hex> {
	const [rows, root] = [store.rows(), store.root()];
	const stride = store.width + SCALE_BYTES;
	const hasher = createFeatureHasher();
	for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
		const records = new Uint8Array(Math.min(ROWS_AT_ONCE, rows - first) * stride);
		await store.readRecords(first, records);
		parseFeatureRecords(records, store.width);
		const leaves = hasher.leaves(records, stride, first);
		for (let at = 0; at < leaves.length; at += NODE_BYTES) {
			const row = first + at / NODE_BYTES;
			// Nodes before this row were found right, so its parents can be made from them.
			nodesAdded(row, leaves.subarray(at, at + NODE_BYTES), store.node, hasher.pair).forEach((node, i) => {
				if (bytesToHex(node) !== bytesToHex(store.node(nodesOf(row) + i)))
					throw new FeatureError(
						"features/corrupt",
						`${store.folder}: row ${row} does not give the tree's node ${nodesOf(row) + i}; take the store from a copy`,
					);
			});
		}
	}
	const found = rootOfNodes(rows, store.node);
	if (found !== root)
		throw new FeatureError("features/corrupt", `${store.folder}: the rows give root ${found}, the log says ${root}`);
	return found;
}
