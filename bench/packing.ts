// What packing saves: padded positions and time of ember's training steps, rows padded side by side against rows end to end, the same rows
// in the same order, interleaved in one run. Trivia and word problems are ../shared/data where that is there.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
	adapterLoss,
	adapterParameterShapes,
	type Batch,
	batchFeeds,
	createEngine,
	createTrainer,
	encodeExample,
	epochBatches,
	initialAdapter,
	inputNameA,
	inputNameB,
	LINEARS,
	loadBase,
	makeBatch,
	meanWeights,
	packBatch,
	type TokenRow,
} from "@openledger/llm";
import { median, ready } from "./models.js";
import type { BenchOptions, BenchResult } from "./run.js";
import { triviaRows } from "./trivia-to-jsonl.js";

const BATCH_SIZE = 16;
const MAX_TOKENS = 256;
const BATCHES_TIMED = 12;
const ROUNDS = 3;
const THREADS = 2;
const ADAPTER = { rank: 16, alpha: 32, targets: LINEARS };
const SETTINGS = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 };
const LAYOUTS = { padded: makeBatch, packed: packBatch };
type Layout = keyof typeof LAYOUTS;
type Pair = { readonly prompt: string; readonly response: string };

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const lines = (file: string) => readFileSync(file, "utf8").trim().split("\n");

function readSets(log: BenchOptions["log"]): Record<string, Pair[]> {
	const world = readdirSync(path("../examples/world"))
		.filter((file) => file.endsWith(".jsonl"))
		.flatMap((file) => lines(path(`../examples/world/${file}`)))
		.map((line) => JSON.parse(line) as Pair);
	const data = path("../../shared/data/");
	if (!existsSync(data)) {
		log("no ../shared/data: examples/world alone");
		return { world };
	}
	const trivia = readdirSync(`${data}trivia`).flatMap((file) =>
		triviaRows(readFileSync(`${data}trivia/${file}`), { rows: 2000, maxPrompt: 2000, maxResponse: 4000 }),
	);
	const problems = lines(`${data}gsm8k/train.jsonl`)
		.slice(0, 1500)
		.map((line) => JSON.parse(line) as { question: string; answer: string })
		.map(({ question, answer }) => ({ prompt: question, response: answer }));
	return { world, trivia, gsm8k: problems };
}

export async function run({ log }: BenchOptions): Promise<BenchResult> {
	const base = await loadBase(path("../models/ember"));
	const { config, padding } = base;
	const rows: BenchResult["rows"][number][] = [];
	const targets: BenchResult["targets"][number][] = [];
	for (const [name, pairs] of Object.entries(readSets(log))) {
		const encoded = pairs
			.map(({ prompt, response }) => encodeExample(base, prompt, response))
			.filter(({ tokens }) => tokens.length <= MAX_TOKENS);
		const lengths = encoded.map(({ tokens }) => tokens.length);
		const order = epochBatches(lengths, BATCH_SIZE, 1, 0).map((ids) => ids.map((i): TokenRow => encoded[i]!));
		const real = lengths.reduce((sum, length) => sum + length - 1, 0);
		const lost = (batches: readonly Batch[]) =>
			Math.round(1000 * (1 - real / batches.reduce((sum, { tokens }) => sum + tokens.length, 0))) / 10;
		const shuffled = Array.from({ length: order.length }, (_, b) => encoded.filter((_, i) => i % order.length === b));

		const engine = createEngine(base, await ready(THREADS));
		const initial = new Map<string, Float32Array>();
		for (const [module, { A, B }] of initialAdapter(config, ADAPTER, 1))
			initial.set(inputNameA(module), A).set(inputNameB(module), B);
		const make = () =>
			createTrainer({
				machine: engine.machine,
				shapes: adapterParameterShapes(config, ADAPTER),
				initial,
				loss: adapterLoss(config, ADAPTER),
				settings: SETTINGS,
			});
		const trainers = { padded: make(), packed: make() };
		const speeds: Record<Layout, number[]> = { padded: [], packed: [] };
		for (let round = 0; round <= ROUNDS; round++) {
			for (const batchRows of order.slice(0, BATCHES_TIMED)) {
				const tokens = batchRows.reduce((sum, row) => sum + row.tokens.length - 1, 0);
				for (const layout of ["padded", "packed"] as const) {
					const batch = LAYOUTS[layout](batchRows, padding);
					const feeds = { ...engine.resident, ...batchFeeds(config, batch, meanWeights(batch)) };
					const begun = performance.now();
					trainers[layout].step(batch.shape, feeds, 1e-3);
					// The first round compiles.
					if (round > 0) speeds[layout].push((1000 * tokens) / (performance.now() - begun));
				}
			}
		}
		const [padded, packed] = [trainers.padded.state(), trainers.packed.state()].map(({ parameters }) =>
			Buffer.concat([...parameters.values()].map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength))),
		);
		const sameBits = padded!.equals(packed!);
		const ratio = Math.round((100 * median(speeds.packed)) / median(speeds.padded)) / 100;
		rows.push({
			data: name,
			rows: encoded.length,
			medianTokens: median(lengths),
			unsortedPaddingPercent: lost(shuffled.map((part) => makeBatch(part, padding))),
			paddingPercent: lost(order.map((part) => makeBatch(part, padding))),
			packedPaddingPercent: lost(order.map((part) => packBatch(part, padding))),
			paddedTokensPerSecond: Math.round(median(speeds.padded)),
			packedTokensPerSecond: Math.round(median(speeds.packed)),
			ratio,
			sameBits,
		});
		targets.push({
			what: `${name}: packed against padded`,
			value: ratio,
			target: "≥ 1, the same bits",
			ok: ratio >= 1 && sameBits,
		});
		log(JSON.stringify(rows.at(-1)));
		engine.machine.close();
	}
	return { rows, targets };
}
