// Puts an append's records and nodes on disk, before the log names them.

import type { FileHandle } from "node:fs/promises";
import { SCALE_BYTES } from "../featureRows.js";
import { NODE_BYTES, nodesOf } from "../featureTree.js";
import { openGrowing, type StoreHeader, storeFiles, stretches, syncFolder, writeAt } from "./storeFiles.js";

/** Records and nodes, all flushed when it resolves. */
export async function writeRows(
	folder: string,
	header: StoreHeader,
	first: number,
	records: Uint8Array,
	nodes: Uint8Array,
): Promise<void> {
	const at = storeFiles(folder);
	const stride = header.width + SCALE_BYTES;
	const opened: FileHandle[] = [];
	try {
		for (const { shard, first: row, rows, at: place } of stretches(header, first, records.length / stride)) {
			const file = await openGrowing(at.records(shard));
			opened.push(file);
			await writeAt(file, records.subarray((row - first) * stride, (row - first + rows) * stride), place);
		}
		const file = await openGrowing(at.nodes);
		opened.push(file);
		await writeAt(file, nodes, NODE_BYTES * nodesOf(first));
		await Promise.all(opened.map((own) => own.sync()));
	} finally {
		await Promise.all(opened.map((own) => own.close()));
	}
	await syncFolder(folder);
}
