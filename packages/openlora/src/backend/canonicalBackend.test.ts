import { createEngine, readAdapter, tinyAdapter, tinyBase, writeAdapterConfig } from "@openledger/llm";
import { describe, expect, test } from "vitest";
import type { ChatOrder } from "../chat/chatOrder.js";
import { numberedAdapter } from "../scheduler/testing/schedulerWorld.js";
import type { Order } from "./backend.js";
import { createCanonicalBackend, generateCanonically } from "./canonicalBackend.js";
import { answerRequest, promptOf } from "./canonicalOrder.js";

const base = tinyBase();
const engine = createEngine(base);
const { config, model } = tinyAdapter(base);
const backend = createCanonicalBackend(engine, { id: "tiny", owner: "us" });
const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), model);
backend.serve({ id: "tiny-1", adapter, created: 1, owner: "us" });

const order = (content: string): ChatOrder => ({
	model: "tiny-1",
	messages: [{ role: "user", content }],
	maxTokens: 4,
	temperaturePpm: 0,
	topPPpm: 1_000_000,
	seed: 0,
});

describe("canonical backend", () => {
	test("default: counts a prompt as the engine reads it", () => {
		const { promptTokens } = engine.generate({ messages: order("Peru?").messages, maxTokens: 1 }, adapter);
		expect(backend.countPrompt(order("Peru?"))).toBe(promptTokens.length);
	});

	test("behavior: an order's sampling and stop strings reach the engine", async () => {
		const asked = { ...order("Peru?"), temperaturePpm: 1_500_000, seed: 3 };
		const more = { topK: 9, minPPpm: 20_000, repetitionPenaltyPpm: 1_300_000 };
		const sampling = { temperature: 1.5, topP: 1, seed: 3, topK: 9, minP: 0.02, repetitionPenalty: 1.3 };
		const { messages, maxTokens } = asked;
		const found = await backend.generate({ ...asked, ...more });
		expect(found).toEqual(engine.generate({ messages, maxTokens, sampling }, adapter));
		expect(found.responseTokens).not.toEqual((await backend.generate(asked)).responseTokens);
		const stop = [found.text.slice(0, 1)];
		expect(await backend.generate({ ...asked, ...more, stop })).toMatchObject({ text: "", finishReason: "stop" });
	});

	test("behavior: what cannot fit is refused, and without being encoded when its bytes say so", () => {
		const refused = (content: string) => {
			try {
				backend.countPrompt(order(content));
			} catch (error) {
				return error as { code: string; message: string };
			}
			return undefined;
		};
		expect(refused("a b ".repeat(40))).toMatchObject({ code: "context_length_exceeded" });
		const from = performance.now();
		for (let i = 0; i < 20; i++) expect(refused("q".repeat(60_000))?.message).toContain("at least");
		// Encoding them would take seconds; the margin is wide, since other work may share the machine.
		expect(performance.now() - from).toBeLessThan(1000);
	});

	test("behavior: the base and unknown names are refused by name, the base only where it is not served", async () => {
		const beneath = createCanonicalBackend(engine, { id: "tiny", owner: "us", serveBase: false });
		beneath.serve({ id: "tiny-1", adapter, created: 1, owner: "us" });
		expect(() => beneath.countPrompt({ ...order("x"), model: "tiny" })).toThrow("tiny-1");
		await expect(beneath.generate({ ...order("x"), model: "tiny" })).rejects.toMatchObject({
			code: "model_not_served",
		});
		expect(beneath.models().map(({ id, served }) => [id, served])).toEqual([
			["tiny", false],
			["tiny-1", true],
		]);
		expect(backend.countPrompt({ ...order("x"), model: "tiny" })).toBeGreaterThan(0);
		expect(() => backend.countPrompt({ ...order("x"), model: "other" })).toThrow('no model "other"');
	});

	test("behavior: alone, in a full batch and after evictions, equal orders get equal answers and logits", async () => {
		const numbers = [0, 1, 2, 3, 4, 5, 6, 7];
		const adapters = numbers.map(numberedAdapter);
		const reads = numbers.map(() => 0);
		// Room for two or three of the eight.
		const serving = createCanonicalBackend(engine, { id: "tiny", owner: "us", adapterBytes: 60 * 1024 });
		serving.register(
			numbers.map((n) => ({
				...{ id: `a${n}`, owner: "us", created: n },
				load: async () => {
					reads[n]!++;
					return adapters[n]!;
				},
			})),
		);
		const orders = Array.from({ length: 96 }, (_, i): Order => {
			const n = (i * 5) % 9;
			const settings = {
				model: n === 8 ? "tiny" : `a${n}`,
				maxTokens: 2 + (i % 11),
				temperaturePpm: (i % 3) * 700_000,
				topPPpm: i % 2 === 0 ? 1_000_000 : 850_000,
				seed: i,
				...(i % 4 === 1 && { stop: ["e", " t"] }),
				...(i % 5 === 2 && { topK: 12, repetitionPenaltyPpm: 1_200_000 }),
			};
			const text = ["Peru?", "What is the capital of Peru?", "One and two", "The river runs to"][i % 4]!;
			return i % 3 === 2 ? { ...settings, prompt: text } : { ...settings, messages: [{ role: "user", content: text }] };
		});
		const adapterOf = ({ model }: Order) => (model === "tiny" ? undefined : adapters[Number(model.slice(1))]);
		/** All that the engine knows of an answer, as the logits of every token decide it. */
		const truth = orders.map((one) => engine.generate({ ...promptOf(one), ...answerRequest(one, 20) }, adapterOf(one)));
		orders.forEach((one, i) => {
			const { text, responseTokens, finishReason } = generateCanonically(engine, one, adapterOf(one));
			expect(truth[i]).toMatchObject({ text, responseTokens, finishReason });
		});
		const asked = (one: Order, i: number) => serving.generate(one, { logprobs: 20, tenant: `t${i % 4}` });
		for (const [i, one] of orders.slice(0, 12).entries()) expect(await asked(one, i)).toEqual(truth[i]);
		const full = await Promise.all(orders.map(asked));
		expect(full).toEqual(truth);
		const { evictionsTotal, missesTotal } = serving.stats().adapters!;
		expect(evictionsTotal).toBeGreaterThan(8);
		expect(missesTotal).toBeGreaterThan(8);
		expect(Math.min(...reads)).toBeGreaterThan(1);
		const again = await Promise.all([...orders].reverse().map(asked));
		expect(again.reverse()).toEqual(truth);
		const stats = serving.schedulerStats()!;
		expect(stats.batchSize.counts.slice(-3).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
		expect([stats.blocksPromised, stats.failed]).toEqual([0, 0]);
		await serving.drain();
		await serving.close();
	});

	test("behavior: ten thousand names cost little, and asking for one of them reads one", async () => {
		const many = createCanonicalBackend(engine, { id: "tiny", owner: "us" });
		let reads = 0;
		const load = async () => {
			reads++;
			return adapter;
		};
		const before = heapAfterCollection();
		many.register(Array.from({ length: 10_000 }, (_, i) => ({ id: `m${i}`, owner: "us", created: i, load })));
		const bytesEach = (heapAfterCollection() - before) / 10_000;
		expect(bytesEach).toBeLessThan(1000);
		expect(await many.generate({ ...order("Peru?"), model: "m7777" })).toEqual(
			generateCanonically(engine, order("Peru?"), adapter),
		);
		expect(reads).toBe(1);
		expect(many.models()).toHaveLength(10_001);
		expect(many.model("m7777")).toMatchObject({ state: "resident", rank: 4, parent: "tiny" });
		expect(() => many.countPrompt({ ...order("x"), model: "m10000" })).toThrow("and 9992 more");
		await many.close();
		await expect(many.generate({ ...order("x"), model: "m1" })).rejects.toMatchObject({ status: 503 });
	});

	test("behavior: a name that is taken out or replaced while it is read for a pin is not pinned, nor what it was", async () => {
		const serving = createCanonicalBackend(engine, { id: "tiny", owner: "us" });
		const named = (read: () => Promise<void>) => ({
			...{ id: "a", owner: "us", created: 1 },
			load: async () => {
				await read();
				return numberedAdapter(0);
			},
		});
		let reading = () => {};
		let go = () => {};
		const slowly = () =>
			new Promise<void>((resolve) => {
				go = resolve;
				reading();
			});
		for (const [change, refusal] of [
			[() => serving.adapters.unload("a"), { status: 404, code: "model_not_found" }],
			[() => serving.register([named(async () => {})]), { status: 409, code: "adapter_changed" }],
		] as const) {
			serving.register([named(slowly)]);
			const begun = new Promise<void>((resolve) => {
				reading = resolve;
			});
			const pinned = serving.adapters.pin("a", true);
			await begun;
			await change();
			go();
			await expect(pinned).rejects.toMatchObject(refusal);
			expect(serving.stats().adapters).toMatchObject({ pinned: 0, resident: 0, bytes: 0 });
		}
		expect(await serving.adapters.pin("a", true)).toMatchObject({ pinned: true });
		await serving.close();
	});

	test("behavior: back-pressure comes with the count, before anybody pays; what was promised waits", async () => {
		const limits = { waiting: 3, perTenant: 2 };
		const busy = createCanonicalBackend(engine, { id: "tiny", owner: "us", batch: { sequences: 1 }, limits });
		const base = { ...order("Peru?"), model: "tiny" };
		const all = Array.from({ length: 2 }, () => busy.generate(base));
		await expect(busy.generate(base)).rejects.toMatchObject({ status: 429, retryAfter: expect.any(Number) });
		// One tenant's limit says nothing about another's.
		expect(busy.countPrompt({ ...base })).toBeGreaterThan(0);
		all.push(busy.generate(base, { tenant: "another" }));
		expect(() => busy.countPrompt({ ...base })).toThrow(expect.objectContaining({ status: 429, code: "overloaded" }));
		all.push(busy.generate(base, { isPromised: true }));
		await busy.drain();
		expect(new Set((await Promise.all(all)).map(({ text }) => text)).size).toBe(1);
		expect(() => busy.countPrompt({ ...base })).toThrow(expect.objectContaining({ status: 503, code: "draining" }));
		await busy.close();
	});
});

/** The memory of what is alive, as far as it can be told without the collector's help: the least of several looks. */
function heapAfterCollection(): number {
	let least = Number.POSITIVE_INFINITY;
	for (let i = 0; i < 5; i++) {
		globalThis.gc?.();
		least = Math.min(least, process.memoryUsage().heapUsed);
	}
	return least;
}
