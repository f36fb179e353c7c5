// What every backend must do, in one list, run over each of them. A backend that computes with our engine must also give the
// engine's own answers; one that does not leaves `isExact` out.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Adapter, type Generation, promptTokens } from "@openledger/llm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ChatOrder } from "../../../chat/chatOrder.js";
import type { TextOrder } from "../../../completions/textOrder.js";
import { ApiError } from "../../../errors.js";
import type { AnswerPiece, Backend, Order } from "../../backend.js";
import { generateCanonically } from "../../canonicalBackend.js";
import { type SuiteWorld, suiteWorld } from "./suiteWorld.js";

export interface SuiteRegistration {
	readonly id: string;
	readonly folder: string;
	readonly bytes: number;
	readonly rank: number;
	readonly created: number;
	readonly owner: string;
}

export interface SuiteBackend {
	readonly backend: Backend & {
		readonly adapters: NonNullable<Backend["adapters"]>;
		register(adapters: readonly SuiteRegistration[]): void;
	};
	readonly base: string;
	/** Whether its answers are those of our engine. */
	readonly isExact: boolean;
	/** Whether it can keep an adapter from being taken out of memory. */
	readonly pins: boolean;
	/** Ends it; throws if it was asked something that it should not have been. */
	end(): Promise<void>;
}

export function backendSuite(name: string, open: (world: SuiteWorld) => Promise<SuiteBackend>): void {
	let world: SuiteWorld;
	let opened: SuiteBackend;
	let folders: readonly string[];

	beforeAll(async () => {
		world = suiteWorld();
		folders = [await world.write("red", 1), await world.write("blue", 2, { rank: 2, alpha: 12 })];
		return () => world.remove();
	});
	beforeEach(async () => {
		opened = await open(world);
		const known = { bytes: 1, created: 1_790_000_000, owner: "us" };
		opened.backend.register([
			{ ...known, id: "red", folder: folders[0]!, rank: 4 },
			{ ...known, id: "team/blue", folder: folders[1]!, rank: 2 },
		]);
	});
	afterEach(async () => await opened.end());

	const order = (model: string, more: Partial<ChatOrder> = {}): ChatOrder => ({
		model,
		messages: [{ role: "user", content: "What is the capital of Peru?" }],
		maxTokens: 12,
		temperaturePpm: 0,
		topPPpm: 1_000_000,
		seed: 0,
		...more,
	});
	const warm = { temperaturePpm: 1_500_000, seed: 7, maxTokens: 16 };
	const text = (model: string, more: Partial<TextOrder> = {}): TextOrder => {
		const { messages: _, ...settings } = order(model);
		return { ...settings, prompt: "The river runs", ...more };
	};
	const read = async (model: string): Promise<Adapter | undefined> =>
		model === opened.base ? undefined : await world.read(folders[model === "red" ? 0 : 1]!);
	/** What the engine answers by itself. */
	const expected = async (asked: Order): Promise<Generation> =>
		generateCanonically(world.engine, asked, await read(asked.model));
	async function check(asked: Order, found: Generation): Promise<void> {
		expect(found.promptTokens).toEqual(promptTokens(world.base, asked));
		expect(found.responseTokens.length).toBeLessThanOrEqual(asked.maxTokens);
		if (!opened.isExact) return;
		const { text, responseTokens, finishReason } = await expected(asked);
		expect({ text: found.text, tokens: found.responseTokens, end: found.finishReason }).toEqual({
			...{ text, tokens: responseTokens, end: finishReason },
		});
	}
	const refused = async (work: () => unknown): Promise<[number, string]> => {
		try {
			await work();
		} catch (error) {
			if (error instanceof ApiError) return [error.status, error.code];
			throw error;
		}
		throw new Error("was not refused");
	};

	describe(name, () => {
		test("default: the base and its models, each with its parent; each answers as itself", async () => {
			const { backend, base } = opened;
			expect(backend.models().map(({ id, parent }) => [id, parent])).toEqual([
				[base, undefined],
				["red", base],
				["team/blue", base],
			]);
			const answers = new Set<string>();
			for (const model of [base, "red", "team/blue"]) {
				const found = await backend.generate(order(model));
				await check(order(model), found);
				answers.add(JSON.stringify(found.responseTokens));
			}
			expect(answers.size).toBe(3);
			const [, red] = backend.models();
			expect(red).toMatchObject({ state: "resident", rank: 4 });
			expect(red!.digest).toMatch(/^0x[0-9a-f]{64}$/);
		});

		test("behavior: a text is gone on with, with an adapter and without", async () => {
			for (const model of [opened.base, "red"]) await check(text(model), await opened.backend.generate(text(model)));
		});

		test("behavior: unknown models are refused, wherever they are named", async () => {
			const { backend } = opened;
			const all: (() => unknown)[] = [
				() => backend.countPrompt(order("green")),
				() => backend.generate(order("green")),
				() => backend.adapters.unload("green"),
				() => backend.adapters.pin("green", true),
			];
			for (const ask of all) expect(await refused(ask)).toEqual([404, "model_not_found"]);
		});

		test("behavior: an unknown name is told a few names, not thousands", async () => {
			const many = Array.from({ length: 3000 }, (_, i) => ({ ...registration(`m${i}`), folder: folders[0]! }));
			const begun = performance.now();
			opened.backend.register(many);
			expect(performance.now() - begun).toBeLessThan(1000);
			expect(opened.backend.models()).toHaveLength(3003);
			const said = await Promise.resolve()
				.then(() => opened.backend.generate(order("green")))
				.catch((error: Error) => error.message);
			expect(String(said).length).toBeLessThan(400);
		});

		test("behavior: seed, temperature, filters and penalty decide the answer, and nothing else does", async () => {
			const { backend } = opened;
			const filters = { topPPpm: 900_000, topK: 20, minPPpm: 10_000, repetitionPenaltyPpm: 1_200_000 };
			const answers: string[] = [];
			for (const seed of [1, 2, 1]) {
				const asked = order("red", { ...warm, ...filters, seed });
				const found = await backend.generate(asked);
				await check(asked, found);
				answers.push(found.text);
			}
			expect(answers[0]).toBe(answers[2]);
			expect(answers[0]).not.toBe(answers[1]);
		});

		test("behavior: the answer ends at max tokens, or before a stop string", async () => {
			const { backend } = opened;
			const whole = await backend.generate(order("red", warm));
			const short = await backend.generate(order("red", { ...warm, maxTokens: 3 }));
			expect(short.responseTokens).toEqual(whole.responseTokens.slice(0, 3));
			expect(short.finishReason).toBe("length");
			const stop = [...whole.text].slice(2, 4).join("");
			expect(stop).not.toBe("");
			const asked = order("red", { ...warm, stop: [stop, "never this one"] });
			const stopped = await backend.generate(asked);
			await check(asked, stopped);
			expect(stopped).toMatchObject({ finishReason: "stop", stoppedBy: stop });
			expect(stopped.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
		});

		test("behavior: an answer that the model ends has no end token in it", async () => {
			const { backend } = opened;
			let ended = 0;
			for (let seed = 0; seed < 40 && ended < 2; seed++) {
				const asked = order("red", { temperaturePpm: 2_000_000, seed, maxTokens: 40 });
				const found = await backend.generate(asked);
				if (found.finishReason === "length") continue;
				ended++;
				await check(asked, found);
				expect(found.responseTokens).not.toContain(world.base.endOfText);
			}
			expect(ended).toBe(2);
		});

		test("behavior: pieces, joined, are the answer, and their tokens are its tokens", async () => {
			for (const asked of [order("red", warm), text("team/blue", warm)]) {
				const pieces: AnswerPiece[] = [];
				const found = await opened.backend.generate(asked, { onPiece: (piece) => pieces.push(piece) });
				expect(pieces.map((piece) => piece.text).join("")).toBe(found.text);
				expect(pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(found.responseTokens.length);
				expect(pieces.length).toBeGreaterThan(2);
				expect(pieces.every(({ logprobs }) => logprobs === undefined)).toBe(true);
			}
		});

		test("behavior: log-probabilities, one for each token, the likeliest first", async () => {
			for (const asked of [order("red", warm), text("red", warm)]) {
				const pieces: AnswerPiece[] = [];
				const found = await opened.backend.generate(asked, { logprobs: 3, onPiece: (piece) => pieces.push(piece) });
				const all = pieces.flatMap(({ logprobs = [] }) => logprobs);
				expect(all).toHaveLength(found.responseTokens.length);
				for (const { logprob, top } of all) {
					expect(logprob).toBeLessThanOrEqual(0);
					// OpenAI's form for plain completions has one place for all tokens of one text.
					expect("messages" in asked ? [3] : [1, 2, 3]).toContain(top.length);
					const values = top.map((one) => one.logprob);
					expect(values).toEqual([...values].sort((a, b) => b - a));
					expect(values[0]).toBeGreaterThanOrEqual(logprob);
				}
			}
			const pieces: AnswerPiece[] = [];
			await opened.backend.generate(order("red"), { logprobs: 0, onPiece: (piece) => pieces.push(piece) });
			const plain = pieces.flatMap(({ logprobs = [] }) => logprobs);
			expect(plain.length).toBeGreaterThan(0);
			expect(plain.every(({ top }) => top.length === 0)).toBe(true);
		});

		test("behavior: tokens of the prompt are counted as they are read, and what does not fit is refused", async () => {
			const { backend } = opened;
			for (const asked of [order("red"), text("red"), order(opened.base)])
				expect(await backend.countPrompt(asked)).toBe(promptTokens(world.base, asked).length);
			const long = order("red", { messages: [{ role: "user", content: "What is the river? ".repeat(12) }] });
			expect(await refused(() => backend.countPrompt(long))).toEqual([400, "context_length_exceeded"]);
			expect(await refused(() => backend.countPrompt(text("red", { prompt: "river ".repeat(60) })))).toEqual([
				400,
				"context_length_exceeded",
			]);
		});

		test("behavior: a cancelled request ends with 499, also one that has not begun; others go on", async () => {
			const { backend } = opened;
			const gone = AbortSignal.abort();
			expect(await refused(() => backend.generate(order("red"), { signal: gone }))).toEqual([499, "cancelled"]);
			const leaving = new AbortController();
			let pieces = 0;
			const onPiece = () => {
				if (++pieces === 2) leaving.abort();
			};
			const asked = order("team/blue", { ...warm, maxTokens: 24 });
			const [left, stayed] = await Promise.all([
				refused(() => backend.generate(order("red", { maxTokens: 40 }), { signal: leaving.signal, onPiece })),
				backend.generate(asked),
			]);
			expect(left).toEqual([499, "cancelled"]);
			expect(pieces).toBeLessThan(30);
			await check(asked, stayed);
		});

		test("behavior: many at once, of several models, each gets its own answer", async () => {
			const models = [opened.base, "red", "team/blue"];
			const orders = Array.from({ length: 24 }, (_, i) =>
				i % 4 === 3
					? text(models[i % 3]!, { ...warm, seed: i })
					: order(models[i % 3]!, { ...warm, seed: i, maxTokens: 4 + (i % 7) }),
			);
			const found = await Promise.all(orders.map((one, i) => opened.backend.generate(one, { tenant: `t${i % 3}` })));
			for (const [i, one] of orders.entries()) await check(one, found[i]!);
		});

		test("behavior: an adapter is put in, answers, and is taken out", async () => {
			const { backend } = opened;
			const path = await world.write("green", 3);
			expect(await backend.adapters.load({ name: "green", path })).toMatchObject({ id: "green", state: "resident" });
			const found = await backend.generate(order("green"));
			expect(found.text).toBe(generateCanonically(world.engine, order("green"), await world.read(path)).text);
			expect(backend.adapters.list().map(({ id }) => id)).toEqual(["red", "team/blue", "green"]);
			await backend.adapters.unload("green");
			expect(await refused(() => backend.generate(order("green")))).toEqual([404, "model_not_found"]);
			expect(backend.models().map(({ id }) => id)).not.toContain("green");
		});

		test("behavior: a name that gets other weights answers with them, and one that gets other settings too", async () => {
			const { backend } = opened;
			const seen = new Set<string>();
			for (const [seed, config] of [
				[4, {}],
				[5, {}],
				// The same numbers on disk as the one before, twice as strong.
				[5, { alpha: 32 }],
				[4, {}],
			] as const) {
				const path = await world.write("moving", seed, config);
				await backend.adapters.load({ name: "moving", path });
				const found = await backend.generate(order("moving", warm));
				expect(found.text).toBe(generateCanonically(world.engine, order("moving", warm), await world.read(path)).text);
				seen.add(found.text);
			}
			expect(seen.size).toBe(3);
		});

		test("behavior: what runs on an adapter that is taken out, or replaced, ends as it began", async () => {
			const { backend } = opened;
			const path = await world.write("leaving", 6);
			const adapter = await world.read(path);
			await backend.adapters.load({ name: "leaving", path });
			for (const change of [
				() => backend.adapters.unload("leaving"),
				async () => await backend.adapters.load({ name: "leaving", path: await world.write("other", 7) }),
			]) {
				if (!backend.models().some(({ id }) => id === "leaving"))
					await backend.adapters.load({ name: "leaving", path });
				const asked = order("leaving", { ...warm, maxTokens: 30 });
				let first: (() => void) | undefined;
				const begun = new Promise<void>((resolve) => {
					first = resolve;
				});
				const running = backend.generate(asked, { onPiece: () => first?.() });
				await begun;
				await change();
				expect((await running).text).toBe(generateCanonically(world.engine, asked, adapter).text);
			}
		});

		test("behavior: a wrong adapter is refused, and the name keeps what it had", async () => {
			const { backend } = opened;
			const before = await backend.generate(order("red"));
			const path = await world.write("broken", 8);
			const config = join(path, "adapter_config.json");
			const model = join(path, "adapter_model.safetensors");
			const wrong: (() => void)[] = [
				() =>
					writeFileSync(
						config,
						JSON.stringify({ peft_type: "LORA", r: 4, lora_alpha: 8, use_dora: true, target_modules: ["q_proj"] }),
					),
				() => writeFileSync(config, "{"),
				() => rmSync(config),
			];
			writeFileSync(model, "no safetensors");
			expect((await refused(() => backend.adapters.load({ name: "red", path })))[0]).toBe(400);
			await world.write("broken", 8);
			for (const spoil of wrong) {
				spoil();
				expect((await refused(() => backend.adapters.load({ name: "red", path })))[0]).toBe(400);
			}
			const missing = () => backend.adapters.load({ name: "red", path: join(world.folder, "none") });
			expect((await refused(missing))[0]).toBe(400);
			expect((await refused(() => backend.adapters.load({ name: opened.base, path: folders[0]! })))[0]).toBe(409);
			expect(await backend.generate(order("red"))).toEqual(before);
		});

		test("behavior: a registered folder that is not there fails its requests alone", async () => {
			const { backend } = opened;
			backend.register([{ ...registration("ghost"), folder: join(world.folder, "ghost") }]);
			expect(await refused(() => backend.generate(order("ghost")))).toEqual([503, "adapter_unavailable"]);
			await check(order("red"), await backend.generate(order("red")));
			expect(backend.models().find(({ id }) => id === "ghost")?.state).toBe("on-disk");
		});

		test("behavior: pins, where the backend has them", async () => {
			const { backend, pins } = opened;
			if (!pins) {
				expect(await refused(() => backend.adapters.pin("red", true))).toEqual([400, "unsupported_by_backend"]);
				return;
			}
			expect(await backend.adapters.pin("red", true)).toMatchObject({ id: "red", pinned: true });
			expect(backend.adapters.list()[0]).toMatchObject({ id: "red", pinned: true });
			expect(await backend.adapters.pin("red", false)).toMatchObject({ pinned: false });
		});

		test("behavior: draining refuses what is new and finishes what runs", async () => {
			const { backend } = opened;
			const asked = order("red", { ...warm, maxTokens: 30 });
			let first: (() => void) | undefined;
			const begun = new Promise<void>((resolve) => {
				first = resolve;
			});
			const running = backend.generate(asked, { onPiece: () => first?.() });
			await begun;
			let isDrained = false;
			const drained = backend.drain().then(() => {
				isDrained = true;
			});
			expect(await refused(() => backend.generate(order("team/blue")))).toEqual([503, "draining"]);
			expect(isDrained).toBe(false);
			await check(asked, await running);
			await drained;
			await backend.drain();
		});

		test("behavior: it counts what it does", async () => {
			const { backend } = opened;
			const found = await backend.generate(order("red"));
			await backend.generate(order("red"));
			const stats = backend.stats!();
			expect(stats).toMatchObject({ waiting: 0, running: 0, generatedTokensTotal: 2 * found.responseTokens.length });
			expect(stats.promptTokensTotal).toBe(2 * found.promptTokens.length);
			expect(stats.adapters).toMatchObject({ registered: 2, resident: 1, missesTotal: 1, hitsTotal: 1, workingSet: 1 });
			expect(stats.timeToFirstTokenSeconds!.counts.reduce((sum, n) => sum + n, 0)).toBe(2);
			expect(stats.adapters!.requestsByName).toEqual([["red", 2]]);
		});
	});

	const registration = (id: string) => ({ id, bytes: 1, rank: 4, created: 1, owner: "us" });
}
