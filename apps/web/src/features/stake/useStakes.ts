// What the node tells of stakes. Amounts are decimal strings of wei, times Unix seconds.

import { useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { getJson } from "../../shared/api/client.js";

export type JuryRole = "curator" | "verifier";

export type Pool = {
	readonly activeWei: string;
	readonly unbondingWei: string;
	readonly lockedWei: string;
	readonly freeWei: string;
	readonly isCovered: boolean;
	readonly streamingWei: string;
	readonly streamEnds: string;
};

export type Operator = Pool & {
	readonly operator: Address;
	readonly name: string | null;
	/** Came in for its stakers and waits to be given out. */
	readonly tillWei: string;
	readonly seats: readonly JuryRole[];
};

export type Slash = {
	readonly operator: Address;
	readonly amountWei: string;
	/** Id of the case, job, dispute or epoch, as the contract named it. */
	readonly cause: Hex;
	/** Which contract it was. */
	readonly consumer: string;
	readonly beneficiary: Address;
	readonly beneficiaryWei: string;
	readonly treasuryWei: string;
	readonly burntWei: string;
	readonly blockNumber: string;
	readonly transactionHash: Hex;
};

export type Constant = { readonly key: string; readonly value: string; readonly min: string; readonly max: string };

export type Operators = {
	readonly operators: readonly Operator[];
	readonly count: number;
	readonly slashes: readonly Slash[];
	readonly constants: readonly Constant[];
};

export type Position = {
	readonly operator: Address;
	readonly name: string | null;
	readonly shares: string;
	readonly stakeWei: string;
	readonly earnedWei: string;
	readonly unbondings: readonly { readonly index: string; readonly amountWei: string; readonly readyAt: string }[];
};

export type Seat = { readonly stakeWei: string; readonly openCases: number; readonly number: number };

export type Staker = {
	readonly account: Address;
	readonly name: string | null;
	readonly balanceWei: string;
	readonly coinWei: string;
	/** What the stake pool may take of it. */
	readonly allowanceWei: string;
	readonly juryPayWei: string;
	/** The chain's clock. */
	readonly now: string;
	/** What stands behind the account itself. */
	readonly own: Pool;
	readonly seats: Readonly<Record<JuryRole, Seat | null>>;
	readonly positions: readonly Position[];
};

const EVERY_MS = 4000;

export function useOperators() {
	return useQuery({
		queryKey: ["stakes"],
		queryFn: ({ signal }) => getJson<Operators>("/api/stakes?limit=100", signal),
		refetchInterval: EVERY_MS,
	});
}

export function useStaker(account: Address) {
	return useQuery({
		queryKey: ["stakes", account.toLowerCase()],
		queryFn: ({ signal }) => getJson<Staker>(`/api/stakes/${account}`, signal),
		refetchInterval: EVERY_MS,
	});
}
