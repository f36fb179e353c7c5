// What the node tells about the network as a whole: numbers, and what happened last.

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getJson } from "../../shared/api/client.js";

/** Amounts are decimal strings of wei. */
export type Summary = {
	readonly answers: number;
	readonly feesWei: string;
	readonly unsettled: number;
	readonly money: {
		readonly totalWei: string;
		readonly owedWei: string;
		readonly contributorsWei: string;
		readonly claimedWei: string;
	};
	readonly contributors: number;
	readonly rows: number;
	readonly datanets: number;
	readonly models: number;
	readonly block: string;
	readonly blockAt: number;
	readonly activeEpoch: string;
	readonly proposedEpoch: string;
};

export type Answered = {
	readonly kind: "answer";
	readonly at: number;
	readonly receiptId: string;
	readonly sequence: number;
	readonly modelId: string;
	readonly model: string;
	readonly payer: string;
	readonly feeWei: string;
	readonly tokensOut: number;
};
export type Said = {
	readonly kind: "event";
	readonly at: number;
	/** "attributionRewards.Claimed" */
	readonly event: string;
	readonly args: Readonly<Record<string, string | number>>;
	readonly block: string;
	readonly logIndex: number;
	readonly transactionHash: string;
};
export type Activity = Answered | Said;
export type ActivityPage = {
	readonly activity: readonly Activity[];
	/** By id or address in lower case. */
	readonly names: Readonly<Record<string, string>>;
	readonly next: string | null;
};

const EVERY_MS = 3000;
const PER_PAGE = 40;

export function useSummary() {
	return useQuery({
		queryKey: ["activity", "summary"],
		queryFn: ({ signal }) => getJson<Summary>("/api/activity/summary", signal),
		refetchInterval: EVERY_MS,
		placeholderData: keepPreviousData,
	});
}

/** The latest, kept up to date; earlier pages as they are asked for. */
export function useActivity() {
	return useInfiniteQuery({
		queryKey: ["activity", "list"],
		queryFn: ({ pageParam, signal }) => {
			const before = pageParam === "" ? "" : `&before=${encodeURIComponent(pageParam)}`;
			return getJson<ActivityPage>(`/api/activity?limit=${PER_PAGE}${before}`, signal);
		},
		initialPageParam: "",
		getNextPageParam: ({ next }) => next ?? undefined,
		// Earlier pages do not change, and all of them would be asked for again.
		refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? EVERY_MS : false),
	});
}
