// Continuous batching: requests of all tenants, adapters and ranks, and those of the base alone, in one batch that changes with every token.
// One pass over the model, then one turn of the event loop, so that sockets live. It must not know names, prompts' texts or money.

import { createContinuation, type Generation, type PagedSequence } from "@openledger/llm";
import { ApiError } from "../errors.js";
import { type Admission, admit } from "./admit.js";
import { beginsAlike } from "./beginsAlike.js";
import { createCompletionRate } from "./completionRate.js";
import { createFairQueue } from "./fairQueue.js";
import { CancelledError, type Job, type Running, type Ticket } from "./job.js";
import { planStep } from "./planStep.js";
import { refuse } from "./refuse.js";
import { createMeasures } from "./schedulerMeasures.js";
import { SCHEDULER_LIMITS, type Scheduler, type SchedulerLimits, type SchedulerOptions } from "./schedulerOptions.js";
import { stepShares } from "./stepShares.js";

export {
	SCHEDULER_LIMITS,
	type Scheduler,
	type SchedulerLimits,
	type SchedulerOptions,
	type SchedulerStats,
} from "./schedulerOptions.js";

/** Of the time of a pass: how long those who run may wait for adapters to be read. */
const READING_SHARE = 0.25;

/** The batch and the cache stay the caller's, to be closed after it. */
export function createScheduler({ base, batch, cache, limits: asked, now }: SchedulerOptions): Scheduler {
	const limits: SchedulerLimits = { ...SCHEDULER_LIMITS, prefetch: batch.sequences, ...asked };
	const queue = createFairQueue<Ticket>();
	const running = new Set<Running>();
	const rate = createCompletionRate();
	const measures = createMeasures(batch.sequences);
	let looping = false;
	let goingDown: "draining" | "closed" | undefined;
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
		hasPlace: (ticket) =>
			running.size < batch.sequences &&
			batch.freeBlocks() - promised() >= ticket.blocks &&
			!(ticket.overtaken < limits.overtakes && isBeingRead(ticket.job)),
		start,
		fail: (ticket, error) => end(ticket, () => ticket.reject(error), "failed"),
	};

	/** Whether somebody reads the same beginning now: in a moment it is in the cache, and need not be read again. */
	function isBeingRead(job: Job): boolean {
		for (const { next, ticket } of running)
			if (next === undefined && beginsAlike(job, ticket.job, batch.blockTokens)) return true;
		return false;
	}

	function start(ticket: Ticket): void {
		const { source, prompt, request } = ticket.job;
		const began = now();
		let sequence: PagedSequence | undefined;
		try {
			sequence = batch.open(prompt, ticket.hold?.resident);
			const answer = createContinuation(base, prompt, request);
			running.add({ ticket, sequence, answer, next: undefined, lastTokenAt: began });
			measures.started(prompt.length, (began - ticket.submittedAt) / 1000);
			if (source !== undefined) cache.used(source);
		} catch (error) {
			sequence?.close();
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
		const outcomes = stepShares(batch, shares);
		const rows = shares.reduce((sum, { tokens }) => sum + tokens.length, 0);
		lastStepMs = now() - began;
		measures.stepped(shares.length, rows, lastStepMs / 1000);
		shares.forEach(({ running: it }, i) => {
			const outcome = outcomes[i]!;
			if (!running.has(it)) return;
			try {
				if ("error" in outcome) throw outcome.error;
				if (outcome.logits !== undefined) takeLogits(it, outcome.logits);
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

	function refusal(job: Job): ApiError | undefined {
		const own = queue.sizeOf(job.tenant);
		const found = refuse(job, { base, batch, cache, limits, own, waiting: queue.size, rate, now: now(), goingDown });
		if (found?.status === 429) measures.refused();
		return found;
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
			goingDown ??= "draining";
			if (queue.size + running.size === 0) return Promise.resolve();
			return new Promise((resolve) => {
				drained.push(resolve);
			});
		},
		close() {
			goingDown = "closed";
			const error = new ApiError(503, "closed", "this server is going down; ask again later", { retryAfter: 5 });
			for (const ticket of [...queue.inOrder()]) {
				queue.remove(ticket);
				end(ticket, () => ticket.reject(error), "failed");
			}
			for (const it of [...running]) stop(it, () => it.ticket.reject(error), "failed");
		},
	};
}
