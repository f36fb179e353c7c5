// Pays out stake that has waited its time. It must not know what the operator did.
import type { Address, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { stakePoolAbi } from "../generated/index.js";

export type WithdrawStake = { readonly operator: Address; readonly staker: Address; readonly index: bigint };

/**
 * Pays one unbonding to its staker, once; anybody may send it. Throws `contract/NotYetReady` before its time,
 * `contract/HeldForLocks` while the pool is needed for what it promised, `contract/NothingUnbonding` where there never was one.
 */
export async function withdrawStake(
	ledger: Ledger,
	sender: LocalAccount,
	{ operator, staker, index }: WithdrawStake,
): Promise<Done<object>> {
	const { stakePool: address } = ledger.addresses;
	const args = [operator, staker, index] as const;
	const { sent } = await once(
		async () => {
			const call = { address, abi: stakePoolAbi, functionName: "getUnbonding", args } as const;
			const one = await readContract(ledger, call, "NothingUnbonding");
			return one?.shares === 0n ? true : undefined;
		},
		() => writeContract(ledger, sender, { address, abi: stakePoolAbi, functionName: "withdraw", args }),
	);
	return { sent };
}
