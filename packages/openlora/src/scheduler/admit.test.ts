// Who starts: the bound on being passed by, counted from outside, with a cache that is far too small.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createAdapterCache } from "../adapters/adapterCache.js";
import { type Admission, admit } from "./admit.js";
import { createFairQueue } from "./fairQueue.js";
import type { Ticket } from "./job.js";
import { makeEngine, numberedSource } from "./testing/schedulerWorld.js";

const engine = makeEngine();
let drawn = 1;
const sources = Array.from({ length: 8 }, (_, i) =>
	numberedSource(i, () => {
		drawn = (drawn * 5 + 3) % 7;
		return drawn % 4;
	}),
);

test("behavior: nobody is passed by jobs behind it more often than is allowed, and everybody starts", async () => {
	const arrival = fc.record({
		number: fc.nat(9),
		tenant: fc.nat(2),
		cost: fc.integer({ min: 1, max: 40 }),
		runs: fc.integer({ min: 1, max: 6 }),
		at: fc.nat(20),
	});
	await fc.assert(
		fc.asyncProperty(
			fc.array(arrival, { minLength: 5, maxLength: 40 }),
			fc.record({
				overtakes: fc.nat(5),
				lookahead: fc.integer({ min: 1, max: 20 }),
				prefetch: fc.integer({ min: 1, max: 4 }),
			}),
			fc.integer({ min: 1, max: 4 }),
			async (arrivals, limits, places) => {
				const batch = engine.openPaged({ rows: 8, sequences: 1, cacheBytes: 1 << 16, adapterBytes: 40 * 1024 });
				const cache = createAdapterCache({ batch, bytes: 40 * 1024, now: () => 0 });
				const queue = createFairQueue<Ticket>();
				const running = new Map<Ticket, number>();
				const passedBy = new Map<Ticket, number>();
				const started: Ticket[] = [];
				const admission: Admission & { changes: number } = {
					...{ queue, cache, limits, holding: new Set(), changes: 0 },
					hasPlace: () => running.size < places,
					start(ticket) {
						expect(ticket.hold?.state).toBe(ticket.job.source === undefined ? undefined : "ready");
						running.set(ticket, arrivals[Number(ticket.job.tenant)]!.runs);
						started.push(ticket);
					},
					fail: (_, error) => expect.fail(String(error)),
				};
				const left = arrivals.map((a, i) => ({ ...a, i }));
				for (let turn = 0; started.length < arrivals.length; turn++) {
					for (const a of left.filter(({ at }) => at === turn)) {
						const source = sources[a.number]?.source;
						queue.push({
							// The job's own tenant is used to know it again.
							job: { tenant: String(a.i), prompt: [1], request: { maxTokens: 1 }, ...(source && { source }) },
							...{ tenant: String(a.tenant), cost: a.cost, blocks: 1, submittedAt: 0, overtaken: 0, hold: undefined },
							...{ askedAt: undefined, pressedAt: undefined, noRoomAt: undefined },
							...{ resolve() {}, reject: (error: unknown) => expect.fail(String(error)) },
						});
					}
					const order = [...queue.inOrder()];
					const before = started.length;
					admit(admission);
					const now = new Set(started.slice(before));
					order.forEach((ticket, at) => {
						if (now.has(ticket)) return;
						const behind = order.slice(at).filter((other) => now.has(other)).length;
						passedBy.set(ticket, (passedBy.get(ticket) ?? 0) + behind);
						expect(passedBy.get(ticket)).toBeLessThanOrEqual(limits.overtakes);
					});
					for (const [ticket, runs] of running) {
						if (runs > 1) running.set(ticket, runs - 1);
						else {
							running.delete(ticket);
							ticket.hold?.release();
							ticket.hold = undefined;
							admission.changes++;
						}
					}
					await new Promise((resolve) => setImmediate(resolve));
					expect(turn, "somebody never starts").toBeLessThan(2000);
				}
				for (const ticket of running.keys()) ticket.hold?.release();
				while (cache.isLoading()) await new Promise((resolve) => setImmediate(resolve));
				cache.close();
				expect(batch.adapterBytes().used).toBe(0);
				batch.close();
			},
		),
		{ numRuns: 60 },
	);
}, 60_000);
