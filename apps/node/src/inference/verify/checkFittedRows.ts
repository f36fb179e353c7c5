// Whether rows by which a space was fitted are the snapshot's own. Each is shown with its proof, so the work does not grow with the snapshot.

import type { DatanetRow } from "@openledger/datanet";
import { Difference, same } from "@openledger/factory";
import { type Hex, type MerkleTree, rowCommitment, snapshotLeaf, verifyMerkleProof } from "@openledger/protocol";

/** Throws a `Difference` naming the first row whose text or place is not the committed one. `tree` is the prover's. */
export function checkFittedRows(
	rows: readonly DatanetRow[],
	fitted: readonly number[],
	tree: MerkleTree,
	snapshotRoot: Hex,
): void {
	for (const index of fitted) {
		const { commitment, contributor, cluster, salt, ...row } = rows[index]!;
		same(`the commitment of row ${index}`, rowCommitment(row, salt), commitment);
		const leaf = snapshotLeaf({ index, commitment, contributor, cluster });
		if (!verifyMerkleProof(leaf, tree.proofFor(index), snapshotRoot))
			throw new Difference(`row ${index}, by which features are measured, is not in the snapshot`);
	}
}
