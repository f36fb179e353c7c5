// What the node knows of datanets, as queries.

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import { getJson } from "../../shared/api/client.js";
import type {
	Contributor,
	Datanet,
	DatanetOrder,
	ListedDatanet,
	OpenDraft,
	Quality,
	Review,
	RowsPage,
	ShownContribution,
} from "./types.js";

const EVERY_MS = 4000;
const ROWS_AT_ONCE = 50;
const LINES_AT_ONCE = 50;

const at = (id: string, rest = "") => `/api/datanets/${encodeURIComponent(id)}${rest}`;

export type WantedDatanets = { readonly search: string; readonly order: DatanetOrder; readonly from: number };

/** A page of them, found and put in order by the node. */
export function useDatanets({ search, order, from }: WantedDatanets) {
	return useQuery({
		queryKey: ["datanets", "list", search, order, from],
		queryFn: ({ signal }) => {
			const query = new URLSearchParams({ order, limit: String(DATANETS_AT_ONCE), from: String(from) });
			if (search !== "") query.set("search", search);
			return getJson<{ datanets: ListedDatanet[]; count: number; hasMore: boolean }>(`/api/datanets?${query}`, signal);
		},
		refetchInterval: EVERY_MS,
		placeholderData: keepPreviousData,
	});
}
export const DATANETS_AT_ONCE = 50;

export function useDatanet(id: string) {
	return useQuery({
		queryKey: ["datanets", id],
		queryFn: ({ signal }) => getJson<Datanet>(at(id), signal),
		refetchInterval: EVERY_MS,
	});
}

export type Card = {
	readonly version: number;
	readonly card: string;
	readonly croissant: unknown;
	readonly entries: string;
};

/** Of one version; none before there is a snapshot. */
export function useCard(id: string, version: number | undefined) {
	return useQuery({
		queryKey: ["datanets", id, "card", version],
		queryFn: ({ signal }) => getJson<Card>(at(id, "/card"), signal),
		enabled: version !== undefined,
		staleTime: 60_000,
	});
}

export function useQuality(id: string) {
	return useQuery({
		queryKey: ["datanets", id, "quality"],
		queryFn: ({ signal }) => getJson<Quality>(at(id, "/quality"), signal),
	});
}

type RowsWanted = { readonly search?: string; readonly contributionId?: Hex };

export function useRows(id: string, { search = "", contributionId }: RowsWanted = {}) {
	return useInfiniteQuery({
		queryKey: ["datanets", id, "rows", search, contributionId],
		queryFn: ({ pageParam, signal }) => {
			const query = new URLSearchParams({ limit: String(ROWS_AT_ONCE) });
			if (search !== "") query.set("search", search);
			if (contributionId !== undefined) query.set("contribution", contributionId);
			if (pageParam !== undefined) query.set("before", String(pageParam));
			return getJson<RowsPage>(at(id, `/rows?${query}`), signal);
		},
		initialPageParam: undefined as number | undefined,
		getNextPageParam: ({ next }) => next,
		placeholderData: keepPreviousData,
	});
}

export function useContributors(id: string, from: number) {
	return useQuery({
		queryKey: ["datanets", id, "contributors", from],
		queryFn: ({ signal }) =>
			getJson<{ contributors: Contributor[]; hasMore: boolean }>(
				at(id, `/contributors?limit=${LINES_AT_ONCE}&from=${from}`),
				signal,
			),
		placeholderData: keepPreviousData,
	});
}
export const CONTRIBUTORS_AT_ONCE = LINES_AT_ONCE;

/** Of one datanet, or of all. */
export function useReviews(id: string | undefined, from: number) {
	return useQuery({
		queryKey: ["reviews", id, from],
		queryFn: ({ signal }) => {
			const path = id === undefined ? "/api/reviews" : at(id, "/reviews");
			return getJson<{ reviews: Review[]; hasMore: boolean }>(`${path}?limit=${REVIEWS_AT_ONCE}&from=${from}`, signal);
		},
		refetchInterval: EVERY_MS,
		placeholderData: keepPreviousData,
	});
}
export const REVIEWS_AT_ONCE = 20;

export function useContribution(id: Hex | undefined, account: Address | undefined) {
	return useQuery({
		queryKey: ["contributions", id, account],
		queryFn: ({ signal }) =>
			getJson<ShownContribution>(
				`/api/contributions/${id}${account === undefined ? "" : `?account=${account}`}`,
				signal,
			),
		enabled: id !== undefined,
		refetchInterval: 2000,
	});
}

/** What this wallet began to contribute and did not sign yet. */
export function useDrafts(id: string, account: Address | undefined) {
	return useQuery({
		queryKey: ["datanets", id, "drafts", account],
		queryFn: async ({ signal }) =>
			(await getJson<{ drafts: OpenDraft[] }>(at(id, `/drafts?contributor=${account}`), signal)).drafts,
		enabled: account !== undefined,
	});
}
