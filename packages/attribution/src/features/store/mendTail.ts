// What a store does when it is opened: cuts off what a killed append left behind, and looks whether the last finished one is whole.

import { truncate } from "node:fs/promises";
import { bytesToHex } from "@openledger/protocol";
import { FeatureError } from "../errors.js";
import type { FeatureHasher } from "../featureHasher.js";
import { SCALE_BYTES } from "../featureRows.js";
import { NODE_BYTES, nodesOf, type ReadNode, rootOfNodes } from "../featureTree.js";
import type { Commit, LogEnd } from "./commitLog.js";
import { MISSING_ADVICE, readRecordsOf, type StoreHeader, sizeOf, storeFiles, stretches } from "./storeFiles.js";

/** Rows of the last append that are hashed again when a store is opened. */
const ROWS_LOOKED_AT = 4096;

/** Cuts off what no finished append named. */
async function cutTo(path: string, bytes: number): Promise<void> {
	if ((await sizeOf(path)) > bytes) await truncate(path, bytes);
}

/** What was written of an append that was not finished goes. */
export async function cutTail(folder: string, header: StoreHeader, { last, bytes }: LogEnd): Promise<void> {
	const at = storeFiles(folder);
	const stride = header.width + SCALE_BYTES;
	await cutTo(at.commits, bytes);
	await cutTo(at.nodes, NODE_BYTES * nodesOf(last.rows));
	let shard = stretches(header, 0, last.rows).at(-1)?.shard ?? 0;
	await cutTo(at.records(shard), (last.rows - shard * header.shardRows) * stride);
	while ((await sizeOf(at.records(++shard))) > 0) await truncate(at.records(shard), 0);
}

/** Throws `features/corrupt` unless the last append's rows give the leaves in the tree, and its nodes the root in the log. */
export async function checkEnd(
	folder: string,
	header: StoreHeader,
	last: Commit,
	node: ReadNode,
	hasher: FeatureHasher,
): Promise<void> {
	if (last.rows === 0) return;
	const first = Math.max(last.first, last.rows - ROWS_LOOKED_AT);
	const stride = header.width + SCALE_BYTES;
	const records = new Uint8Array((last.rows - first) * stride);
	await readRecordsOf(folder, header, first, records);
	const leaves = hasher.leaves(records, stride, first);
	for (let row = first; row < last.rows; row++) {
		const leaf = leaves.subarray(NODE_BYTES * (row - first), NODE_BYTES * (row - first + 1));
		if (bytesToHex(leaf) !== bytesToHex(node(nodesOf(row))))
			throw new FeatureError("features/corrupt", `${folder}: row ${row} is not the one appended; ${MISSING_ADVICE}`);
	}
	if (rootOfNodes(last.rows, node) !== last.root)
		throw new FeatureError(
			"features/corrupt",
			`${folder}: nodes.bin does not give the root in the log; ${MISSING_ADVICE}`,
		);
}
