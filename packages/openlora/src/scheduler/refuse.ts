// Why a job is not taken: it can never be answered, or not now. It must not change anything.

import { ApiError } from "../errors.js";
import type { CompletionRate } from "./completionRate.js";
import type { Job } from "./job.js";
import type { SchedulerLimits, SchedulerOptions } from "./schedulerOptions.js";

export interface RefuseState extends Pick<SchedulerOptions, "base" | "batch" | "cache"> {
	readonly limits: SchedulerLimits;
	/** Jobs that wait, of all and of this job's tenant. */
	readonly waiting: number;
	readonly own: number;
	readonly rate: CompletionRate;
	/** Milliseconds. */
	readonly now: number;
	readonly goingDown: "draining" | "closed" | undefined;
}

/** The error to reject it with; absent if it may wait. */
export function refuse({ prompt, request, source, isPromised }: Job, state: RefuseState): ApiError | undefined {
	const { base, batch, cache, limits, waiting, own, rate, now, goingDown } = state;
	if (goingDown !== undefined)
		return new ApiError(503, goingDown, "this server is going down; ask again later", { retryAfter: 5 });
	if (prompt.length === 0) return new ApiError(400, "invalid_value", "the prompt is empty", { param: "prompt" });
	const room = Math.min(base.config.maxPositions, batch.blocks * batch.blockTokens);
	// The last token is never taken.
	if (prompt.length + request.maxTokens - 1 > room) {
		const message = `the prompt has ${prompt.length} tokens and max_tokens is ${request.maxTokens}; there is room for ${room} together`;
		return new ApiError(400, "context_length_exceeded", message, { param: "messages" });
	}
	try {
		if (source !== undefined) cache.check(source);
	} catch (error) {
		if (error instanceof ApiError) return error;
		throw error;
	}
	const isOwn = own >= limits.perTenant;
	if (isPromised === true || !(isOwn || waiting >= limits.waiting)) return undefined;
	const retryAfter = rate.secondsFor(waiting + 1, now);
	const who = isOwn ? `${own} of your requests` : `${waiting} requests`;
	return new ApiError(429, "overloaded", `${who} wait already; ask again in ${retryAfter} seconds`, { retryAfter });
}
