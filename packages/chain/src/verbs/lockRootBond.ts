// Locks a proposer's bond again, so that its roots that still stand can pay after another of them fell. It must not know why that one fell.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { attributionRewardsAbi } from "../generated/index.js";
import { type Proposer, readProposer } from "../reads/readRoot.js";

/** Locks once; a bond that is there is left alone. Throws `contract/StakeTooLow` where too little free stake stands behind the sender. */
export async function lockRootBond(ledger: Ledger, proposer: LocalAccount): Promise<Done<{ proposer: Proposer }>> {
	const address = ledger.addresses.attributionRewards;
	const { sent } = await once(
		async () => ((await readProposer(ledger, proposer.address)).bondWei > 0n ? true : undefined),
		() => writeContract(ledger, proposer, { address, abi: attributionRewardsAbi, functionName: "bond", args: [] }),
	);
	return { proposer: await readProposer(ledger, proposer.address), sent };
}
