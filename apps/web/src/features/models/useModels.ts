// Models, as the node tells of them.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getJson } from "../../shared/api/client.js";
import type { Commitments, Curve, Lineage, Model, ModelReceipt, ModelSummary } from "./modelTypes.js";

const LIST_MS = 5000;
const RECEIPTS_SHOWN = 20;
/** What is read anew from the run's files with every request changes only by answers. */
const HEAVY_STALE_MS = 60_000;

export const modelPath = (model: string): string => `/models/${encodeURIComponent(model)}`;
const apiPath = (model: string): string => `/api/models/${encodeURIComponent(model)}`;

export function useModels() {
	return useQuery({
		queryKey: ["models", "list"],
		queryFn: async ({ signal }) => (await getJson<{ models: readonly ModelSummary[] }>("/api/models", signal)).models,
		refetchInterval: LIST_MS,
	});
}

export function useModel(model: string) {
	return useQuery({
		queryKey: ["models", model, "whole"],
		queryFn: ({ signal }) => getJson<Model>(apiPath(model), signal),
		staleTime: HEAVY_STALE_MS,
	});
}

export const modelQuery = (model: string) => ({
	queryKey: ["models", model, "whole"],
	queryFn: ({ signal }: { signal: AbortSignal }) => getJson<Model>(apiPath(model), signal),
	staleTime: HEAVY_STALE_MS,
});

export const curveQuery = (model: string) => ({
	queryKey: ["models", model, "curve"],
	queryFn: ({ signal }: { signal: AbortSignal }) => getJson<Curve>(`${apiPath(model)}/curve`, signal),
	staleTime: Number.POSITIVE_INFINITY,
});

export function useModelCurve(model: string) {
	return useQuery(curveQuery(model));
}

export function useLineage(model: string) {
	return useQuery({
		queryKey: ["models", model, "lineage"],
		queryFn: ({ signal }) => getJson<Lineage>(`${apiPath(model)}/lineage`, signal),
		staleTime: HEAVY_STALE_MS,
	});
}

export function useCommitments(model: string) {
	return useQuery({
		queryKey: ["models", model, "commitments"],
		queryFn: ({ signal }) => getJson<Commitments>(`${apiPath(model)}/commitments`, signal),
		staleTime: HEAVY_STALE_MS,
	});
}

type ReceiptsPage = { readonly receipts: readonly ModelReceipt[]; readonly next: number | null };

export function useModelReceipts(model: string) {
	return useInfiniteQuery({
		queryKey: ["models", model, "receipts"],
		queryFn: ({ signal, pageParam }) => {
			const before = pageParam === null ? "" : `&before=${pageParam}`;
			return getJson<ReceiptsPage>(`${apiPath(model)}/receipts?limit=${RECEIPTS_SHOWN}${before}`, signal);
		},
		initialPageParam: null as number | null,
		getNextPageParam: ({ next }) => next,
		refetchInterval: LIST_MS,
	});
}
