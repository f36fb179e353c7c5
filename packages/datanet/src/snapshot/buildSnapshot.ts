// Freezes rows under one root. It must not know where they are kept.
import { type Hex, type SnapshotEntry, snapshotRoot } from "@openledger/protocol";
import type { DatanetRow } from "./datanetRow.js";

export type DatanetSnapshot = { readonly root: Hex; readonly entries: readonly SnapshotEntry[] };

/** The public part of the rows, and its Merkle root; throws `protocol/bad-order` unless row k has index k. */
export function buildSnapshot(rows: readonly DatanetRow[]): DatanetSnapshot {
	const entries = rows.map(({ index, commitment, contributor, cluster }) => ({
		index,
		commitment,
		contributor,
		cluster,
	}));
	return { root: snapshotRoot(entries), entries };
}
