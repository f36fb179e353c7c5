// Tokens/s of the serving loop with 1 to 512 adapters in use at once beside the base alone, beside the same engine answering adapter by adapter,
// and beside llama.cpp, which batches only requests of one adapter. All of a model's cases take turns, so that what else the machine does meets
// all; ratios are medians over rounds.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Adapter, type BaseModel, createEngine } from "@openledger/llm";
import { type CanonicalBackend, createCanonicalBackend, type Order } from "@openledger/openlora";
import { createMachine } from "@openledger/tensor";
import { median } from "../models.js";
import { nativeForBench } from "../native.js";
import type { BenchTarget, BenchValue } from "../run.js";
import { writeGgufAdapter, writeGgufBase } from "./ggufModels.js";
import { type LlamaPeer, openLlamaPeer, type PeerGroup } from "./llamaPeer.js";
import { benchBase, madeUpAdapter, promptOf } from "./models.js";
import type { OpenLoraPartOptions, OpenLoraPartResult } from "./part.js";

const BATCH = 16;
const RANKS = [4, 8, 16, 32] as const;
const PLACE = 1024 ** 3;

interface Case {
	readonly name: string;
	readonly adapters: number;
	readonly tokensPerSecond: number[];
	turn(): Promise<void>;
}

interface Size {
	readonly rounds: number;
	readonly tokens: number;
	readonly requests: number;
	readonly counts: readonly number[];
}

/** How many requests, and of which adapter each: round robin, so that neighbours in the batch have different ones. */
const requestsOf = (adapters: number, { requests }: Size) =>
	Array.from({ length: Math.max(requests, adapters) }, (_, i) => (adapters === 0 ? undefined : i % adapters));

function orderOf(base: BaseModel, i: number, adapter: number | undefined, kind: string, tokens: number): Order {
	const model = adapter === undefined ? base.name : `${kind}-${adapter}`;
	const sampling = { temperaturePpm: 0, topPPpm: 1_000_000, seed: 0 };
	return { model, prompt: promptOf(i), maxTokens: tokens, ...sampling };
}

function ourCases(base: BaseModel, backend: CanonicalBackend, size: Size): Case[] {
	let asked = 1000;
	async function serve(orders: readonly Order[]): Promise<number> {
		const answers = await Promise.all(orders.map((order) => backend.generate(order)));
		return answers.reduce((n, { responseTokens }) => n + responseTokens.length, 0);
	}
	const make = (name: string, adapters: number, kind: string, groups: (orders: Order[]) => Order[][]): Case => {
		const tokensPerSecond: number[] = [];
		return {
			...{ name, adapters, tokensPerSecond },
			async turn() {
				const all = requestsOf(adapters, size).map((a) => orderOf(base, asked++, a, kind, size.tokens));
				const from = performance.now();
				let tokens = 0;
				for (const group of groups(all)) tokens += await serve(group);
				tokensPerSecond.push((1000 * tokens) / (performance.now() - from));
			},
		};
	};
	const together = (orders: Order[]) => [orders];
	const byAdapter = (orders: Order[]) => {
		const groups = new Map<string, Order[]>();
		for (const order of orders) groups.set(order.model, [...(groups.get(order.model) ?? []), order]);
		return [...groups.values()];
	};
	return [
		make("base only", 0, "rank8", together),
		...size.counts.map((n) => make("one batch", n, "rank8", together)),
		make("one batch, ranks 4 to 32", 64, "mixed", together),
		...size.counts.filter((n) => n > 1).map((n) => make("adapter by adapter", n, "rank8", byAdapter)),
	];
}

function peerCases(base: BaseModel, peer: LlamaPeer, paths: readonly string[], size: Size): Case[] {
	const prompts = requestsOf(0, size).map((_, i) => base.tokenizer.encode(promptOf(i)));
	const make = (adapters: number): Case => {
		const tokensPerSecond: number[] = [];
		return {
			...{ name: "llama.cpp", adapters, tokensPerSecond },
			async turn() {
				let seconds = 0;
				let tokens = 0;
				for (let at = 0; at < prompts.length; at += BATCH) {
					const wave = prompts.slice(at, at + BATCH);
					const groups: PeerGroup[] =
						adapters === 0
							? [{ prompts: wave }]
							: Array.from({ length: Math.min(adapters, wave.length) }, (_, a) => ({
									adapter: paths[(at + a) % adapters]!,
									prompts: wave.filter((_, i) => i % Math.min(adapters, wave.length) === a),
								}));
					const served = await peer.serve(groups, size.tokens);
					seconds += served.seconds;
					tokens += served.tokens.reduce((n, own) => n + own.length, 0);
				}
				tokensPerSecond.push(tokens / seconds);
			},
		};
	};
	return [0, 1, 8, BATCH].map(make);
}

interface Setup {
	readonly model: "ember" | "15M";
	readonly kernels: "wasm" | "native";
	readonly threads: number;
}

async function measure(setup: Setup, size: Size, { log }: OpenLoraPartOptions) {
	const base = await benchBase(setup.model);
	const native = setup.kernels === "native" ? await nativeForBench() : undefined;
	if (setup.kernels === "native" && native === undefined) return undefined;
	const kernels = native && { kernels: native.source };
	const machine = createMachine({ threads: setup.threads, maxBytes: 4 * PLACE - 65536, ...kernels });
	const engine = createEngine(base, machine);
	const most = Math.max(...size.counts);
	const backend = createCanonicalBackend(engine, {
		...{ id: base.name, owner: "bench" },
		batch: { sequences: BATCH, rows: 64, cacheBytes: PLACE / 4 },
		adapterBytes: PLACE,
		limits: { waiting: 4096, perTenant: 4096 },
	});
	const made: Adapter[] = [];
	for (let i = 0; i < most; i++) made.push(madeUpAdapter(base, 8, i + 1));
	made.forEach((adapter, i) => void backend.serve({ id: `rank8-${i}`, adapter, created: 0, owner: "bench" }));
	for (let i = 0; i < 64; i++) {
		const adapter = madeUpAdapter(base, RANKS[i % 4]!, 10_000 + i);
		backend.serve({ id: `mixed-${i}`, adapter, created: 0, owner: "bench" });
	}
	const folder = mkdtempSync(join(tmpdir(), "openledger-bench-"));
	try {
		writeGgufBase(join(folder, "base.gguf"), base.config, base.parameters);
		const paths = made.slice(0, BATCH).map((adapter, i) => {
			const path = join(folder, `${i}.gguf`);
			writeGgufAdapter(path, base.config, adapter.config.alpha, adapter.weights);
			return path;
		});
		const peer = await openLlamaPeer(join(folder, "base.gguf"), setup.threads, log);
		const cases = [...ourCases(base, backend, size), ...(peer ? peerCases(base, peer, paths, size) : [])];
		for (const one of cases) if (one.adapters < 512) await one.turn();
		for (const { tokensPerSecond } of cases) tokensPerSecond.length = 0;
		for (let round = 0; round < size.rounds; round++) {
			for (const one of cases) await one.turn();
			log(`${setup.model}, ${setup.kernels}, ${setup.threads} threads: round ${round + 1} of ${size.rounds}`);
		}
		await peer?.close();
		return cases;
	} finally {
		rmSync(folder, { recursive: true });
		await backend.close();
		machine.close();
	}
}

const digits = (x: number, n: number) => Number(x.toFixed(n));

/** The median over rounds of one case's rate over another's in the same round. */
const ratio = (a: Case, b: Case) => median(a.tokensPerSecond.map((x, i) => x / b.tokensPerSecond[i]!));

export async function run(options: OpenLoraPartOptions): Promise<OpenLoraPartResult> {
	const counts = options.quick ? [1, 16, 64] : [1, 8, 16, 64, 512];
	const size = { rounds: options.quick ? 3 : 5, tokens: 24, requests: 64, counts };
	const setups: Setup[] = [
		{ model: "ember", kernels: "wasm", threads: 1 },
		{ model: "ember", kernels: "native", threads: 1 },
		{ model: "15M", kernels: "wasm", threads: 2 },
		{ model: "15M", kernels: "native", threads: 2 },
	];
	const rows: Record<string, BenchValue>[] = [];
	const targets: BenchTarget[] = [];
	for (const setup of setups) {
		const small = setup.model === "ember" ? size : { ...size, tokens: 16, rounds: 3 };
		const cases = await measure(setup, small, options);
		if (cases === undefined) continue;
		const alone = cases.find(({ name }) => name === "base only")!;
		const find = (name: string, adapters: number) => cases.find((c) => c.name === name && c.adapters === adapters);
		for (const one of cases) {
			const separate = one.name === "one batch" ? find("adapter by adapter", one.adapters) : undefined;
			const peer = one.name === "llama.cpp" ? undefined : find("llama.cpp", Math.min(one.adapters, BATCH));
			rows.push({
				...setup,
				case: one.name,
				adapters: one.adapters,
				tokensPerSecond: digits(median(one.tokensPerSecond), 0),
				ofBaseOnly: digits(ratio(one, alone), 2),
				...(separate && { overAdapterByAdapter: digits(ratio(one, separate), 2) }),
				...(peer && { overLlamaCpp: digits(ratio(one, peer), 2) }),
			});
			options.log(JSON.stringify(rows.at(-1)));
		}
		const where = `${setup.model}, ${setup.kernels}, ${setup.threads} thread${setup.threads > 1 ? "s" : ""}`;
		const sixteen = digits(ratio(find("one batch", 16)!, alone), 2);
		targets.push({
			what: `16 adapters in a batch of 16 over base only, ${where}`,
			value: sixteen,
			target: "≥ 0.85",
			ok: sixteen >= 0.85,
		});
		const most = counts.at(-1)!;
		const speedup = digits(ratio(find("one batch", most)!, find("adapter by adapter", most)!), 2);
		targets.push({
			what: `${most} adapters over adapter by adapter, ${where}`,
			value: speedup,
			target: "≥ 4",
			ok: speedup >= 4,
		});
	}
	return { rows, targets };
}
