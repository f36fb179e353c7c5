// Which models answer here, and what they take for it.

import { useQuery } from "@tanstack/react-query";
import { getJson } from "../../shared/api/client.js";

type Listed = {
	readonly id: string;
	readonly parent: string | null;
	readonly max_model_len?: number;
};

type Rated = {
	readonly id: string;
	readonly model: string;
	readonly served: boolean;
	/** Unix seconds; null before it is on chain. */
	readonly publishedAt: number | null;
	readonly rates: { readonly platformWei: string; readonly inWeiPer1000: string; readonly outWeiPer1000: string };
};

export type ServedModel = {
	/** The name it is asked by. */
	readonly name: string;
	/** On chain. */
	readonly id: string;
	readonly contextTokens: number | undefined;
	readonly rates: Rated["rates"];
};

const EVERY_MS = 5000;

/** Those published last come last. */
export function useServedModels() {
	return useQuery({
		queryKey: ["models", "served"],
		refetchInterval: EVERY_MS,
		async queryFn({ signal }): Promise<readonly ServedModel[]> {
			const [{ data }, { models }] = await Promise.all([
				getJson<{ data: readonly Listed[] }>("/v1/models", signal),
				getJson<{ models: readonly Rated[] }>("/api/models", signal),
			]);
			const lengths = new Map(data.map(({ id, max_model_len }) => [id, max_model_len]));
			return models
				.toSorted((a, b) => (a.publishedAt ?? 0) - (b.publishedAt ?? 0))
				.filter(({ model, served }) => served && lengths.has(model))
				.map(({ id, model, rates }) => ({ name: model, id, rates, contextTokens: lengths.get(model) }));
		},
	});
}

/** Questions as they stand in the rows that a model learnt from. */
export function useExamples(modelId: string | undefined) {
	return useQuery({
		queryKey: ["models", modelId, "questions"],
		enabled: modelId !== undefined,
		staleTime: 60_000,
		queryFn: ({ signal }) =>
			getJson<{ questions: readonly string[] }>(`/api/models/${encodeURIComponent(modelId!)}/questions`, signal),
	});
}
