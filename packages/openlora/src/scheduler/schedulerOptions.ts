// What a scheduler is made of, what it does and what it tells of itself. It must not know how.

import type { GenerateBase, Generation, PagedBatch } from "@openledger/llm";
import type { AdapterCache } from "../adapters/adapterCache.js";
import type { Job } from "./job.js";
import type { SchedulerMeasures } from "./schedulerMeasures.js";

export interface SchedulerLimits {
	/** Jobs that may wait. */
	readonly waiting: number;
	/** Jobs of one tenant that may wait. */
	readonly perTenant: number;
	/** Rows of a pass that may read prompts while anybody is answering. */
	readonly chunkTokens: number;
	/** Jobs of the queue that are looked at for one that can start. */
	readonly lookahead: number;
	/** How often a job may be passed by jobs behind it. */
	readonly overtakes: number;
	/** Waiting jobs whose adapters may be held in memory for them; default as many as run at once. */
	readonly prefetch: number;
}

export const SCHEDULER_LIMITS: Omit<SchedulerLimits, "prefetch"> = {
	waiting: 1024,
	perTenant: 256,
	chunkTokens: 48,
	lookahead: 64,
	overtakes: 32,
};

export interface SchedulerOptions {
	readonly base: GenerateBase & { readonly config: { readonly maxPositions: number } };
	readonly batch: PagedBatch;
	readonly cache: AdapterCache;
	readonly limits?: Partial<SchedulerLimits>;
	/** Milliseconds that only rise. */
	readonly now: () => number;
}

export interface Scheduler {
	/**
	 * Resolves with the answer. Rejects with `ApiError`: 429 overloaded, 400 context_length_exceeded, 503 draining, 503 adapter_too_large;
	 * with `CancelledError`; with what loading the adapter said; with what `onPiece` threw.
	 */
	submit(job: Job): Promise<Generation>;
	/** Throws what `submit` would reject such a job with now. */
	check(job: Job): void;
	stats(): SchedulerStats;
	/** To be called when an adapter was loaded. */
	wake(): void;
	/** Takes nothing new; resolves when all that was taken has ended. */
	drain(): Promise<void>;
	/** Ends what is left with 503 `closed`. */
	close(): void;
}

export interface SchedulerStats extends SchedulerMeasures {
	readonly waiting: number;
	readonly running: number;
	/** Tenants with something waiting. */
	readonly waitingTenants: number;
	readonly blocks: number;
	readonly blocksFree: number;
	/** Blocks that running answers may still take. */
	readonly blocksPromised: number;
	readonly prefixTokensHit: number;
	readonly prefixTokensMissed: number;
}
