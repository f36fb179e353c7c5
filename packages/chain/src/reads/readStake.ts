// Stakes behind operators as the chain knows them. Reads only.
import type { Address } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { stakePoolAbi } from "../generated/index.js";

/** What stands behind an operator, wei; `freeWei` is active and promised to nobody. */
export type Stake = {
	readonly activeWei: bigint;
	readonly unbondingWei: bigint;
	readonly activeShares: bigint;
	readonly unbondingShares: bigint;
	readonly lockedWei: bigint;
	readonly freeWei: bigint;
	/** Whether active stake covers all that is locked. */
	readonly isCovered: boolean;
	/** Rewards still to stream, wei, and the second when they end. */
	readonly streamingWei: bigint;
	readonly streamEnds: bigint;
};

/** One leaving of a staker: what it is worth now, wei, and the second from which it may be withdrawn. */
export type Unbonding = { readonly index: bigint; readonly amountWei: bigint; readonly readyAt: bigint };

/** What one staker has behind one operator; open unbondings only. */
export type StakerPosition = {
	readonly shares: bigint;
	readonly stakeWei: bigint;
	readonly earnedWei: bigint;
	readonly unbondings: readonly Unbonding[];
};

const pool = (ledger: Ledger) => ({ address: ledger.addresses.stakePool, abi: stakePoolAbi }) as const;

/** Reads what stands behind an operator; zeros where nobody does. */
export async function readStake(ledger: Ledger, operator: Address): Promise<Stake> {
	const args = [operator] as const;
	const [state, freeWei, isCovered, stream] = await Promise.all([
		readContract(ledger, { ...pool(ledger), functionName: "getPool", args }),
		readContract(ledger, { ...pool(ledger), functionName: "freeOf", args }),
		readContract(ledger, { ...pool(ledger), functionName: "isCovered", args }),
		readContract(ledger, { ...pool(ledger), functionName: "streamOf", args }),
	]);
	const [streamingWei, streamEnds] = stream!;
	return { ...state!, freeWei: freeWei!, isCovered: isCovered!, streamingWei, streamEnds };
}

/** Only how much stands behind an operator, wei: what a list is put in order by. */
export async function readActiveStake(ledger: Ledger, operator: Address): Promise<bigint> {
	const call = { ...pool(ledger), functionName: "getPool", args: [operator] } as const;
	return (await readContract(ledger, call))!.activeWei;
}

/** Reads what a staker has behind an operator. */
export async function readStakerPosition(ledger: Ledger, operator: Address, staker: Address): Promise<StakerPosition> {
	const args = [operator, staker] as const;
	const [shares, stakeWei, earnedWei, count, { unbondingWei, unbondingShares }] = await Promise.all([
		readContract(ledger, { ...pool(ledger), functionName: "sharesOf", args }),
		readContract(ledger, { ...pool(ledger), functionName: "stakeOf", args }),
		readContract(ledger, { ...pool(ledger), functionName: "earned", args, blockTag: "pending" }),
		readContract(ledger, { ...pool(ledger), functionName: "unbondings", args }),
		readStake(ledger, operator),
	]);
	const unbondings: Unbonding[] = [];
	for (let index = 0n; index < count!; index++) {
		const one = (await readContract(ledger, {
			...pool(ledger),
			functionName: "getUnbonding",
			args: [operator, staker, index],
		}))!;
		if (one.shares === 0n) continue;
		unbondings.push({ index, amountWei: (one.shares * unbondingWei) / unbondingShares, readyAt: one.readyAt });
	}
	return { shares: shares!, stakeWei: stakeWei!, earnedWei: earnedWei!, unbondings };
}

/** Where a model's stakers' part is paid for an operator. */
export async function readRewardsTill(ledger: Ledger, operator: Address): Promise<Address> {
	return (await readContract(ledger, { ...pool(ledger), functionName: "rewardsTill", args: [operator] }))!;
}
