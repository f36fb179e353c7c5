// Begins to take stake back. It must not know what the operator does.
import { type Address, type LocalAccount, parseEventLogs } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { stakePoolAbi } from "../generated/index.js";

export type UndelegateStake = { readonly operator: Address; readonly shares: bigint };

/** The unbonding's index among the sender's behind this operator, what it is worth now, wei, and the second it is ready at. */
export type Undelegated = {
	readonly index: bigint;
	readonly amountWei: bigint;
	readonly readyAt: bigint;
	readonly sent: Sent;
};

/** Leaves with so many active shares, each time it is called; throws `contract/TooFewShares` where the sender has fewer. */
export async function undelegateStake(
	ledger: Ledger,
	staker: LocalAccount,
	{ operator, shares }: UndelegateStake,
): Promise<Undelegated> {
	const { stakePool: address } = ledger.addresses;
	const args = [operator, shares] as const;
	const call = { address, abi: stakePoolAbi, functionName: "undelegate", args } as const;
	const sent = await writeContract(ledger, staker, call);
	const receipt = await ledger.client.publicClient.getTransactionReceipt({ hash: sent.hash });
	const [event] = parseEventLogs({ abi: stakePoolAbi, eventName: "Undelegated", logs: receipt.logs });
	const { index, amountWei, readyAt } = event!.args;
	return { index, amountWei, readyAt, sent };
}
