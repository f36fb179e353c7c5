// Offers rows to a datanet: commits, and in a later block reveals. It must not know the rows.
import type { Hex, LocalAccount } from "viem";
import type { Done, Ledger } from "../client/ledger.js";
import { contributionIdOf } from "../ids.js";
import { readContribution } from "../reads/readDatanet.js";
import { commitContribution } from "./commitContribution.js";
import { type RevealContribution, revealContribution } from "./revealContribution.js";

/** `salt`: 32 secret bytes; known or kept before this is called, so that it is the same after a crash. */
export type ContributeRows = RevealContribution;

/** Contributes a root once; throws `chain/differs` if this contributor offered it with another count. */
export async function contributeRows(
	ledger: Ledger,
	contributor: LocalAccount,
	wanted: ContributeRows,
): Promise<Done<{ readonly contributionId: Hex }>> {
	const contributionId = contributionIdOf(wanted.datanetId, contributor.address, wanted.rowsRoot);
	if ((await readContribution(ledger, contributionId)) === undefined) {
		await commitContribution(ledger, contributor, { ...wanted, contributor: contributor.address });
	}
	return await revealContribution(ledger, contributor, wanted);
}
