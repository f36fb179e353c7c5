// The datanet's owner takes a contribution, whole or in part. It must not know why.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { readContribution } from "../reads/readDatanet.js";

export type AcceptContribution = { readonly contributionId: Hex; readonly acceptedRows: number };

/** Accepts once; throws `chain/differs` if it was refused, or accepted with another count. It is final only after the time for appeals. */
export async function acceptContribution(
	ledger: Ledger,
	owner: LocalAccount,
	{ contributionId, acceptedRows }: AcceptContribution,
): Promise<{ readonly sent?: Sent }> {
	const find = async () => {
		const contribution = await readContribution(ledger, contributionId);
		if (contribution === undefined || contribution.status === "pending") return undefined;
		const what = `contribution ${contributionId}`;
		if (contribution.status !== "accepted") throw differs(what, "status", contribution.status, "accepted");
		if (contribution.acceptedRows !== acceptedRows) {
			throw differs(what, "acceptedRows", contribution.acceptedRows, acceptedRows);
		}
		return contribution;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, owner, {
			address,
			abi: datanetRegistryAbi,
			functionName: "accept",
			args: [contributionId, acceptedRows],
		}),
	);
	return { sent };
}
