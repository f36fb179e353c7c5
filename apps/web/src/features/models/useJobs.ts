// Trainings of this node: all of them, one while it runs, stop it, let it go on.

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJson, postJson } from "../../shared/api/client.js";
import type { Curve, Job, JobStatus, JobSummary } from "./modelTypes.js";

const LIST_MS = 3000;
const LIVE_MS = 1000;
const CURVE_MS = 2000;
const SHOWN = 20;
const LINES = 200;

export const isOpen = (status: JobStatus | undefined): boolean => status === "queued" || status === "running";
export const runPath = (id: string): string => `/models/runs/${encodeURIComponent(id)}`;
const apiPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`;

type JobsPage = { readonly jobs: readonly JobSummary[]; readonly next: number | null };

export function useJobs() {
	return useInfiniteQuery({
		queryKey: ["jobs", "list"],
		queryFn: ({ signal, pageParam }) => {
			const before = pageParam === null ? "" : `&before=${pageParam}`;
			return getJson<JobsPage>(`/api/jobs?limit=${SHOWN}${before}`, signal);
		},
		initialPageParam: null as number | null,
		getNextPageParam: ({ next }) => next,
		refetchInterval: LIST_MS,
	});
}

export function useJob(id: string) {
	return useQuery({
		queryKey: ["jobs", id],
		queryFn: ({ signal }) => getJson<Job>(apiPath(id), signal),
		refetchInterval: ({ state }) => (isOpen(state.data?.status) ? LIVE_MS : LIST_MS),
	});
}

/** Fetched while the job is open, and once more when it has ended. */
export function useJobCurve(id: string, status: JobStatus | undefined) {
	return useQuery({
		queryKey: ["jobs", id, "curve", isOpen(status)],
		queryFn: ({ signal }) => getJson<Curve>(`${apiPath(id)}/curve`, signal),
		refetchInterval: isOpen(status) ? CURVE_MS : false,
		placeholderData: (before) => before,
	});
}

export type JobLine = { readonly sequence: number; readonly at: number; readonly line: string };

export function useJobLines(id: string, status: JobStatus | undefined) {
	return useQuery({
		queryKey: ["jobs", id, "lines", isOpen(status)],
		queryFn: async ({ signal }) =>
			(await getJson<{ lines: readonly JobLine[] }>(`${apiPath(id)}/lines?limit=${LINES}`, signal)).lines,
		refetchInterval: isOpen(status) ? CURVE_MS : false,
		placeholderData: (before) => before,
	});
}

export function useChangeJob(id: string) {
	const cache = useQueryClient();
	return useMutation({
		mutationFn: (what: "stop" | "resume") => postJson<Job>(`${apiPath(id)}/${what}`),
		onSettled: () => cache.invalidateQueries({ queryKey: ["jobs"] }),
	});
}
