// What the node tells of earnings. Amounts are decimal strings of wei, times Unix seconds.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { getJson, isMissing, postJson } from "../../shared/api/client.js";

export type EpochStatus = "collecting" | "ready" | "stored" | "proposed" | "active" | "fallen";

export type Reward = {
	readonly contributor: string;
	readonly account: Address;
	readonly earnedWei: string;
	readonly claimedWei: string;
	readonly claimableWei: string;
	readonly challengedWei: string;
};

export type Rewards = {
	readonly rewards: readonly Reward[];
	readonly sums: {
		readonly accounts: number;
		readonly earnedWei: string;
		readonly claimedWei: string;
		readonly claimableWei: string;
		readonly challengedWei: string;
	};
	readonly unsettledAnswers: number;
	readonly openEpochs: readonly {
		readonly epoch: number;
		readonly status: EpochStatus;
		readonly receipts: number;
		readonly challengeEnds: string | null;
	}[];
};

export type EarnerEpoch = {
	readonly epoch: number;
	readonly status: EpochStatus;
	readonly closedAt: string;
	readonly challengeEnds: string | null;
	readonly cumulativeWei: string;
	readonly wei: string;
};

export type Earner = {
	readonly account: Address;
	/** A contributor whose wallet this node keeps, or the pool. */
	readonly name: string | null;
	readonly isPool: boolean;
	readonly earnedWei: string;
	readonly claimedWei: string;
	readonly claimableWei: string;
	readonly challengedWei: string;
	readonly settlingWei: string;
	readonly unsettled: { readonly wei: string; readonly answers: number };
	readonly epochs: readonly EarnerEpoch[];
	readonly contributions: readonly {
		readonly id: Hex;
		readonly datanetId: Hex;
		readonly datanet: string;
		readonly status: "stored" | "offered" | "accepted" | "rejected";
		readonly final: boolean;
		readonly offeredRows: number;
		readonly acceptedRows: number;
	}[];
	readonly claims: readonly { readonly wei: string; readonly blockNumber: string; readonly transactionHash: Hex }[];
};

export type EarnedRow = {
	readonly datanetId: Hex;
	readonly datanet: string;
	readonly commitment?: Hex;
	readonly prompt?: string;
	readonly response?: string;
	readonly wei: string;
	readonly unsettledWei: string;
	readonly answers: number;
	readonly lastAt: number;
};

export type EarnedAnswer = {
	readonly sequence: number;
	readonly receiptId: Hex;
	readonly model: string;
	readonly epoch: number | null;
	readonly answeredAt: number;
	readonly sharePpm: number;
	readonly wei: string;
	readonly rows: number;
};

export type RewardProof = {
	readonly epoch: number;
	readonly earningsRoot: Hex;
	readonly proof: {
		readonly account: Address;
		readonly cumulativeWei: string;
		readonly prefixWei: string;
		readonly index: number;
		readonly siblings: readonly Hex[];
	};
	readonly claimedWei: string;
	readonly claimableWei: string;
};

export const LISTED = 100;
const EVERY_MS = 4000;
const PAGE = 20;

export function useRewards() {
	return useQuery({
		queryKey: ["rewards"],
		queryFn: ({ signal }) => getJson<Rewards>(`/api/rewards?limit=${LISTED}`, signal),
		refetchInterval: EVERY_MS,
	});
}

export function useEarner(account: Address) {
	return useQuery({
		queryKey: ["rewards", account],
		queryFn: ({ signal }) => getJson<Earner>(`/api/rewards/${account}`, signal),
		refetchInterval: EVERY_MS,
	});
}

export function useEarnedRows(account: Address) {
	return useQuery({
		queryKey: ["rewards", account, "rows"],
		queryFn: ({ signal }) =>
			getJson<{ rows: readonly EarnedRow[]; count: number; answers: number; isComplete: boolean }>(
				`/api/rewards/${account}/rows?limit=${LISTED}`,
				signal,
			),
		refetchInterval: 5 * EVERY_MS,
	});
}

/** Of all rows, or of one by its commitment; page by page, the newest first. */
export function useEarnedAnswers(account: Address, row?: Hex) {
	const of = row === undefined ? "" : `&row=${row}`;
	return useInfiniteQuery({
		queryKey: ["rewards", account, "answers", row ?? "all"],
		queryFn: async ({ signal, pageParam }) => {
			const from = pageParam === undefined ? "" : `&before=${pageParam}`;
			const path = `/api/rewards/${account}/answers?limit=${PAGE}${of}${from}`;
			return (await getJson<{ answers: readonly EarnedAnswer[] }>(path, signal)).answers;
		},
		initialPageParam: undefined as number | undefined,
		getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.sequence),
	});
}

/** Null where nothing can be claimed yet. */
export function useProof(account: Address) {
	return useQuery({
		queryKey: ["rewards", account, "proof"],
		queryFn: async ({ signal }) => {
			try {
				return await getJson<RewardProof>(`/api/rewards/${account}/proof`, signal);
			} catch (error) {
				if (isMissing(error)) return null;
				throw error;
			}
		},
		refetchInterval: EVERY_MS,
	});
}

/** Closes the epoch through the node, which waits up to 15 s for its challenge time. */
export function useSettle() {
	const queries = useQueryClient();
	return useMutation({
		mutationFn: () =>
			postJson<{ closed: { epoch: number; status: EpochStatus; receipts: number } | null }>("/api/epochs/close"),
		onSettled: () => queries.invalidateQueries(),
	});
}

/** The node sends the claims itself and pays for them: of one contributor it has a wallet of, or of everybody. */
export function useNodeClaim() {
	const queries = useQueryClient();
	return useMutation({
		mutationFn: (contributor?: string) =>
			postJson<{ claimed: readonly { contributor: string; paidWei: string }[] }>(
				"/api/rewards/claim",
				contributor === undefined ? {} : { contributor },
			),
		onSettled: () => queries.invalidateQueries(),
	});
}
