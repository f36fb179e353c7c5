// Brings an operator's stakers what came into their till. It must not know from which models.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { stakePoolAbi } from "../generated/index.js";
import { readBalance } from "../reads/readMoney.js";
import { readRewardsTill } from "../reads/readStake.js";

/** Collects all that the operator's till holds; anybody may send it. Sends nothing where it is empty. */
export async function collectStakeRewards(
	ledger: Ledger,
	sender: LocalAccount,
	{ operator }: { readonly operator: Address },
): Promise<{ readonly amountWei: bigint; readonly sent?: Sent }> {
	const amountWei = await readBalance(ledger, await readRewardsTill(ledger, operator));
	if (amountWei === 0n) return { amountWei };
	const { stakePool: address } = ledger.addresses;
	const call = { address, abi: stakePoolAbi, functionName: "collectRewards", args: [operator] } as const;
	return { amountWei, sent: await writeContract(ledger, sender, call) };
}
