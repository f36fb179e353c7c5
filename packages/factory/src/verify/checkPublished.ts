// Whether a receipt, the run and the snapshot's rows are those that were published: comparisons alone, whoever read the chain and the files.

import { type Address, type Hex, type Receipt, type Row, rowCommitment, snapshotRoot } from "@openledger/protocol";
import type { TrainedRun } from "../readRun.js";
import { Difference, same } from "./difference.js";

/** What the chain says of a model. */
export type PublishedModel = {
	readonly baseDigest: Hex;
	readonly engineId: Hex;
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
	readonly runCommitment: Hex;
	readonly runHistoryRoot: Hex;
	readonly snapshots: readonly { readonly root: Hex }[];
};

export function checkPublishedModel(receipt: Receipt, model: PublishedModel): void {
	same("the base digest on chain", model.baseDigest, receipt.baseDigest);
	same("the engine id on chain", model.engineId, receipt.engineId);
	same("the adapter digest on chain", model.adapterDigest, receipt.adapterDigest);
	same("the features root on chain", model.featuresRoot, receipt.featuresRoot);
	same("the model's snapshot root on chain", model.snapshots[0]?.root, receipt.snapshotRoot);
}

/** Returns what was found right. */
export function checkPublishedRun(run: TrainedRun, receipt: Receipt, model: PublishedModel): string {
	same("the run commitment", run.runCommitment, model.runCommitment);
	same("the run's history root", run.historyRoot, model.runHistoryRoot);
	same("the adapter's digest", run.adapterDigest, receipt.adapterDigest);
	same("the rows the run learnt from", run.snapshotRoot, receipt.snapshotRoot);
	return `adapter and commitment chain of ${run.history.length} steps are those on chain`;
}

/** A row with its place in the snapshot; of an erased one its text and salt are gone. */
export type PublishedRow = Row & {
	readonly index: number;
	readonly commitment: Hex;
	readonly contributor: Address;
	readonly cluster: number;
	readonly salt: Hex;
	readonly erased?: true;
};

/** Returns what was found right. Throws a `Difference` naming the first row whose text is not the committed one. */
export function checkPublishedRows(rows: readonly PublishedRow[], root: Hex): string {
	let erased = 0;
	for (const row of rows) {
		if (row.erased) erased++;
		else if (rowCommitment(row, row.salt) !== row.commitment)
			throw new Difference(`the text of row ${row.index} with its salt is not what its commitment is of`);
	}
	same("the snapshot root", snapshotRoot(rows), root);
	return `${rows.length} rows give the snapshot root${erased > 0 ? `, ${erased} of them erased` : ""}`;
}
