// Takes a root out of the queue that nothing stands behind any more; all later ones go with it. It must not know why its bond was lost.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { readPendingHash, readPendingRoot } from "../reads/readRoot.js";

/** Drops once; anybody may send it. Throws `contract/StillBonded` while its proposer has a bond: then it falls by a challenge alone. */
export async function dropRoot(
	ledger: Ledger,
	sender: LocalAccount,
	{ epoch }: { readonly epoch: bigint },
): Promise<Done<object>> {
	const address = ledger.addresses.attributionRewards;
	const { sent } = await once(
		async () => ((await readPendingHash(ledger, epoch)) === undefined ? true : undefined),
		async () => {
			const { proposal } = await readPendingRoot(ledger, epoch);
			const call = { address, abi: attributionRewardsAbi, functionName: "drop", args: [proposal] } as const;
			return await writeContract(ledger, sender, call);
		},
	);
	return { sent };
}
