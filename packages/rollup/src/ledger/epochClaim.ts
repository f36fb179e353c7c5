// What is proposed of an epoch, from its data: the roots that a chain keeps. It must not know who proposes.

import { cumulativeTree, dataTree, epochReceiptsTree, type RootClaim, receiptId } from "@openledger/protocol";
import { type EpochBlob, encodeEpochBlob } from "../blob/epochBlob.js";

/** The claim that an epoch's data makes, and the very bytes that are to be kept. */
export function epochClaim(blob: EpochBlob): { readonly claim: RootClaim; readonly bytes: Uint8Array } {
	const bytes = encodeEpochBlob(blob);
	return { claim: claimOf(blob, bytes), bytes };
}

/** The claim of data that was read; `bytes` are its own. */
export function claimOf(blob: EpochBlob, bytes: Uint8Array): RootClaim {
	const earned = cumulativeTree(blob.earnings);
	const receipts = epochReceiptsTree(blob.receipts.map(({ receipt }) => receiptId(receipt)));
	const data = dataTree(bytes);
	return {
		epoch: blob.epoch,
		receiptsRoot: receipts.root,
		receipts: receipts.count,
		earningsRoot: earned.root,
		accounts: earned.accounts,
		totalCumulativeWei: earned.totalWei,
		dataRoot: data.root,
		dataChunks: data.chunks,
	};
}
