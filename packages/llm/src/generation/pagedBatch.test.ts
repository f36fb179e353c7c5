// Paged decoding against the slow truth: the full forward pass over a sequence alone. Whatever shares a step, whatever was shared, given up or
// loaded anew in between, a row's logits have those bits; and no block is ever lost.

import { OutOfMemoryError } from "@openledger/tensor";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ModelError } from "../errors.js";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { type Adapter, readAdapter, writeAdapterModel } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { readBase } from "../model/baseModel.js";
import { tinyBase } from "../selftest/tinyBase.js";
import { tinyFamilies } from "../selftest/tinyFamilies.js";
import { createEngine } from "./engine.js";
import type { PagedBatch, PagedSequence, ResidentAdapter } from "./pagedBatch.js";

const base = tinyBase();
const engine = createEngine(base);
const BLOCK = 8;

function adapterOf(config: AdapterConfig, seed: number, of = base): Adapter {
	const weights = new Map(
		[...initialAdapter(of.config, config, seed)].map(([path, { A, B }]) => [
			path,
			{ A, B: B.map((_, i) => Math.fround(((i * 7919 + seed * 104729) % 1009) / 10090 - 0.05)) },
		]),
	);
	return readAdapter(of.config, writeAdapterConfig(config, "tiny"), writeAdapterModel(of.config, config, weights));
}

/** Ranks, modules, scales and patterns of all kinds. */
const ADAPTERS: readonly Adapter[] = [
	adapterOf(
		{ rank: 8, alpha: 16, targets: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] },
		1,
	),
	adapterOf({ rank: 1, alpha: 1, targets: ["q_proj", "v_proj"] }, 2),
	adapterOf({ rank: 5, alpha: 3, targets: ["down_proj"], rankStabilised: true }, 3),
	adapterOf({ rank: 16, alpha: 32, targets: ["o_proj", "up_proj"], rankPattern: { "layers.1.*up_proj": 3 } }, 4),
	adapterOf({ rank: 33, alpha: 8, targets: ["gate_proj", "k_proj"] }, 5),
];

/** What `nextLogits` gave, by adapter and tokens: the slow truth is slow. */
const truths = new Map<string, Float32Array>();
function truth(tokens: readonly number[], adapter: Adapter | undefined): Float32Array {
	const key = `${adapter?.digest}|${tokens}`;
	const known = truths.get(key) ?? engine.nextLogits(tokens, adapter);
	truths.set(key, known);
	return known;
}

const tokensOf = (seed: number, count: number) =>
	Array.from({ length: count }, (_, i) => 1 + ((i * 37 + 11 * seed) % 250));
const bytesOf = (blocks: number) => {
	const { layers, kvHeads, headDim } = base.config;
	return blocks * 8 * layers * BLOCK * kvHeads * headDim;
};
const openBatch = (blocks: number, options: { rows?: number; sequences?: number; adapterBytes?: number } = {}) =>
	engine.openPaged({
		rows: 40,
		sequences: 6,
		cacheBytes: bytesOf(blocks),
		adapterBytes: 2 ** 20,
		blockTokens: BLOCK,
		...options,
	});

/** Feeds a prompt in chunks and then its continuation token by token, comparing after each step. */
function follow(
	batch: PagedBatch,
	tokens: readonly number[],
	chunk: number,
	adapter?: Adapter,
	resident?: ResidentAdapter,
): number {
	const sequence = batch.open(tokens, resident);
	const { reused } = sequence;
	while (sequence.length < tokens.length) {
		const end = Math.min(tokens.length, sequence.length + chunk);
		const [logits] = batch.step([{ sequence, tokens: tokens.slice(sequence.length, end), logits: true }]);
		expect(logits).toEqual(truth(tokens.slice(0, end), adapter));
	}
	sequence.close();
	return reused;
}

describe("paged batch", () => {
	test("default: alone, in any chunks, with an adapter of any shape or none, it has the bits of the full pass", () => {
		const batch = openBatch(12);
		for (const adapter of [undefined, ...ADAPTERS]) {
			const resident = adapter && batch.makeResident(adapter);
			for (const [i, chunk] of [1, 2, 3, 7, 8, 17, 33].entries())
				follow(batch, tokensOf(i, 33), chunk, adapter, resident);
			resident?.free();
		}
		expect(batch.freeBlocks()).toBe(batch.blocks);
		expect(batch.adapterBytes().used).toBe(0);
		batch.close();
	});

	test("default: the same request alone, in a full batch, after evictions and re-loads: the same bits", () => {
		const batch = openBatch(40, { rows: 64 });
		const tokens = tokensOf(50, 21);
		const expected = truth(tokens, ADAPTERS[0]);
		const alone = batch.makeResident(ADAPTERS[0]!);
		follow(batch, tokens, 21, ADAPTERS[0], alone);
		alone.free();
		const loaded = ADAPTERS.map((adapter) => batch.makeResident(adapter));
		const again = batch.makeResident(ADAPTERS[0]!);
		const others = [undefined, ...loaded.slice(0, 4)].map((resident, i) => batch.open(tokensOf(60 + i, 11), resident));
		const own = batch.open(tokens, again);
		expect(own.reused).toBe(16);
		const work = [...others.map((sequence, i) => ({ sequence, tokens: tokensOf(60 + i, 11), logits: i % 2 === 0 }))];
		const logits = batch.step([...work, { sequence: own, tokens: tokens.slice(16), logits: true }]);
		expect(logits[5]).toEqual(expected);
		expect(logits[1]).toBeUndefined();
		expect(logits[2]).toEqual(truth(tokensOf(62, 11), ADAPTERS[1]));
		own.close();
		for (const sequence of others) sequence.close();
		// Everything that was kept is given up for a long stranger.
		for (const seed of [70, 71, 72, 73, 74]) follow(batch, tokensOf(seed, 64), 32);
		expect(batch.prefix().evictions).toBeGreaterThan(0);
		const late = batch.open(tokens, again);
		expect(late.reused).toBe(0);
		expect(batch.step([{ sequence: late, tokens, logits: true }])[0]).toEqual(expected);
		late.close();
		for (const resident of [...loaded, again]) resident.free();
		expect([batch.freeBlocks(), batch.adapterBytes().used]).toEqual([batch.blocks, 0]);
		batch.close();
	});

	test("default: prompts that begin alike share blocks under the same adapter alone, and never a last token", () => {
		const batch = openBatch(20);
		const [one, two] = [batch.makeResident(ADAPTERS[0]!), batch.makeResident(ADAPTERS[1]!)];
		const tokens = tokensOf(3, 24);
		expect(follow(batch, tokens, 24, ADAPTERS[0], one)).toBe(0);
		expect(follow(batch, tokens, 24, ADAPTERS[0], one)).toBe(16);
		expect(follow(batch, [...tokens, 9], 24, ADAPTERS[0], one)).toBe(24);
		expect(follow(batch, [...tokens.slice(0, 12), ...tokensOf(5, 9)], 24, ADAPTERS[0], one)).toBe(8);
		expect(follow(batch, tokens, 24, ADAPTERS[1], two)).toBe(0);
		expect(follow(batch, tokens, 24)).toBe(0);
		// Two that run at once end up with one copy of what is equal.
		const free = batch.freeBlocks();
		const fresh = tokensOf(7, 18);
		const pair = [batch.open(fresh, one), batch.open(fresh, one)] as const;
		batch.step(pair.map((sequence) => ({ sequence, tokens: fresh, logits: false })));
		expect(free - batch.freeBlocks()).toBe(4);
		const [first, second] = batch.step(pair.map((sequence, i) => ({ sequence, tokens: [i + 1], logits: true })));
		expect(first).toEqual(truth([...fresh, 1], ADAPTERS[0]));
		expect(second).toEqual(truth([...fresh, 2], ADAPTERS[0]));
		for (const sequence of pair) sequence.close();
		expect(batch.freeBlocks()).toBe(batch.blocks);
		batch.close();
	});

	test("behavior: the same numbers with another alpha are another adapter: no block is shared", () => {
		const batch = openBatch(12);
		const config = { rank: 4, targets: ["q_proj", "k_proj", "v_proj", "down_proj"] };
		const [weak, strong] = [1, 64].map((alpha) => adapterOf({ ...config, alpha }, 21)) as [Adapter, Adapter];
		expect(weak.digest).toBe(strong.digest);
		const tokens = tokensOf(31, 20);
		const expected = [weak, strong].map((adapter) => engine.nextLogits(tokens, adapter));
		expect(expected[0]).not.toEqual(expected[1]);
		[weak, strong, weak, strong].forEach((adapter, i) => {
			const resident = batch.makeResident(adapter);
			const sequence = batch.open(tokens, resident);
			expect(sequence.reused).toBe(i < 2 ? 0 : 16);
			expect(batch.step([{ sequence, tokens: tokens.slice(sequence.reused), logits: true }])[0]).toEqual(
				expected[i % 2],
			);
			sequence.close();
			resident.free();
		});
		batch.close();
	});

	test("property: any schedule of sequences, chunks, ends and loads gives every row its own bits and loses no block", () => {
		const start = fc.record({
			kind: fc.constant("start" as const),
			seed: fc.integer({ min: 0, max: 3 }),
			adapter: fc.integer({ min: -1, max: ADAPTERS.length - 1 }),
			length: fc.integer({ min: 1, max: 26 }),
		});
		const step = fc.record({
			kind: fc.constant("step" as const),
			chunks: fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 6 }),
		});
		const end = fc.record({ kind: fc.constant("end" as const), at: fc.nat(5) });
		const reload = fc.record({ kind: fc.constant("reload" as const), adapter: fc.nat(ADAPTERS.length - 1) });
		const actions = fc.array(fc.oneof({ weight: 3, arbitrary: start }, { weight: 6, arbitrary: step }, end, reload), {
			minLength: 4,
			maxLength: 24,
		});
		fc.assert(
			fc.property(actions, fc.integer({ min: 6, max: 16 }), (list, blocks) => {
				const batch = openBatch(blocks);
				const loaded = ADAPTERS.map((adapter) => batch.makeResident(adapter));
				const running: {
					sequence: PagedSequence;
					adapter: Adapter | undefined;
					resident: number;
					tokens: number[];
					sofar: number[];
				}[] = [];
				for (const action of list) {
					if (action.kind === "start" && running.length < 6) {
						const adapter = ADAPTERS[action.adapter];
						const tokens = [...tokensOf(action.seed, 16), ...tokensOf(action.adapter + 9, 14)].slice(0, action.length);
						const sequence = batch.open(tokens, loaded[action.adapter]);
						running.push({
							sequence,
							adapter,
							resident: action.adapter,
							tokens: tokens.slice(sequence.reused),
							sofar: tokens.slice(0, sequence.reused),
						});
					} else if (action.kind === "step") {
						const work = running.flatMap((own, i) => {
							const count = action.chunks[i] ?? 0;
							// Behind its prompt a sequence goes on by one token a step.
							const tokens =
								own.tokens.length > 0
									? own.tokens.slice(0, count)
									: count > 0
										? [1 + ((own.sofar.length * 7 + i) % 200)]
										: [];
							return tokens.length === 0 ? [] : [{ own, sequence: own.sequence, tokens, logits: count % 3 !== 0 }];
						});
						if (work.length === 0 || work.reduce((n, { tokens }) => n + tokens.length, 0) > batch.rows) continue;
						const needed = work.reduce((n, { sequence, tokens }) => n + batch.blocksNeeded(sequence, tokens.length), 0);
						const before = [batch.freeBlocks(), ...running.map(({ sequence }) => sequence.length)];
						if (needed > batch.freeBlocks()) {
							expect(() => batch.step(work)).toThrow(expect.objectContaining({ code: "cache-full" }));
							expect([batch.freeBlocks(), ...running.map(({ sequence }) => sequence.length)]).toEqual(before);
							continue;
						}
						const logits = batch.step(work);
						work.forEach(({ own, tokens, logits: wanted }, i) => {
							own.sofar.push(...tokens);
							own.tokens.splice(0, tokens.length);
							expect(own.sequence.length).toBe(own.sofar.length);
							if (wanted) expect(logits[i]).toEqual(truth(own.sofar, own.adapter));
							else expect(logits[i]).toBeUndefined();
						});
					} else if (action.kind === "end" && running.length > 0) {
						running.splice(action.at % running.length, 1)[0]!.sequence.close();
					} else if (action.kind === "reload") {
						const used = running.some(({ resident }) => resident === action.adapter);
						if (used)
							expect(() => loaded[action.adapter]!.free()).toThrow(expect.objectContaining({ code: "adapter-in-use" }));
						else {
							loaded[action.adapter]!.free();
							loaded[action.adapter] = batch.makeResident(ADAPTERS[action.adapter]!);
						}
					}
				}
				for (const { sequence } of running) sequence.close();
				expect(batch.freeBlocks()).toBe(batch.blocks);
				for (const resident of loaded) resident.free();
				expect(batch.adapterBytes().used).toBe(0);
				batch.close();
			}),
			{ numRuns: 150, seed: 5 },
		);
	});

	test("behavior: what cannot be taken is refused whole, by name, and changes nothing", () => {
		const batch = openBatch(4, { rows: 20, sequences: 2 });
		const [a, b, c] = [1, 2, 3].map((seed) => batch.open(tokensOf(seed, 8))) as [
			PagedSequence,
			PagedSequence,
			PagedSequence,
		];
		const work = (sequence: PagedSequence, count: number) => ({ sequence, tokens: tokensOf(1, count), logits: true });
		const refused = (code: string, list: Parameters<PagedBatch["step"]>[0]) => {
			expect(() => batch.step(list)).toThrow(expect.objectContaining({ name: "ModelError", code }));
			expect([batch.freeBlocks(), a.length, b.length, a.blocks]).toEqual([4, 0, 0, 0]);
		};
		refused("request-malformed", []);
		refused("request-malformed", [work(a, 1), work(b, 1), work(c, 1)]);
		refused("request-malformed", [work(a, 1), work(a, 1)]);
		refused("request-malformed", [work(a, 0)]);
		refused("request-malformed", [work(a, 12), work(b, 9)]);
		refused("request-malformed", [work(a, 1), { sequence: b, tokens: [base.config.vocabSize], logits: true }]);
		refused("sequence-too-long", [{ sequence: a, tokens: tokensOf(1, base.config.maxPositions + 1), logits: true }]);
		c.close();
		c.close();
		refused("request-malformed", [work(c, 1)]);
		expect(() => batch.open([])).toThrow(ModelError);
		expect(() => batch.open([-1])).toThrow(ModelError);
		// Blocks, not rows, are what is lacking here.
		batch.step([work(a, 17)]);
		expect(() => batch.step([work(b, 9)])).toThrow(expect.objectContaining({ code: "cache-full" }));
		expect(batch.step([work(b, 8)])[0]).toEqual(truth(tokensOf(1, 8), undefined));
		batch.close();
		expect(() => batch.open([1])).toThrow("closed");
	});

	test("behavior: adapters that do not fit, are in use, freed or another batch's are refused", () => {
		const room = openBatch(4);
		const bytes = room.residentBytes(ADAPTERS[0]!);
		const batch = openBatch(4, { adapterBytes: bytes + 64 });
		const first = batch.makeResident(ADAPTERS[0]!);
		expect(first.bytes).toBe(bytes);
		expect(() => batch.makeResident(ADAPTERS[0]!)).toThrow(OutOfMemoryError);
		const sequence = batch.open([1, 2], first);
		expect(first.uses).toBe(1);
		expect(() => first.free()).toThrow(expect.objectContaining({ code: "adapter-in-use" }));
		sequence.close();
		first.free();
		first.free();
		expect(() => batch.open([1, 2], first)).toThrow(expect.objectContaining({ code: "adapter-unsupported" }));
		const second = batch.makeResident(ADAPTERS[0]!);
		expect(() => room.open([1, 2], second)).toThrow(expect.objectContaining({ code: "adapter-unsupported" }));
		batch.close();
		room.close();
	});

	test("behavior: memory comes back with the batch", () => {
		openBatch(8).close();
		const used = engine.machine.bytesInUse();
		for (let i = 0; i < 3; i++) {
			const batch = openBatch(8);
			follow(batch, tokensOf(1, 9), 9);
			batch.close();
		}
		expect(engine.machine.bytesInUse()).toBe(used);
	});
});

describe("paged batch of other families and forms", () => {
	const targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
	for (const family of tinyFamilies()) {
		test(`default, ${family.name}: in chunks with an adapter, beside another`, () => {
			const model = readBase(family.files, family.name);
			const own = createEngine(model);
			const adapter = adapterOf({ rank: 6, alpha: 12, targets }, 9, model);
			const batch = own.openPaged({ rows: 32, sequences: 3, cacheBytes: 2 ** 20, adapterBytes: 2 ** 20 });
			const resident = batch.makeResident(adapter);
			const tokens = Array.from({ length: 20 }, (_, i) => 1 + ((i * 5) % 30));
			const [plain, other] = [batch.open(tokens), batch.open(tokens, resident)];
			batch.step([
				{ sequence: plain, tokens: tokens.slice(0, 9), logits: false },
				{ sequence: other, tokens: tokens.slice(0, 18), logits: false },
			]);
			const [a, b] = batch.step([
				{ sequence: plain, tokens: tokens.slice(9), logits: true },
				{ sequence: other, tokens: [tokens[18]!], logits: true },
			]);
			expect(a).toEqual(own.nextLogits(tokens));
			expect(b).toEqual(own.nextLogits(tokens.slice(0, 19), adapter));
			batch.close();
		});
	}

	test("default, int8: the bits of the int8 engine's full pass", () => {
		const own = createEngine(base, undefined, { weights: "int8" });
		const batch = own.openPaged({
			rows: 32,
			sequences: 3,
			cacheBytes: bytesOf(8),
			adapterBytes: 2 ** 20,
			blockTokens: BLOCK,
		});
		const resident = batch.makeResident(ADAPTERS[0]!);
		const tokens = tokensOf(4, 13);
		const pair = [batch.open(tokens, resident), batch.open(tokens)] as const;
		const [a, b] = batch.step(pair.map((sequence) => ({ sequence, tokens, logits: true })));
		expect(a).toEqual(own.nextLogits(tokens, ADAPTERS[0]));
		expect(b).toEqual(own.nextLogits(tokens));
		batch.close();
	});
});

afterAll(() => engine.machine.close());
