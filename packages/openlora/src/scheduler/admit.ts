// Who may start now: those whose adapter is there and for whom the cache has blocks, in the order of the queue; who is not ready is passed
// by, but not often, and meanwhile its adapter is loaded. It must not know how answers are made.
//
// Bounds. A job is passed by at most `overtakes` jobs that stand behind it; from then on nobody behind it starts, and room for its adapter
// is taken from whoever only waits. Adapters that are wanted within `lookahead` are not thrown out for one that is not yet due.

import type { AdapterCache } from "../adapters/adapterCache.js";
import type { AdapterSource } from "../adapters/adapterSource.js";
import { ApiError } from "../errors.js";
import type { FairQueue } from "./fairQueue.js";
import type { Ticket } from "./job.js";

export interface AdmitLimits {
	/** Jobs of the queue that are looked at. */
	readonly lookahead: number;
	/** How often a job may be passed by. */
	readonly overtakes: number;
	/** Waiting jobs whose adapters may be held in memory for them. */
	readonly prefetch: number;
}

export interface Admission {
	readonly queue: FairQueue<Ticket>;
	readonly cache: AdapterCache;
	readonly limits: AdmitLimits;
	/** Waiting jobs that hold adapters; kept by whoever gives or takes a hold. */
	readonly holding: Set<Ticket>;
	/** Whether a place and blocks are there for it. */
	hasPlace(ticket: Ticket): boolean;
	/** Starts one that was taken from the queue; its hold, if it needs one, is ready. */
	start(ticket: Ticket): void;
	/** Ends one that was taken from the queue. */
	fail(ticket: Ticket, error: unknown): void;
	/** Changes whenever something has ended or been let go of, so that room may be there that was not. */
	readonly changes: number;
}

/** Starts and prefetches what can be. Returns how many were taken from the queue. */
export function admit(admission: Admission): number {
	const { queue, limits } = admission;
	if (queue.size === 0) return 0;
	const window: Ticket[] = [];
	for (const ticket of queue.inOrder()) {
		window.push(ticket);
		if (window.length === limits.lookahead) break;
	}
	const pass = createPass(admission, window);
	const passed: Ticket[] = [];
	let taken = 0;
	for (const [at, ticket] of window.entries()) {
		const isDue = ticket.overtaken >= limits.overtakes;
		const outcome = pass(ticket, isDue ? window.slice(at + 1) : undefined);
		if (outcome !== "waits") taken++;
		if (outcome === "started") {
			for (const other of passed) other.overtaken++;
			if (passed.some((other) => other.overtaken >= limits.overtakes)) break;
		}
		if (outcome === "waits") {
			if (isDue) break;
			passed.push(ticket);
		}
	}
	return taken;
}

/** One look at each job of the window; `behind` are the jobs behind one that is due. */
function createPass({ queue, cache, limits, holding, ...admission }: Admission, window: readonly Ticket[]) {
	const { changes } = admission;
	const wanted = new Set<AdapterSource>();
	for (const { job } of window) if (job.source !== undefined) wanted.add(job.source);
	const near = new Set(window);
	// Who came into the queue meanwhile may have pushed them back.
	for (const ticket of holding) if (!near.has(ticket)) letGo(ticket);

	function letGo(ticket: Ticket): void {
		ticket.hold?.release();
		ticket.hold = undefined;
		holding.delete(ticket);
	}

	/** Sees to it that a job holds its adapter, if it may now. */
	function prepare(ticket: Ticket, source: AdapterSource, behind: readonly Ticket[] | undefined): void {
		if (ticket.hold !== undefined) return;
		if (ticket.noRoomAt === changes) {
			// Since then only those who merely wait can make room, and only for one that is due.
			if (behind?.some(({ hold }) => hold !== undefined) !== true) return;
			for (const other of behind) letGo(other);
		}
		const isThere = cache.state(source) === "resident";
		// What is there anyway is not held before it can be used, so that a due job finds room.
		if (isThere && !admission.hasPlace(ticket)) return;
		if (!isThere && behind === undefined && holding.size >= limits.prefetch) return;
		ticket.hold = cache.hold(source, (other) => behind === undefined && other !== source && wanted.has(other));
		if (ticket.hold === undefined && behind !== undefined) {
			for (const other of behind) letGo(other);
			ticket.hold = cache.hold(source);
		}
		ticket.askedAt = changes;
		if (ticket.hold !== undefined) holding.add(ticket);
	}

	return (ticket: Ticket, behind: readonly Ticket[] | undefined): "started" | "failed" | "waits" => {
		const { source } = ticket.job;
		const fail = (error: unknown) => {
			queue.remove(ticket);
			admission.fail(ticket, error);
			return "failed" as const;
		};
		if (source !== undefined) {
			if (ticket.hold?.state === "no-room") {
				letGo(ticket);
				ticket.noRoomAt = ticket.askedAt;
			}
			try {
				prepare(ticket, source, behind);
			} catch (error) {
				return fail(error);
			}
			if (ticket.hold?.state === "failed") return fail(unavailable(source, ticket.hold.failure));
			if (ticket.hold?.state !== "ready") return "waits";
		}
		if (!admission.hasPlace(ticket)) return "waits";
		queue.take(ticket);
		holding.delete(ticket);
		admission.start(ticket);
		return "started";
	};
}

/** Its files were there when it was registered, so whoever asks for it is not at fault. */
function unavailable({ label }: AdapterSource, cause: unknown): unknown {
	if (cause instanceof ApiError) return cause;
	const why = cause instanceof Error ? cause.message : String(cause);
	return new ApiError(503, "adapter_unavailable", `the adapter ${label} cannot be read: ${why}`, {
		cause,
		param: "model",
	});
}
