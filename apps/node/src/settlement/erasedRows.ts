// Which rows earn nothing any more in the epoch to come: those whose tombstones stood on chain when the epoch before closed. Each with
// what shows it, so that anybody can check the list. Reads only.

import { type Hex, merkleTree, snapshotLeaf } from "@openledger/protocol";
import type { ErasedRow } from "@openledger/rollup";
import { eq } from "drizzle-orm";
import { models } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { isErased, readTombstones } from "../ledger/tombstones.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";

/** Ascending by snapshot root, then row; `closedAt` is chain time in seconds, undefined before the first epoch. */
export async function erasedRows(parts: NodeParts, closedAt: bigint | undefined): Promise<ErasedRow[]> {
	if (closedAt === undefined) return [];
	const tombstones = await readTombstones(parts.ledger);
	if (tombstones.size === 0) return [];
	const published = await parts.db.select().from(models).where(eq(models.status, "published"));
	const erased = new Map<Hex, ErasedRow[]>();
	for (const { datanetId, snapshotVersion, params } of published) {
		const snapshotRoot = paramsFromJson(params).snapshots[0]!.root;
		if (erased.has(snapshotRoot)) continue;
		const rows = await readSnapshotRows(parts, datanetId, snapshotVersion);
		const tree = merkleTree(rows.map(snapshotLeaf));
		const gone = rows.filter(({ commitment }) => isErased(tombstones, commitment, closedAt));
		erased.set(
			snapshotRoot,
			gone.map(({ index, commitment, contributor, cluster }) => ({
				...{ snapshotRoot, row: index, commitment, contributor, cluster },
				proof: tree.proofFor(index),
			})),
		);
	}
	return [...erased]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.flatMap(([, list]) => [...list].sort((a, b) => a.row - b.row));
}
