// Pays a staker what it earned behind an operator. It must not know for which answers.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import type { Sent } from "../client/sendTransaction.js";
import { stakePoolAbi } from "../generated/index.js";

export type ClaimStakeReward = { readonly operator: Address; readonly staker: Address };

/** Pays all that is earned up to now, to the staker; anybody may send it. Sends nothing where nothing is. */
export async function claimStakeReward(
	ledger: Ledger,
	sender: LocalAccount,
	{ operator, staker }: ClaimStakeReward,
): Promise<{ readonly sent?: Sent }> {
	const pool = { address: ledger.addresses.stakePool, abi: stakePoolAbi, args: [operator, staker] } as const;
	if ((await readContract(ledger, { ...pool, functionName: "earned" })) === 0n) return {};
	return { sent: await writeContract(ledger, sender, { ...pool, functionName: "claimReward" }) };
}
