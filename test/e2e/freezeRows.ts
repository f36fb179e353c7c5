// Rows of one contributor, accepted and frozen on chain, without a node.

import {
	acceptContribution,
	contributeRows,
	createDatanet,
	finaliseContribution,
	type Ledger,
	publishSnapshot,
} from "@openledger/chain";
import { type Hex, rowsRoot, sha256, utf8 } from "@openledger/protocol";
import type { LocalAccount } from "viem/accounts";

const APPEAL_MS = 30_000;

export type FreezeRows = {
	/** Of the snapshot. */
	readonly root: Hex;
	readonly commitments: readonly Hex[];
	readonly accessPriceWei: bigint;
};

/** The snapshot as a job names it. */
export async function freezeRows(
	ledger: Ledger,
	{ owner, ada }: { readonly owner: LocalAccount; readonly ada: LocalAccount },
	{ root, commitments, accessPriceWei }: FreezeRows,
): Promise<{ readonly datanetId: Hex; readonly version: number; readonly root: Hex }> {
	const terms = { name: "sums", termsHash: sha256(utf8("terms")), licence: "CC0-1.0", accessPriceWei };
	const { datanetId } = await createDatanet(ledger, owner, terms);
	const rowCount = commitments.length;
	const offered = { datanetId, rowsRoot: rowsRoot(commitments), rowCount, salt: sha256(utf8("salt")) };
	const { contributionId } = await contributeRows(ledger, ada, offered);
	await acceptContribution(ledger, owner, { contributionId, acceptedRows: rowCount });
	await finaliseContribution(ledger, owner, { contributionId, waitMs: APPEAL_MS });
	const { version } = await publishSnapshot(ledger, owner, { datanetId, root, rowCount });
	return { datanetId, version, root };
}
