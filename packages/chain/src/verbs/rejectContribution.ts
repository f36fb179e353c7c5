// The datanet's owner refuses a contribution. It must not know what the reason code means.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { differs } from "../errors.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { readContribution } from "../reads/readDatanet.js";

/** `reasonCode`: 1 to 249. Junk loses its stake, none of it to the owner; otherwise the stake goes back. */
export type RejectContribution = {
	readonly contributionId: Hex;
	readonly reasonCode: number;
	readonly asJunk?: boolean;
};

/** Rejects once; throws `chain/differs` if it was accepted, or refused in another way or for another reason. */
export async function rejectContribution(
	ledger: Ledger,
	owner: LocalAccount,
	{ contributionId, reasonCode, asJunk = false }: RejectContribution,
): Promise<{ readonly sent?: Sent }> {
	const wanted = asJunk ? "junk" : "rejected";
	const find = async () => {
		const contribution = await readContribution(ledger, contributionId);
		if (contribution === undefined || contribution.status === "pending") return undefined;
		const what = `contribution ${contributionId}`;
		if (contribution.status !== wanted) throw differs(what, "status", contribution.status, wanted);
		if (contribution.reasonCode !== reasonCode) {
			throw differs(what, "reasonCode", contribution.reasonCode, reasonCode);
		}
		return contribution;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, owner, {
			address,
			abi: datanetRegistryAbi,
			functionName: asJunk ? "rejectAsJunk" : "reject",
			args: [contributionId, reasonCode],
		}),
	);
	return { sent };
}
