// What features cost beside the training they are taken from: the shipped rows, the default recipe. Time between two words of progress counts
// for the stage that the later one names, so it does not matter whether features are taken after the steps or among them.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultRecipe, trainAdapter } from "@openledger/factory";
import { createEngine, loadBase } from "@openledger/llm";
import { createMachine } from "@openledger/tensor";
import { nativeForBench } from "../../native.js";
import type { BenchValue } from "../../run.js";
import { rounded } from "./timing.js";

const folder = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const SNAPSHOT = `0x${"00".repeat(32)}` as const;

function worldRows(): { readonly prompt: string; readonly response: string }[] {
	const files = readdirSync(folder("examples/world")).filter((file) => file.endsWith(".jsonl"));
	return files
		.sort()
		.flatMap((file) =>
			readFileSync(join(folder("examples/world"), file), "utf8")
				.trim()
				.split("\n"),
		)
		.map((line) => JSON.parse(line) as { prompt: string; response: string });
}

export interface FeaturesCost {
	readonly row: Readonly<Record<string, BenchValue>>;
	/** Processor time of features by that of the steps. */
	readonly extra: number;
}

/** Trains once, on one thread. */
export async function measureFeatures(log: (line: string) => void): Promise<FeaturesCost> {
	const native = await nativeForBench();
	const base = await loadBase(folder("models/ember"));
	const rows = worldRows();
	const directory = mkdtempSync(join(tmpdir(), "openledger-cost-"));
	const seconds = { train: 0, features: 0 };
	const processor = { train: 0, features: 0 };
	try {
		let [at, used] = [performance.now(), process.cpuUsage()];
		const run = await trainAdapter({
			engine: createEngine(base, createMachine(native ? { kernels: native.source } : {})),
			rows,
			snapshotRoot: SNAPSHOT,
			recipe: defaultRecipe,
			directory,
			onProgress({ stage }) {
				const { user, system } = process.cpuUsage(used);
				seconds[stage] += (performance.now() - at) / 1000;
				processor[stage] += (user + system) / 1e6;
				[at, used] = [performance.now(), process.cpuUsage()];
			},
		});
		const extra = processor.features / processor.train;
		const row = {
			rows: rows.length,
			steps: run.history.length,
			checkpoints: run.checkpoints.length,
			kernels: native ? "native" : "WebAssembly",
			trainSeconds: rounded(seconds.train),
			featureSeconds: rounded(seconds.features),
			trainProcessorSeconds: rounded(processor.train),
			featureProcessorSeconds: rounded(processor.features),
			extra: rounded(extra),
			featuresPerSecond: Math.round((rows.length * run.checkpoints.length) / processor.features),
		};
		log(JSON.stringify(row));
		return { row, extra };
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}
