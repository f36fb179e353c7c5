// Stakes OPEN behind an operator, oneself or another. It must not know what the operator does.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { stakePoolAbi } from "../generated/index.js";
import { approveOpen } from "./approveOpen.js";

export type DelegateStake = { readonly operator: Address; readonly amountWei: bigint };

/** Stakes so much more, each time it is called; approves it first. */
export async function delegateStake(
	ledger: Ledger,
	staker: LocalAccount,
	{ operator, amountWei }: DelegateStake,
): Promise<{ readonly sent: Sent }> {
	const { stakePool: address } = ledger.addresses;
	await approveOpen(ledger, staker, { spender: address, amountWei });
	const args = [operator, amountWei] as const;
	return { sent: await writeContract(ledger, staker, { address, abi: stakePoolAbi, functionName: "delegate", args }) };
}
