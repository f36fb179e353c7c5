// Tries again what failed before anything came of it. It must not know what is tried.

import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../../errors.js";
import { cancelled } from "./vllmErrors.js";

const WAITS_MS = [200, 1000] as const;

/** Runs `work` up to three times, while it fails with `backend_unavailable`. Rejects with 499 once the signal fires. */
export async function retried<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
	for (const wait of WAITS_MS) {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof ApiError && error.code === "backend_unavailable")) throw error;
		}
		await sleep(wait, undefined, signal && { signal }).catch(() => {
			throw cancelled();
		});
	}
	return await work();
}
