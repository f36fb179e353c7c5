// Says on chain that a row was erased: a tombstone, by its contributor or the datanet's owner. It must not know the row.
import type { Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { readIsErased } from "../reads/readDatanet.js";

export type EraseRow = {
	readonly contributionId: Hex;
	readonly rowCommitment: Hex;
	/** That the row's commitment is under the contribution's root; see `rowsTree` in protocol. */
	readonly proof: readonly Hex[];
};

/** Publishes a row's tombstone once. No further snapshot may hold the row, and older ones are stale. */
export async function eraseRow(
	ledger: Ledger,
	sender: LocalAccount,
	{ contributionId, rowCommitment, proof }: EraseRow,
): Promise<{ readonly sent?: Sent }> {
	const find = async () => ((await readIsErased(ledger, contributionId, rowCommitment)) ? true : undefined);
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, sender, {
			address,
			abi: datanetRegistryAbi,
			functionName: "tombstone",
			args: [contributionId, rowCommitment, proof],
		}),
	);
	return { sent };
}
