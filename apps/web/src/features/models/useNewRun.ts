// What a new run can be made of, what it would take, and beginning it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Hex } from "viem";
import { getJson, postJson } from "../../shared/api/client.js";
import { hasToken } from "../../shared/api/token.js";
import type { Estimate, Recipe, RecipeField } from "./modelTypes.js";

export type LearnableDatanet = {
	readonly id: Hex;
	readonly name: string;
	readonly licence: string;
	readonly rows: number;
	readonly contributors: number;
	readonly snapshots: readonly { readonly version: number; readonly rowCount: number; readonly root: Hex }[];
};

export type WantedRun = {
	readonly datanet: string;
	readonly snapshot?: number;
	readonly recipe: Recipe;
};

export function useLearnableDatanets() {
	return useQuery({
		queryKey: ["datanets", "learnable"],
		queryFn: async ({ signal }) =>
			(await getJson<{ datanets: readonly LearnableDatanet[] }>("/api/datanets?order=activity&limit=500", signal))
				.datanets,
	});
}

export function useRecipeFields() {
	return useQuery({
		queryKey: ["recipes", "fields"],
		queryFn: async ({ signal }) =>
			(await getJson<{ fields: readonly RecipeField[] }>("/api/recipes/fields", signal)).fields,
		staleTime: Number.POSITIVE_INFINITY,
	});
}

/** Asked once for each run that is looked at: where no run of the node was timed, a few steps are taken for it. */
export function useEstimate(wanted: WantedRun | undefined) {
	return useQuery({
		queryKey: ["estimates", wanted],
		queryFn: ({ signal }) => postJson<Estimate>("/api/models/estimates", wanted, signal),
		enabled: wanted !== undefined && hasToken(),
		staleTime: 60_000,
		retry: false,
	});
}

export function useBeginRun() {
	const cache = useQueryClient();
	return useMutation({
		mutationFn: (wanted: WantedRun & { readonly name: string }) => postJson<{ jobId: string }>("/api/models", wanted),
		onSettled: () => cache.invalidateQueries({ queryKey: ["jobs"] }),
	});
}
