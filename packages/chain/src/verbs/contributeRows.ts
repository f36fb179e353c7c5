// Offers rows to a datanet, known only by the root of their salted commitments. It must not know the rows.
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { contributionIdOf } from "../ids.js";
import { readContribution } from "../reads/readDatanet.js";

export type ContributeRows = { readonly datanetId: Hex; readonly rowsRoot: Hex; readonly rowCount: number };

/** Contributes a root once; throws `chain/differs` if this contributor offered it with another count. */
export async function contributeRows(
	ledger: Ledger,
	contributor: LocalAccount,
	{ datanetId, rowsRoot, rowCount }: ContributeRows,
): Promise<Done<{ readonly contributionId: Hex }>> {
	const contributionId = contributionIdOf(datanetId, contributor.address, rowsRoot);
	const find = async () => {
		const contribution = await readContribution(ledger, contributionId);
		if (contribution !== undefined && contribution.rowCount !== rowCount) {
			throw differs(`contribution ${contributionId}`, "rowCount", contribution.rowCount, rowCount);
		}
		return contribution;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, contributor, {
			address,
			abi: datanetRegistryAbi,
			functionName: "contribute",
			args: [datanetId, rowsRoot, rowCount],
		}),
	);
	return { contributionId, sent };
}
