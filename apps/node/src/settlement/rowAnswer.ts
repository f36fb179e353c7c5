// Why a row does not count though its score is high: an earlier row, learnt too, says the same. It gives the openings that show this, and must
// not send anything.

import { featureNumbers, featureRowsTree } from "@openledger/attribution";
import type { FeatureProof, ReceiptProof, SnapshotProof } from "@openledger/chain";
import { bytesToHex, type Hex, receiptId as idOf, merkleProof, snapshotLeaf } from "@openledger/protocol";
import { type EpochBlob, receiptsTreeOf } from "@openledger/rollup";
import type { SnapshotRow } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";

export type RowAnswer = {
	readonly receipt: ReceiptProof;
	readonly row: SnapshotProof;
	readonly earlier: SnapshotProof;
	readonly learnt: FeatureProof;
};

/** Undefined where no earlier row of its cluster was learnt, so that the row should have counted, or where the receipt is not of this epoch. */
export async function rowAnswer(
	parts: NodeParts,
	blob: EpochBlob,
	{ receiptId, row }: { readonly receiptId: Hex; readonly row: number },
): Promise<RowAnswer | undefined> {
	const index = blob.receipts.findIndex(({ receipt }) => idOf(receipt) === receiptId);
	if (index === -1) return undefined;
	const { features, rows } = await learntFrom(parts, blob.receipts[index]!.receipt.modelId);
	const earlier = rows.find(
		(one) => one.index < row && one.cluster === rows[row]?.cluster && features.scales[one.index] !== 0,
	);
	return earlier && (await openings(parts, blob, { index, row, earlier: earlier.index }));
}

/** Opens a receipt by its place in the epoch, two rows of its snapshot, and the feature of the earlier one. */
export async function openings(
	parts: NodeParts,
	blob: EpochBlob,
	{ index, row, earlier }: { readonly index: number; readonly row: number; readonly earlier: number },
): Promise<RowAnswer> {
	const { receipt } = blob.receipts[index]!;
	const { features, rows } = await learntFrom(parts, receipt.modelId);
	const leaves = rows.map(snapshotLeaf);
	return {
		receipt: { receipt, index, siblings: receiptsTreeOf(blob).proofFor(index) },
		row: snapshotProof(rows[row]!, leaves),
		earlier: snapshotProof(rows[earlier]!, leaves),
		learnt: {
			row: earlier,
			scale: features.scales[earlier]!,
			numbers: bytesToHex(new Uint8Array(featureNumbers(features, earlier))),
			siblings: featureRowsTree(features).proofFor(earlier),
		},
	};
}

async function learntFrom(parts: NodeParts, modelId: Hex) {
	const { params, run } = parts.shelf.byId(modelId) ?? (await parts.shelf.serve(modelId));
	const { datanetId, version } = params.snapshots[0]!;
	return { features: run.features, rows: await readSnapshotRows(parts, datanetId, version) };
}

function snapshotProof(row: SnapshotRow, leaves: readonly Hex[]): SnapshotProof {
	const { index, commitment, contributor, cluster } = row;
	return {
		index: BigInt(index),
		commitment,
		contributor,
		cluster: BigInt(cluster),
		siblings: merkleProof(leaves, index),
	};
}
