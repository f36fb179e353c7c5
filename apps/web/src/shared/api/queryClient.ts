// One cache for all that comes from the node.

import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.js";

const TRIES = 2;
/** The node is on this machine: what works at all works soon. */
const FIRST_PAUSE_MS = 300;

export const queryClient = new QueryClient({
	defaultOptions: {
		queries: {
			staleTime: 2000,
			// The node is on this machine: whether there is an internet says nothing about it.
			networkMode: "always",
			// What the node refused it refuses again.
			retry: (failures, error) =>
				failures < TRIES && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
			retryDelay: (failures) => FIRST_PAUSE_MS * 2 ** failures,
		},
		mutations: { networkMode: "always", retry: false },
	},
});
