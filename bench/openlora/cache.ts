// 10,000 adapters on disk and a cache for 64: throughput, hit rate and time to first token as more of them are in use, uniformly and by Zipf's
// law; and what loading one cold takes. Files lie in the system's cache after the first reading: "cold" means not in ours.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdapterConfig, createEngine, loadAdapter, writeAdapterConfig, writeAdapterModel } from "@openledger/llm";
import { type CanonicalBackend, createCanonicalBackend } from "@openledger/openlora";
import { createMachine, drawUniform } from "@openledger/tensor";
import { median } from "../models.js";
import type { BenchTarget, BenchValue } from "../run.js";
import { adapterConfig, benchBase, madeUpAdapter, promptOf } from "./models.js";
import type { OpenLoraPartOptions, OpenLoraPartResult } from "./part.js";

const CACHED = 64;
const CLIENTS = 32;
const TOKENS = 8;
const SMALL: AdapterConfig = { rank: 4, alpha: 8, targets: ["q_proj", "v_proj"] };
const LARGE_RANK = 18;

const digits = (x: number, n: number) => Number(x.toFixed(n));
const quantile = (sorted: readonly number[], q: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;

/** Which adapter request i asks for: each of the first n as likely, or the k-th with weight 1/k. */
function drawing(n: number, law: "uniform" | "Zipf"): (i: number) => number {
	const key = { seed: n, purpose: 0xbe };
	if (law === "uniform") return (i) => Math.floor(drawUniform(key, i) * n);
	const sums: number[] = [];
	for (let k = 1; k <= n; k++) sums.push((sums.at(-1) ?? 0) + 1 / k);
	return (i) => {
		const at = drawUniform(key, i) * sums[n - 1]!;
		let [low, high] = [0, n - 1];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (sums[middle]! > at) high = middle;
			else low = middle + 1;
		}
		return low;
	};
}

async function traffic(backend: CanonicalBackend, requests: number, adapterOf: (i: number) => number) {
	const before = backend.stats().adapters!;
	const first: number[] = [];
	let next = 0;
	let tokens = 0;
	const from = performance.now();
	const client = async () => {
		for (let i = next++; i < requests; i = next++) {
			const asked = performance.now();
			let seen = false;
			const order = { model: `adapter-${adapterOf(i)}`, prompt: promptOf(i), maxTokens: TOKENS };
			const sampling = { temperaturePpm: 0, topPPpm: 1_000_000, seed: 0 };
			const onPiece = () => {
				if (!seen) first.push(performance.now() - asked);
				seen = true;
			};
			const answer = await backend.generate({ ...order, ...sampling }, { onPiece });
			onPiece();
			tokens += answer.responseTokens.length;
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, client));
	const seconds = (performance.now() - from) / 1000;
	const after = backend.stats().adapters!;
	const sorted = first.sort((a, b) => a - b);
	const hits = after.hitsTotal - before.hitsTotal;
	const misses = after.missesTotal - before.missesTotal;
	return {
		tokensPerSecond: digits(tokens / seconds, 0),
		hitRate: digits(hits / (hits + misses), 3),
		firstTokenMsP50: digits(quantile(sorted, 0.5), 1),
		firstTokenMsP99: digits(quantile(sorted, 0.99), 1),
		evictions: after.evictionsTotal - before.evictionsTotal,
	};
}

export async function run({ quick, log }: OpenLoraPartOptions): Promise<OpenLoraPartResult> {
	const base = await benchBase("ember");
	const registered = quick ? 2000 : 10_000;
	const requests = quick ? 400 : 2000;
	const folder = mkdtempSync(join(tmpdir(), "openledger-bench-"));
	const machine = createMachine({ threads: 1, maxBytes: 2 ** 31 });
	const rows: Record<string, BenchValue>[] = [];
	const targets: BenchTarget[] = [];
	try {
		const put = (name: string, config: AdapterConfig, weights: Parameters<typeof writeAdapterModel>[2]) => {
			mkdirSync(join(folder, name));
			writeFileSync(join(folder, name, "adapter_config.json"), JSON.stringify(writeAdapterConfig(config, base.name)));
			const bytes = writeAdapterModel(base.config, config, weights);
			writeFileSync(join(folder, name, "adapter_model.safetensors"), bytes);
			return bytes.length;
		};
		const { weights } = madeUpAdapter(base, 4, 1, SMALL.targets);
		let bytes = 0;
		for (let i = 0; i < registered; i++) {
			// One number tells them apart.
			weights.values().next().value!.B[0] = i / registered;
			bytes = put(`adapter-${i}`, SMALL, weights);
		}
		log(`${registered} adapters of ${bytes} bytes written`);
		const engine = createEngine(base, machine);
		const backend = createCanonicalBackend(engine, {
			...{ id: base.name, owner: "bench", adapterBytes: CACHED * bytes },
			limits: { waiting: 4096, perTenant: 4096 },
		});
		const from = performance.now();
		backend.register(
			Array.from({ length: registered }, (_, i) => {
				const id = `adapter-${i}`;
				return { id, owner: "bench", created: 0, folder: join(folder, id), bytes, rank: SMALL.rank };
			}),
		);
		log(`registered in ${digits(performance.now() - from, 0)} ms`);
		const sizes = [16, 32, 64, 96, 128, 256, 1024, registered];
		await traffic(backend, 100, drawing(16, "uniform"));
		for (const law of ["uniform", "Zipf"] as const) {
			for (const inUse of law === "Zipf" ? [registered] : sizes) {
				const measured = await traffic(backend, requests, drawing(inUse, law));
				rows.push({ registered, cachedAdapters: CACHED, law, inUse, ...measured });
				log(JSON.stringify(rows.at(-1)));
			}
		}
		const uniform = rows.filter(({ law }) => law === "uniform").map(({ tokensPerSecond }) => Number(tokensPerSecond));
		const worst = Math.min(...uniform.slice(1).map((rate, i) => rate / uniform[i]!));
		const target = (what: string, value: number, words: string, ok: boolean) =>
			targets.push({ what, value: digits(value, 2), target: words, ok });
		target("worst fall of throughput from one size to the next", worst, "≥ 0.5 (no cliff)", worst >= 0.5);
		const least = Math.min(...uniform) / Math.max(...uniform);
		target("throughput of all misses over all hits", least, "≥ 0.25", least >= 0.25);

		const cold: number[] = [];
		const batch = engine.openPaged({ rows: 16, sequences: 4, cacheBytes: 2 ** 22, adapterBytes: 2 ** 25 });
		const config = adapterConfig(LARGE_RANK);
		let large = 0;
		for (let i = 0; i < 20; i++) large = put(`large-${i}`, config, madeUpAdapter(base, LARGE_RANK, i).weights);
		for (let i = 0; i < 20; i++) {
			const start = performance.now();
			const resident = batch.makeResident(await loadAdapter(join(folder, `large-${i}`), base));
			cold.push(performance.now() - start);
			resident.free();
		}
		batch.close();
		const milliseconds = (median(cold) * 1e6) / large;
		rows.push({
			coldLoadBytes: large,
			coldLoadMs: digits(median(cold), 2),
			coldLoadMsWorst: digits(Math.max(...cold), 2),
		});
		target("cold load of an adapter, ms for 1 MB", milliseconds, "≤ 10", milliseconds <= 10);
		await backend.close();
		return { rows, targets };
	} finally {
		rmSync(folder, { recursive: true, force: true });
		machine.close();
	}
}
