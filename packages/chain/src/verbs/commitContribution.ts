// Commits to rows without showing their root, so that nobody can copy it before it is the contributor's. It must not know the rows.
import { contributionCommitment } from "@openledger/protocol";
import type { Address, Hex, LocalAccount } from "viem";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { datanetRegistryAbi } from "../generated/index.js";
import { readCommitment } from "../reads/readDatanet.js";

/** `salt`: 32 secret bytes, the same again for the same rows: whoever knows it can tell what was committed to. */
export type CommitContribution = {
	readonly datanetId: Hex;
	readonly contributor: Address;
	readonly rowsRoot: Hex;
	readonly rowCount: number;
	readonly salt: Hex;
};

/** Commits once while it can be revealed, and anew after that; anybody may send it. */
export async function commitContribution(
	ledger: Ledger,
	sender: LocalAccount,
	wanted: CommitContribution,
): Promise<{ readonly commitment: Hex; readonly sent?: Sent }> {
	const { datanetId } = wanted;
	const commitment = contributionCommitment(wanted);
	const find = async () => {
		const made = await readCommitment(ledger, datanetId, commitment);
		// A little early: what has a second left may be too late when it is mined.
		return made !== undefined && made.revealEnds > (await now(ledger)) + 1 ? made : undefined;
	};
	const { datanetRegistry: address } = ledger.addresses;
	const { sent } = await once(find, () =>
		writeContract(ledger, sender, {
			address,
			abi: datanetRegistryAbi,
			functionName: "commitContribution",
			args: [datanetId, commitment],
		}),
	);
	return { commitment, sent };
}

/** The pending block's: the latest one's may be long past where blocks are made as needed. */
async function now({ client }: Ledger): Promise<number> {
	return Number((await client.publicClient.getBlock({ blockTag: "pending" })).timestamp);
}
