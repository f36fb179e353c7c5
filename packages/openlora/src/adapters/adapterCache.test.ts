// The cache over a real batch's adapter pool: who stays, who goes, who waits, and that no byte is lost.

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { base, makeEngine, numberedAdapter, numberedSource } from "../scheduler/testing/schedulerWorld.js";
import { createAdapterCache, type Hold } from "./adapterCache.js";
import { createAdapterSource } from "./adapterSource.js";

const engine = makeEngine();
const sources = Array.from({ length: 12 }, (_, i) => numberedSource(i, () => i % 3));
const sizing = engine.openPaged({ rows: 8, sequences: 2, cacheBytes: 1 << 16 });
const bytesOf = sources.map(({ adapter }) => sizing.residentBytes(adapter));
afterAll(() => sizing.close());

function open(budget: number) {
	const batch = engine.openPaged({ rows: 8, sequences: 2, cacheBytes: 1 << 16, adapterBytes: budget });
	let time = 0;
	const cache = createAdapterCache({ batch, bytes: budget, now: () => time });
	return {
		batch,
		cache,
		/** Milliseconds. */
		pass: (ms: number) => {
			time += ms;
		},
		async ready(number: number): Promise<Hold> {
			const hold = cache.hold(sources[number]!.source)!;
			await hold.settled;
			return hold;
		},
		end() {
			cache.close();
			expect(batch.adapterBytes().used).toBe(0);
			batch.close();
		},
	};
}
/** Room for these and a little for holes. */
const roomFor = (...numbers: number[]) => numbers.reduce((sum, n) => sum + bytesOf[n]! + 64, 0);

describe("adapter cache", () => {
	test("default: one load for all who wait; then it is there, and goes as the least recently used", async () => {
		const { cache, batch, ready, end } = open(roomFor(0, 4));
		const before = sources[0]!.reads;
		const holds = Array.from({ length: 20 }, () => cache.hold(sources[0]!.source)!);
		expect(cache.state(sources[0]!.source)).toBe("loading");
		await Promise.all(holds.map(({ settled }) => settled));
		expect(sources[0]!.reads - before).toBe(1);
		expect(new Set(holds.map(({ resident }) => resident)).size).toBe(1);
		for (const hold of holds) hold.release();
		(await ready(4)).release();
		(await ready(0)).release();
		// The fourth was used longer ago than the first.
		(await ready(8)).release();
		expect([0, 4, 8].map((n) => cache.state(sources[n]!.source))).toEqual(["resident", "on-disk", "resident"]);
		expect(cache.stats()).toMatchObject({ hits: 1, misses: 22, loads: 3, evictions: 1, resident: 2, held: 0 });
		expect(cache.stats().bytes).toBe(batch.adapterBytes().used);
		expect(cache.stats().loadSeconds.counts.reduce((sum, n) => sum + n, 0)).toBe(3);
		end();
	});

	test("behavior: what is held, pinned or spared stays, and who finds no room throws nothing out", async () => {
		const { cache, ready, end } = open(roomFor(0, 4, 8));
		const held = await ready(0);
		(await ready(4)).release();
		cache.pin(sources[4]!.source, true);
		(await ready(8)).release();
		const isSpared = (source: unknown) => source === sources[8]!.source;
		const states = () => [0, 4, 8].map((n) => cache.state(sources[n]!.source));
		const [known, unknown] = [numberedSource(16), numberedSource(20)];
		await known.source.load();
		expect(cache.hold(known.source, isSpared)).toBeUndefined();
		// Of one whose size nobody knows, the read tells it.
		const tried = cache.hold(unknown.source, isSpared)!;
		await tried.settled;
		expect(tried.state).toBe("no-room");
		tried.release();
		expect(cache.hold(unknown.source, isSpared)).toBeUndefined();
		expect([states(), cache.stats().evictions]).toEqual([["resident", "resident", "resident"], 0]);
		const there = cache.hold(known.source)!;
		await there.settled;
		expect([there.state, states()]).toEqual(["ready", ["resident", "resident", "on-disk"]]);
		there.release();
		held.release();
		cache.pin(sources[4]!.source, false);
		end();
	});

	test("behavior: what can never fit is refused, and pins leave a quarter to the others", async () => {
		const { cache, ready, end } = open(roomFor(0, 4));
		const large = createAdapterSource(base, { label: "large", read: () => Promise.reject(new Error()), bytes: 1e9 });
		expect(() => cache.hold(large)).toThrow(expect.objectContaining({ code: "adapter_too_large", status: 503 }));
		(await ready(0)).release();
		(await ready(4)).release();
		cache.pin(sources[0]!.source, true);
		expect(() => cache.pin(sources[4]!.source, true)).toThrow(expect.objectContaining({ code: "no_room_to_pin" }));
		expect(cache.isPinned(sources[4]!.source)).toBe(false);
		end();
	});

	test("behavior: a failed read is told to all who wait for it, and the next one reads again", async () => {
		const { cache, end } = open(roomFor(0, 4));
		let isBroken = true;
		const read = async () => {
			if (isBroken) throw new Error("the disk is gone");
			return numberedAdapter(0);
		};
		const source = createAdapterSource(base, { label: "flaky", read });
		const holds = [cache.hold(source)!, cache.hold(source)!];
		await holds[1]!.settled;
		expect(holds.map(({ state, failure }) => [state, String(failure)])).toEqual([
			["failed", "Error: the disk is gone"],
			["failed", "Error: the disk is gone"],
		]);
		for (const hold of holds) hold.release();
		expect(cache.state(source)).toBe("on-disk");
		isBroken = false;
		const again = cache.hold(source)!;
		await again.settled;
		expect(again.state).toBe("ready");
		again.release();
		expect(cache.stats()).toMatchObject({ loadFailures: 1, loads: 1 });
		end();
	});

	test("behavior: equal content under two names is one copy; dropped while held it stays until let go", async () => {
		const { cache, batch, ready, end } = open(roomFor(0, 4));
		const twin = createAdapterSource(base, { label: "twin", read: () => Promise.resolve(numberedAdapter(0)) });
		const first = await ready(0);
		const used = batch.adapterBytes().used;
		const second = cache.hold(twin)!;
		await second.settled;
		expect(second.resident).toBe(first.resident);
		expect(batch.adapterBytes().used).toBe(used);
		cache.drop(first.source);
		first.release();
		expect(batch.adapterBytes().used).toBe(used);
		cache.drop(twin);
		expect(second.state).toBe("ready");
		second.release();
		expect(batch.adapterBytes().used).toBe(0);
		end();
	});

	test("behavior: other files than those that were read once are not served", async () => {
		let number = 0;
		const source = createAdapterSource(base, { label: "moving", read: async () => numberedAdapter(number) });
		await source.load();
		expect(source).toMatchObject({ rank: 4, bytes: expect.any(Number), digest: numberedAdapter(0).digest });
		number = 4;
		await expect(source.load()).rejects.toMatchObject({ code: "adapter_changed", status: 409 });
		const { digest } = numberedAdapter(1);
		const stated = createAdapterSource(base, { label: "stated", read: async () => numberedAdapter(0), digest });
		await expect(stated.load()).rejects.toMatchObject({ code: "adapter_changed" });
	});

	test("behavior: what is still being read when all is closed touches the memory no more", async () => {
		const { cache, batch } = open(roomFor(0, 4));
		const hold = cache.hold(numberedSource(24, () => 3).source)!;
		cache.close();
		batch.close();
		const next = engine.openPaged({ rows: 8, sequences: 2, cacheBytes: 1 << 16, adapterBytes: roomFor(0, 4) });
		await hold.settled;
		expect([hold.state, (hold.failure as { code: string }).code]).toEqual(["failed", "closed"]);
		expect(next.adapterBytes().used).toBe(0);
		hold.release();
		next.close();
	});

	test("behavior: the working set is what was used in the last minute", async () => {
		const { cache, pass, end } = open(roomFor(0, 4));
		for (const n of [0, 1, 2]) cache.used(sources[n]!.source);
		pass(40_000);
		cache.used(sources[1]!.source);
		expect(cache.stats().workingSet).toBe(3);
		pass(30_000);
		expect(cache.stats().workingSet).toBe(1);
		end();
	});

	test("behavior: whatever is asked in whatever order, held ones are there, the budget holds and no byte is lost", async () => {
		const action = fc.oneof(
			fc.record({ kind: fc.constant("hold" as const), number: fc.nat(11), due: fc.boolean() }),
			fc.record({ kind: fc.constant("release" as const), at: fc.nat(30) }),
			fc.record({ kind: fc.constant("drop" as const), number: fc.nat(11) }),
			fc.record({ kind: fc.constant("wait" as const) }),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(action, { minLength: 10, maxLength: 60 }),
				fc.integer({ min: 1, max: 5 }),
				async (actions, size) => {
					const budget = Math.max(...bytesOf) * size + 64;
					const { cache, batch, end } = open(budget);
					const holds: Hold[] = [];
					const check = () => {
						expect(batch.adapterBytes().used).toBeLessThanOrEqual(budget);
						for (const hold of holds) if (hold.state === "ready") expect(cache.state(hold.source)).not.toBe("on-disk");
					};
					for (const one of actions) {
						if (one.kind === "hold") {
							const hold = cache.hold(sources[one.number]!.source, () => !one.due);
							if (hold !== undefined) holds.push(hold);
						} else if (one.kind === "release") holds.splice(one.at % (holds.length + 1), 1)[0]?.release();
						else if (one.kind === "drop") cache.drop(sources[one.number]!.source);
						else await new Promise((resolve) => setImmediate(resolve));
						check();
					}
					await Promise.all(holds.map(({ settled }) => settled));
					for (const hold of holds) {
						expect(["ready", "no-room"]).toContain(hold.state);
						if (hold.state === "ready") expect(hold.resident!.bytes).toBeGreaterThan(0);
					}
					check();
					for (const hold of holds) hold.release();
					expect(cache.stats().held).toBe(0);
					while (cache.isLoading()) await new Promise((resolve) => setImmediate(resolve));
					expect(cache.stats().bytes).toBe(batch.adapterBytes().used);
					end();
				},
			),
			{ numRuns: 60 },
		);
	});
});
