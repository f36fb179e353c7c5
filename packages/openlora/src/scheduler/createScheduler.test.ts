// The scheduler over a real batch, held against the engine that answers one request after the other.

import {
	type AnswerRequest,
	type Engine,
	type Generation,
	type GenerationPiece,
	generatePieces,
} from "@openledger/llm";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createAdapterCache } from "../adapters/adapterCache.js";
import { createAdapterSource } from "../adapters/adapterSource.js";
import { createScheduler, type SchedulerLimits } from "./createScheduler.js";
import { CancelledError, type Job } from "./job.js";
import { base, makeEngine, type Numbered, numberedSource, overflowingAdapter } from "./testing/schedulerWorld.js";

const engine = makeEngine();
const slow = makeEngine();
const used = engine.machine.bytesInUse();
const turnsOf = { max: 3 };
let drawn = 0;
const numbered = Array.from({ length: 10 }, (_, i) =>
	numberedSource(i, () => (drawn = (drawn * 7 + 3) % (turnsOf.max + 1))),
);
afterAll(() => expect(engine.machine.bytesInUse() - used).toBeLessThan(64 * 2 ** 20));

const BLOCK_BYTES = 8 * base.config.layers * 16 * base.config.kvHeads * base.config.headDim;

function open(
	options: {
		sequences?: number;
		rows?: number;
		blocks?: number;
		adapterBytes?: number;
		limits?: Partial<SchedulerLimits>;
	} = {},
) {
	const { sequences = 4, rows = 16, blocks = 16, adapterBytes = 1 << 20, limits = {} } = options;
	const batch = engine.openPaged({ rows, sequences, cacheBytes: blocks * BLOCK_BYTES, adapterBytes });
	const now = () => performance.now();
	const cache = createAdapterCache({ batch, bytes: adapterBytes, now, onChange: () => scheduler.wake() });
	const scheduler = createScheduler({ base, batch, cache, now, limits });
	return {
		batch,
		cache,
		scheduler,
		end() {
			scheduler.close();
			expect(batch.freeBlocks()).toBe(batch.blocks);
			expect(cache.stats().held).toBe(0);
			cache.close();
			expect(batch.adapterBytes().used).toBe(0);
			batch.close();
		},
	};
}

const prompt = (seed: number, length: number) => Array.from({ length }, (_, i) => 1 + ((i * 37 + 11 * seed) % 250));

/** The brute-force twin. */
function alone(of: Engine, { prompt, request }: Pick<Job, "prompt" | "request">, adapter?: Numbered): Generation {
	const session = of.open(prompt.length + request.maxTokens, adapter?.adapter);
	try {
		const pieces = generatePieces(base, session, prompt, request);
		for (;;) {
			const step = pieces.next();
			if (step.done === true) return step.value;
		}
	} finally {
		session.close();
	}
}

const job = (number: number | undefined, length: number, maxTokens: number, more: Partial<Job> = {}): Job => ({
	tenant: "",
	prompt: prompt(number ?? 99, length),
	request: { maxTokens },
	...(number !== undefined && { source: numbered[number]!.source }),
	...more,
});

describe("scheduler", () => {
	test("default: answers of many adapters, ranks and none at once are those of the engine alone, to the log-probability", async () => {
		const { scheduler, end } = open({ sequences: 8, rows: 24, blocks: 32 });
		const jobs = Array.from({ length: 40 }, (_, i): [Job, Numbered | undefined] => {
			const number = i % 5 === 4 ? undefined : i % 7;
			const request: AnswerRequest = {
				maxTokens: 1 + (i % 9),
				sampling: { temperature: i % 3, topP: 0.9, seed: i, repetitionPenalty: i % 2 === 0 ? 1 : 1.2 },
				logprobs: 20,
			};
			return [
				job(number, 1 + ((i * 11) % 40), 1, { tenant: `t${i % 3}`, request }),
				number === undefined ? undefined : numbered[number],
			];
		});
		const found = await Promise.all(jobs.map(([one]) => scheduler.submit(one)));
		jobs.forEach(([one, adapter], i) => {
			expect(found[i]).toEqual(alone(slow, one, adapter));
		});
		const stats = scheduler.stats();
		expect(stats).toMatchObject({ started: 40, finished: 40, failed: 0, cancelled: 0, waiting: 0, running: 0 });
		expect(stats.generatedTokens).toBe(found.reduce((sum, { responseTokens }) => sum + responseTokens.length, 0));
		expect(stats.batchSize.counts.slice(4).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
		for (const told of [stats.firstTokenSeconds, stats.queueSeconds])
			expect(told.counts.reduce((a, b) => a + b, 0)).toBe(40);
		end();
	});

	test("behavior: a long prompt stalls nobody: others get a token in every pass while it is read in pieces", async () => {
		const { scheduler, end } = open({ sequences: 3, rows: 16, blocks: 32, limits: { chunkTokens: 4 } });
		const log: string[] = [];
		const onPiece = (name: string) => () => void log.push(name);
		const first = scheduler.submit(job(0, 3, 40, { onPiece: onPiece("short") }));
		while (log.length < 2) await new Promise((resolve) => setImmediate(resolve));
		const long = scheduler.submit(job(1, 48, 4, { onPiece: onPiece("long") }));
		await Promise.all([first, long]);
		// 48 tokens by 4 a pass: the short one said at least eleven more before the long one's first.
		expect(log.indexOf("long")).toBeGreaterThanOrEqual(2 + 11);
		end();
	});

	test("behavior: of prompts that begin alike and come at once, the beginning is read once; other weights read it anew", async () => {
		const { scheduler, end } = open({ sequences: 6, rows: 16, blocks: 40, limits: { chunkTokens: 8 } });
		const begin = prompt(5, 36);
		const jobs = [0, 0, 0, 1, undefined].flatMap((number): [Job, Numbered | undefined][] => {
			const adapter = number === undefined ? undefined : numbered[number];
			return [3, 7].map((last) => [job(number, 1, 5, { prompt: [...begin, last] }), adapter]);
		});
		const found = await Promise.all(jobs.map(([one]) => scheduler.submit(one)));
		jobs.forEach(([one, adapter], i) => {
			expect(found[i]).toEqual(alone(slow, one, adapter));
		});
		// Two blocks of the 37 tokens, by all but the first of each three.
		expect(scheduler.stats().prefixTokensHit).toBe(32 * (5 + 1 + 1));
		end();
	});

	test("behavior: cancelled while waiting, while running, from within a piece: blocks are free at once, others go on", async () => {
		const { scheduler, batch, end } = open({ sequences: 2, blocks: 8 });
		const leaving = [new AbortController(), new AbortController(), new AbortController()];
		let said = 0;
		const running = scheduler.submit(
			job(0, 5, 40, {
				signal: leaving[0]!.signal,
				onPiece() {
					if (++said === 3) leaving[0]!.abort();
				},
			}),
		);
		const other = scheduler.submit(job(1, 5, 20, { signal: leaving[1]!.signal }));
		const waiting = scheduler.submit(job(2, 5, 20, { signal: leaving[2]!.signal }));
		leaving[2]!.abort();
		await expect(waiting).rejects.toMatchObject({ status: 499, code: "cancelled", generation: undefined });
		const error = await running.catch((cause: unknown) => cause);
		expect(error).toBeInstanceOf(CancelledError);
		expect((error as CancelledError).generation!.responseTokens).toEqual(
			alone(slow, job(0, 5, 40), numbered[0]).responseTokens.slice(0, 3),
		);
		leaving[1]!.abort();
		expect(batch.freeBlocks()).toBe(batch.blocks);
		await expect(other).rejects.toBeInstanceOf(CancelledError);
		await expect(scheduler.submit(job(1, 5, 20, { signal: leaving[1]!.signal }))).rejects.toBeInstanceOf(
			CancelledError,
		);
		expect(await scheduler.submit(job(1, 5, 6))).toEqual(alone(slow, job(1, 5, 6), numbered[1]));
		expect(scheduler.stats()).toMatchObject({ cancelled: 4, finished: 1 });
		end();
	});

	test("behavior: full queues are told when to ask again, by tenant and in all; what was promised waits", async () => {
		const { scheduler, end } = open({ sequences: 1, blocks: 8, limits: { waiting: 4, perTenant: 2 } });
		const all: Promise<Generation>[] = [];
		for (let i = 0; i < 8; i++) all.push(scheduler.submit(job(undefined, 2, 2)));
		const outcomes = await Promise.allSettled(all);
		expect(outcomes.map(({ status }) => status).filter((s) => s === "rejected")).toHaveLength(6);
		const refused = outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult;
		expect(refused.reason).toMatchObject({ status: 429, code: "overloaded", message: expect.stringContaining("your") });
		expect(refused.reason.retryAfter).toBeGreaterThanOrEqual(1);
		const more = Array.from({ length: 8 }, (_, i) => scheduler.submit(job(undefined, 2, 2, { tenant: `t${i}` })));
		expect(() => scheduler.check(job(undefined, 2, 2, { tenant: "new" }))).toThrow("requests wait already");
		const promised = scheduler.submit(job(undefined, 2, 2, { tenant: "paid", isPromised: true }));
		expect((await Promise.allSettled(more)).filter(({ status }) => status === "rejected")).toHaveLength(4);
		expect((await promised).responseTokens).toHaveLength(2);
		expect(scheduler.stats().refused).toBe(11);
		end();
	});

	test("behavior: what can never be answered is refused; a failing listener or adapter fails its own request alone", async () => {
		const { scheduler, end } = open({ sequences: 4, blocks: 3 });
		await expect(scheduler.submit(job(undefined, 40, 20))).rejects.toMatchObject({ code: "context_length_exceeded" });
		const long = open({ blocks: 32 });
		await expect(long.scheduler.submit(job(undefined, 60, 6))).rejects.toMatchObject({
			code: "context_length_exceeded",
		});
		expect((await long.scheduler.submit(job(undefined, 60, 5))).promptTokens).toHaveLength(60);
		long.end();
		await expect(scheduler.submit(job(undefined, 0, 2))).rejects.toMatchObject({ status: 400 });
		const fine = scheduler.submit(job(3, 4, 5));
		const onPiece = () => {
			throw new Error("the socket is gone");
		};
		await expect(scheduler.submit(job(0, 4, 5, { onPiece }))).rejects.toThrow("the socket is gone");
		expect(await fine).toEqual(alone(slow, job(3, 4, 5), numbered[3]));
		expect(await scheduler.submit(job(undefined, 40, 9))).toEqual(alone(slow, job(undefined, 40, 9)));
		end();
	});

	test("behavior: a row that is not finite ends its own request alone; those beside it answer as if it were not there", async () => {
		const { scheduler, batch, end } = open({ sequences: 5, rows: 24, blocks: 32 });
		const bad = overflowingAdapter(0);
		const source = createAdapterSource(base, { label: "bad", read: async () => bad });
		let said = 0;
		const onPiece = () => void said++;
		const beside = [job(0, 5, 24, { onPiece }), job(1, 20, 24, { onPiece }), job(undefined, 5, 24, { onPiece })];
		const running = beside.map((one) => scheduler.submit(one));
		while (said < 6) await new Promise((resolve) => setImmediate(resolve));
		const poison = (length: number) => scheduler.submit({ ...job(undefined, length, 4), tenant: "evil", source });
		// One that fails with its first pass, and one whose prompt is read in several while the others answer.
		const outcomes = await Promise.allSettled([poison(3), poison(60)]);
		for (const outcome of outcomes)
			expect(outcome).toMatchObject({ status: "rejected", reason: { code: "not-finite" } });
		const found = await Promise.all(running);
		expect(found).toEqual(beside.map((one, i) => alone(slow, one, numbered[i === 2 ? -1 : i])));
		expect(await scheduler.submit(job(0, 5, 6))).toEqual(alone(slow, job(0, 5, 6), numbered[0]));
		expect(scheduler.stats()).toMatchObject({ finished: 4, failed: 2, blocksPromised: 0 });
		expect(batch.freeBlocks()).toBe(batch.blocks);
		end();
	});

	test("behavior: a request that cannot begin leaves nothing behind", async () => {
		const { scheduler, batch, end } = open();
		const request = { maxTokens: 3, sampling: null } as unknown as AnswerRequest;
		await expect(scheduler.submit(job(0, 5, 3, { request }))).rejects.toThrow(TypeError);
		expect([scheduler.stats().failed, batch.freeBlocks()]).toEqual([1, batch.blocks]);
		// `end` looks at the adapter too: while a sequence is open with it, it cannot be freed.
		end();
	});

	test("behavior: draining takes nothing new and ends what was taken, what waits too; closing ends it", async () => {
		const { scheduler, end } = open({ sequences: 1, blocks: 8 });
		const taken = [scheduler.submit(job(0, 3, 4)), scheduler.submit(job(1, 3, 4))];
		const drained = scheduler.drain();
		await expect(scheduler.submit(job(0, 3, 4))).rejects.toMatchObject({ status: 503, code: "draining" });
		await drained;
		for (const one of taken) expect((await one).responseTokens.length).toBeGreaterThan(0);
		await scheduler.drain();
		end();
		const closed = open({ sequences: 1, blocks: 8 });
		const left = [closed.scheduler.submit(job(0, 3, 4)), closed.scheduler.submit(job(1, 3, 4))];
		closed.scheduler.close();
		for (const one of left) await expect(one).rejects.toMatchObject({ code: "closed" });
		closed.end();
	});

	test("behavior: sockets live: others have a turn between any two passes, and the delay is measured", async () => {
		const { scheduler, end } = open();
		let turns = 0;
		let goesOn = true;
		const other = (): void => {
			turns++;
			if (goesOn) setImmediate(other);
		};
		other();
		await scheduler.submit(job(0, 3, 30));
		goesOn = false;
		expect(turns).toBeGreaterThanOrEqual(30);
		const { steps, stepSeconds, turnSeconds } = scheduler.stats();
		expect(stepSeconds.counts.reduce((a, b) => a + b, 0)).toBe(steps);
		expect(turnSeconds.counts.reduce((a, b) => a + b, 0)).toBe(steps - 1);
		end();
	});

	test("behavior: a tenant with one request is not kept waiting by one with a hundred", async () => {
		const { scheduler, end } = open({ sequences: 2, blocks: 8 });
		const order: string[] = [];
		const one = (tenant: string) => scheduler.submit(job(undefined, 4, 4, { tenant })).then(() => order.push(tenant));
		const all = Array.from({ length: 100 }, () => one("many"));
		await new Promise((resolve) => setImmediate(resolve));
		all.push(one("few"));
		await Promise.all(all);
		expect(order.indexOf("few")).toBeLessThan(6);
		end();
	});

	test("behavior: whatever comes, leaves and overflows the cache: the same answers, nothing lost, nothing leaked", async () => {
		const arrival = fc.record({
			number: fc.nat(13),
			length: fc.integer({ min: 1, max: 30 }),
			maxTokens: fc.integer({ min: 1, max: 12 }),
			temperature: fc.nat(2),
			tenant: fc.nat(3),
			turns: fc.nat(4),
			cancelAt: fc.option(fc.nat(8), { freq: 3 }),
			stop: fc.boolean(),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.array(arrival, { minLength: 5, maxLength: 40 }),
				fc.record({
					sequences: fc.integer({ min: 1, max: 6 }),
					blocks: fc.integer({ min: 3, max: 12 }),
					chunkTokens: fc.integer({ min: 1, max: 16 }),
					overtakes: fc.integer({ min: 0, max: 4 }),
					prefetch: fc.integer({ min: 1, max: 6 }),
					lookahead: fc.integer({ min: 1, max: 12 }),
					adapterKib: fc.integer({ min: 24, max: 64 }),
				}),
				async (arrivals, { sequences, blocks, adapterKib, ...limits }) => {
					const { scheduler, end } = open({ sequences, blocks, adapterBytes: adapterKib * 1024, limits });
					const outcomes = arrivals.map(async (a, i) => {
						const adapter = a.number < numbered.length ? numbered[a.number] : undefined;
						const leaving = new AbortController();
						const pieces: GenerationPiece[] = [];
						const request: AnswerRequest = {
							maxTokens: a.maxTokens,
							sampling: { temperature: a.temperature, topP: 1, seed: i },
							...(a.stop && { stop: ["e", " t"] }),
						};
						const one = job(adapter && a.number, a.length, 1, {
							tenant: `t${a.tenant}`,
							request,
							signal: leaving.signal,
							onPiece: (piece) => {
								pieces.push(piece);
								if (pieces.length === a.cancelAt) leaving.abort();
							},
						});
						if (a.cancelAt === 0) setImmediate(() => leaving.abort());
						const expected = alone(slow, one, adapter);
						for (let left = a.turns * i; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
						try {
							const found = await scheduler.submit(one);
							expect(found).toEqual(expected);
							expect(pieces.map(({ text }) => text).join("")).toBe(found.text);
						} catch (error) {
							if (!(error instanceof CancelledError)) throw error;
							const had = error.generation?.responseTokens ?? [];
							expect(had).toEqual(expected.responseTokens.slice(0, had.length));
							expect(a.cancelAt).not.toBeNull();
						}
					});
					await Promise.all(outcomes);
					await scheduler.drain();
					const { waiting, running, blocksPromised, finished, cancelled, failed } = scheduler.stats();
					expect({ waiting, running, blocksPromised, failed }).toEqual({
						waiting: 0,
						running: 0,
						blocksPromised: 0,
						failed: 0,
					});
					expect(finished + cancelled).toBe(arrivals.length);
					end();
				},
			),
			{ numRuns: 15 },
		);
	}, 60_000);
});
