// Lets an epoch's root pay once its challenge time is over. It must not know what was challenged.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readLatestEpoch, readPendingRoot } from "../reads/readRoot.js";

/**
 * Activates once; anybody may send it. Throws `contract/StillOpen` before the challenge time is over, `contract/Held` while a demand or dispute
 * is undecided, `contract/InvalidEpoch` if an earlier root waits, `chain/no-root` if none waits for this epoch.
 */
export async function activateRoot(
	ledger: Ledger,
	sender: LocalAccount,
	{ epoch }: { readonly epoch: bigint },
): Promise<Done<object>> {
	const address = ledger.addresses.attributionRewards;
	const { sent } = await once(
		async () => ((await readLatestEpoch(ledger)) >= epoch ? true : undefined),
		async () => {
			const { proposal } = await readPendingRoot(ledger, epoch);
			const call = { address, abi: attributionRewardsAbi, functionName: "activate", args: [proposal] } as const;
			return await writeContract(ledger, sender, call);
		},
	);
	return { sent };
}
