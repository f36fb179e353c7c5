// Replays of a model's run: begin one, watch it, stop it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, postJson } from "../../shared/api/client.js";
import type { Replay } from "./modelTypes.js";
import { isOpen } from "./useJobs.js";

const LIVE_MS = 1000;
const IDLE_MS = 10_000;

const apiPath = (model: string): string => `/api/models/${encodeURIComponent(model)}/replays`;

export function useReplays(model: string) {
	return useQuery({
		queryKey: ["models", model, "replays"],
		queryFn: async ({ signal }) => (await getJson<{ replays: readonly Replay[] }>(apiPath(model), signal)).replays,
		refetchInterval: ({ state }) => (state.data?.some(({ status }) => isOpen(status)) ? LIVE_MS : IDLE_MS),
	});
}

/** With its links. */
export function useReplay(id: string | undefined) {
	return useQuery({
		queryKey: ["replays", id],
		queryFn: ({ signal }) => getJson<Replay>(`/api/replays/${encodeURIComponent(id ?? "")}`, signal),
		enabled: id !== undefined,
		refetchInterval: ({ state }) => (isOpen(state.data?.status ?? "queued") ? LIVE_MS : false),
	});
}

export function useBeginReplay(model: string) {
	const cache = useQueryClient();
	return useMutation({
		mutationFn: (stretch: { readonly fromStep?: number; readonly toStep?: number }) =>
			postJson<{ replayId: string }>(apiPath(model), stretch),
		onSettled: () => cache.invalidateQueries({ queryKey: ["models", model, "replays"] }),
	});
}

export function useStopReplay() {
	const cache = useQueryClient();
	return useMutation({
		mutationFn: (id: string) => postJson<Replay>(`/api/replays/${encodeURIComponent(id)}/stop`),
		onSettled: () => cache.invalidateQueries({ queryKey: ["replays"] }),
	});
}
