// Continuous batching: requests of all tenants, adapters and ranks, and those of the base alone, in one batch that changes with every token.
// One pass over the model, then one turn of the event loop, so that sockets live. It must not know names, prompts' texts or money.

import { createContinuation, type GenerateBase, type Generation, type PagedBatch } from "@openledger/llm";
import type { AdapterCache } from "../adapters/adapterCache.js";
import { ApiError } from "../errors.js";
import { type Admission, admit } from "./admit.js";
import { createCompletionRate } from "./completionRate.js";
import { createFairQueue } from "./fairQueue.js";
import { CancelledError, type Job, type Running, type Ticket } from "./job.js";
import { planStep } from "./planStep.js";
import { createMeasures, type SchedulerMeasures } from "./schedulerMeasures.js";

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

/** Of the time of a pass: how long those who run may wait for adapters to be read. */
const READING_SHARE = 0.25;

export interface SchedulerOptions {
	readonly base: GenerateBase;
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

/** The batch and the cache stay the caller's, to be closed after it. */
export function createScheduler({ base, batch, cache, limits: asked, now }: SchedulerOptions): Scheduler {
	const limits: SchedulerLimits = { ...SCHEDULER_LIMITS, prefetch: batch.sequences, ...asked };
	const queue = createFairQueue<Ticket>();
	const running = new Set<Running>();
	const rate = createCompletionRate();
	const measures = createMeasures(batch.sequences);
	let looping = false;
	let refusing: "draining" | "closed" | undefined;
	let drained: (() => void)[] = [];
	let turnEndedAt: number | undefined;
	let lastStepMs = 0;
	let changes = 0;

	function promised(): number {
		let blocks = 0;
		for (const { ticket, sequence } of running) blocks += Math.max(0, ticket.blocks - sequence.blocks);
		return blocks;
	}

	const admission: Admission = {
		queue,
		cache,
		limits,
		holding: new Set(),
		get changes() {
			return changes;
		},
		hasPlace: ({ blocks }) => running.size < batch.sequences && batch.freeBlocks() - promised() >= blocks,
		start,
		fail: (ticket, error) => end(ticket, () => ticket.reject(error), "failed"),
	};

	function start(ticket: Ticket): void {
		const { source, prompt, request } = ticket.job;
		const began = now();
		try {
			const sequence = batch.open(prompt, ticket.hold?.resident);
			const answer = createContinuation(base, prompt, request);
			running.add({ ticket, sequence, answer, next: undefined, lastTokenAt: began });
			measures.started(prompt.length, (began - ticket.submittedAt) / 1000);
			if (source !== undefined) cache.used(source);
		} catch (error) {
			end(ticket, () => ticket.reject(error), "failed");
		}
	}

	/** After it nothing is kept for the job. */
	function end(ticket: Ticket, settle: () => void, how: "finished" | "failed" | "cancelled"): void {
		ticket.hold?.release();
		ticket.hold = undefined;
		admission.holding.delete(ticket);
		changes++;
		measures.ended(how);
		settle();
		if (queue.size + running.size === 0) {
			for (const resolve of drained) resolve();
			drained = [];
		}
	}

	function stop(it: Running, settle: () => void, how: "finished" | "failed" | "cancelled"): void {
		running.delete(it);
		it.sequence.close();
		end(it.ticket, settle, how);
	}

	function takeLogits(it: Running, logits: Float32Array): void {
		const { ticket, answer } = it;
		const at = now();
		if (answer.count === 0) measures.firstToken((at - ticket.submittedAt) / 1000);
		else measures.nextToken((at - it.lastTokenAt) / 1000);
		it.lastTokenAt = at;
		const before = answer.count;
		const { pieces, next } = answer.take(logits);
		it.next = next;
		measures.generated(answer.count - before);
		for (const piece of pieces) {
			ticket.job.onPiece?.(piece);
			// Whoever is told may have cancelled.
			if (!running.has(it)) return;
		}
		if (!answer.ended) return;
		rate.ended(at);
		stop(it, () => ticket.resolve(answer.result()), "finished");
	}

	function step(): void {
		const shares = planStep([...running], { rows: batch.rows, chunkTokens: limits.chunkTokens });
		const began = now();
		let logits: readonly (Float32Array | undefined)[];
		try {
			logits = batch.step(shares.map(({ running: { sequence }, ...rest }) => ({ sequence, ...rest })));
		} catch (error) {
			// Nothing was taken, and who is at fault cannot be told: none of them can go on.
			for (const { running: it } of shares) stop(it, () => it.ticket.reject(error), "failed");
			return;
		}
		const rows = shares.reduce((sum, { tokens }) => sum + tokens.length, 0);
		lastStepMs = now() - began;
		measures.stepped(shares.length, rows, lastStepMs / 1000);
		shares.forEach(({ running: it }, i) => {
			const own = logits[i];
			if (own === undefined || !running.has(it)) return;
			try {
				takeLogits(it, own);
			} catch (error) {
				if (running.has(it)) stop(it, () => it.ticket.reject(error), "failed");
			}
		});
	}

	function turn(): void {
		if (turnEndedAt !== undefined) measures.turned((now() - turnEndedAt) / 1000);
		const taken = admit(admission);
		if (running.size > 0) step();
		else if (taken === 0 && queue.size > 0 && !cache.isLoading()) pressFirst();
		// While only loads are waited for, the loads wake it.
		looping = running.size > 0 || (queue.size > 0 && !cache.isLoading());
		turnEndedAt = looping ? now() : undefined;
		if (looping) setImmediate(mayRead() ? read : turn, now());
	}

	/** Whether an adapter that is being loaded could run beside the others. */
	const mayRead = () => cache.isLoading() && running.size < batch.sequences;

	/** Turns of the event loop alone: a load takes several, and one between two passes would make it wait for as many passes. */
	function read(since: number): void {
		if (mayRead() && now() - since < lastStepMs * READING_SHARE) setImmediate(read, since);
		else turn();
	}

	/** Nothing runs, nothing is being loaded, and still nobody could start: the first may take all there is, or it has no way to. */
	function pressFirst(): void {
		const first = queue.inOrder().next().value;
		if (first === undefined) return;
		if (first.pressedAt !== changes) {
			first.pressedAt = changes;
			first.overtaken = Math.max(first.overtaken, limits.overtakes);
			first.noRoomAt = undefined;
			return;
		}
		queue.remove(first);
		const message = `there is no room for the adapter ${first.job.source?.label}; unpin others, or give the cache more bytes`;
		const error = new ApiError(503, "adapter_unavailable", message, { param: "model", retryAfter: 5 });
		end(first, () => first.reject(error), "failed");
	}

	function wake(): void {
		if (looping || queue.size + running.size === 0) return;
		looping = true;
		setImmediate(turn);
	}

	function refusal({ tenant, prompt, request, source, isPromised }: Job): unknown {
		if (refusing !== undefined)
			return new ApiError(503, refusing, "this server is going down; ask again later", { retryAfter: 5 });
		const places = batch.blocks * batch.blockTokens;
		const wanted = prompt.length + request.maxTokens - 1;
		if (prompt.length === 0) return new ApiError(400, "invalid_value", "the prompt is empty", { param: "prompt" });
		if (wanted > places) {
			const message = `the prompt has ${prompt.length} tokens and max_tokens is ${request.maxTokens}; the cache holds ${places} together`;
			return new ApiError(400, "context_length_exceeded", message, { param: "messages" });
		}
		try {
			if (source !== undefined) cache.check(source);
		} catch (error) {
			return error;
		}
		const own = queue.sizeOf(tenant);
		if (isPromised === true || (queue.size < limits.waiting && own < limits.perTenant)) return undefined;
		measures.refused();
		const retryAfter = rate.secondsFor(queue.size + 1, now());
		const message =
			own < limits.perTenant
				? `${queue.size} requests wait already; ask again in ${retryAfter} seconds`
				: `${own} of your requests wait already; ask again in ${retryAfter} seconds`;
		return new ApiError(429, "overloaded", message, { retryAfter });
	}

	function submit(job: Job): Promise<Generation> {
		const { signal, prompt, request, tenant } = job;
		if (signal?.aborted === true) {
			measures.ended("cancelled");
			return Promise.reject(new CancelledError(undefined, signal.reason));
		}
		const refused = refusal(job);
		if (refused !== undefined) return Promise.reject(refused);
		const cost = prompt.length + request.maxTokens;
		return new Promise((resolve, reject) => {
			const onAbort = () => cancel(ticket);
			const settled = () => signal?.removeEventListener("abort", onAbort);
			const ticket: Ticket = {
				...{ job, tenant, cost },
				// The last token is never taken.
				blocks: Math.ceil((cost - 1) / batch.blockTokens),
				...{ submittedAt: now(), overtaken: 0, hold: undefined },
				...{ askedAt: undefined, pressedAt: undefined, noRoomAt: undefined },
				resolve(generation) {
					settled();
					resolve(generation);
				},
				reject(error) {
					settled();
					reject(error);
				},
			};
			signal?.addEventListener("abort", onAbort, { once: true });
			queue.push(ticket);
			wake();
		});
	}

	function cancel(ticket: Ticket): void {
		const cause = ticket.job.signal?.reason;
		if (queue.remove(ticket)) {
			end(ticket, () => ticket.reject(new CancelledError(undefined, cause)), "cancelled");
			return;
		}
		for (const it of running) {
			if (it.ticket !== ticket) continue;
			it.answer.finish();
			const error = new CancelledError(it.answer.result(), cause);
			stop(it, () => ticket.reject(error), "cancelled");
			return;
		}
	}

	return {
		submit,
		check(job) {
			const refused = refusal(job);
			if (refused !== undefined) throw refused;
		},
		wake,
		stats() {
			const { hits, misses } = batch.prefix();
			return {
				...measures.data(),
				waiting: queue.size,
				running: running.size,
				waitingTenants: queue.tenants,
				blocks: batch.blocks,
				blocksFree: batch.freeBlocks(),
				blocksPromised: promised(),
				prefixTokensHit: hits,
				prefixTokensMissed: misses,
			};
		},
		drain() {
			refusing ??= "draining";
			if (queue.size + running.size === 0) return Promise.resolve();
			return new Promise((resolve) => {
				drained.push(resolve);
			});
		},
		close() {
			refusing = "closed";
			const error = new ApiError(503, "closed", "this server is going down; ask again later", { retryAfter: 5 });
			for (const ticket of [...queue.inOrder()]) {
				queue.remove(ticket);
				end(ticket, () => ticket.reject(error), "failed");
			}
			for (const it of [...running]) stop(it, () => it.ticket.reject(error), "failed");
		},
	};
}
