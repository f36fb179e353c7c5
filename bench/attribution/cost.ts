// Part "cost": what the per-inference tier costs. Milliseconds of a query over 10³ to 10⁶ rows, beside what the machine's memory can be read
// at; appends; bytes; and what features add to training.

import { join } from "node:path";
import { FEATURE_WIDTH, featureRowsTree, packedRowBytes } from "@openledger/attribution";
import { openReader } from "../bandwidth.js";
import type { BenchTarget, BenchValue } from "../run.js";
import { type GrownIndex, growIndex } from "./cost/queries.js";
import { noiseRows } from "./cost/rows.js";
import { repeat, rounded } from "./cost/timing.js";
import { measureFeatures } from "./cost/training.js";
import type { PartOptions, PartResult } from "./part.js";
import { lineChart } from "./plotLines.js";

type Row = Readonly<Record<string, BenchValue>>;

const THREADS = [1, 2];
const READ_BYTES = 2 ** 28;
const TREE_ROWS = 20_000;

/** GB/s at which so many threads read memory and do nothing else: the best of a few. */
async function memorySpeeds(): Promise<Map<number, number>> {
	const speeds = new Map<number, number>();
	for (const threads of THREADS) {
		const reader = await openReader(READ_BYTES, threads);
		const read: number[] = [];
		for (let i = 0; i < 5; i++) read.push(await reader.read());
		await reader.close();
		speeds.set(threads, Math.max(...read));
	}
	return speeds;
}

async function treeRow(width: number): Promise<Row> {
	const features = noiseRows(0, TREE_ROWS, width);
	const timed = await repeat(() => featureRowsTree(features), { least: 3, milliseconds: 500 });
	return { width, rows: TREE_ROWS, microsecondsPerRow: rounded((timed.processor / TREE_ROWS) * 1000) };
}

export async function run({ quick, log, keep }: PartOptions): Promise<PartResult> {
	const sizes = quick ? [1e3, 1e4, 1e5] : [1e3, 1e4, 1e5, 1e6];
	const widths = quick ? [FEATURE_WIDTH] : [1022, FEATURE_WIDTH];
	const most = sizes.at(-1)!;
	const limit = await memorySpeeds();
	const memory = THREADS.map((threads) => {
		const speed = limit.get(threads)!;
		return {
			threads,
			readGBps: rounded(speed),
			...Object.fromEntries(widths.map((w) => [`leastMsAt${w}x1e6`, rounded(((w + 2) * 1e6) / speed / 1e6)])),
		};
	});
	for (const row of memory) log(JSON.stringify(row));
	const grown: GrownIndex[] = [];
	for (const width of widths)
		grown.push(
			await growIndex({
				folder: join(keep, `index-${width}`),
				width,
				sizes,
				threads: THREADS,
				limit,
				milliseconds: quick ? 300 : 2000,
				log,
			}),
		);
	const trees: Row[] = [];
	for (const width of widths) trees.push(await treeRow(width));
	const bytes = widths.map((width, i) => ({
		width,
		record: width + 2,
		tree: 64,
		all: rounded(grown[i]!.bytesPerRow, 6),
	}));
	const features = await measureFeatures(log);
	const queries = grown.flatMap((own) => own.queries);
	const slowest = Math.max(...grown.map((own) => own.queryMs));
	const allowed = (200 * most) / 1e6;
	const targets: BenchTarget[] = [
		{
			what: `milliseconds of a query over ${most} rows in memory, 2 threads, slowest width, median`,
			value: rounded(slowest),
			target: `≤ ${allowed} ms`,
			ok: slowest <= allowed,
		},
		{
			what: `bytes of a row's feature of ${FEATURE_WIDTH} numbers at four bits with its scale, as a run keeps it`,
			value: packedRowBytes(FEATURE_WIDTH),
			target: "≤ 1024",
			ok: packedRowBytes(FEATURE_WIDTH) <= 1024,
		},
		{
			what: "processor time of features by that of training",
			value: rounded(features.extra),
			target: "≤ 0.25",
			ok: features.extra <= 0.25,
		},
	];
	return {
		tables: [
			{
				name: "memory",
				caption: `The limit: GB/s at which threads read ${READ_BYTES / 2 ** 20} MiB and do nothing else, best of 5, and the milliseconds that 10⁶ records take at that.`,
				rows: memory,
			},
			{
				name: "query",
				caption:
					"The 100 best rows and exact sums over all. From memory: rows resident in WebAssembly memories. From files: read for each query, with the system's cache warm, or dropped before each of 3 runs. processorMs is the least, all threads together. ofMemorySpeed is bestGBps by the table above, for indexes of 64 MB or more: smaller ones may lie in caches. load is how many programs wanted a core over the last minute: above the cores, the clock counts their turns too.",
				rows: queries,
			},
			{
				name: "append",
				caption:
					"Appends to the index on disk at its greatest size, each flushed, with leaves, tree and root, before the next begins.",
				rows: grown.flatMap((own) => own.appends),
			},
			{ name: "tree", caption: "Leaves, tree and root of rows in memory, processor time, best run.", rows: trees },
			{ name: "bytes", caption: "Bytes on disk by row: record, tree, all files together.", rows: bytes },
			{
				name: "features",
				caption: "One training on examples/world by the default recipe, one thread: seconds of steps, and of features.",
				rows: [features.row],
			},
		],
		targets,
		plots: [{ name: "query", svg: queryPlot(queries, allowed, most) }],
	};
}

function queryPlot(queries: readonly Row[], allowed: number, most: number): string {
	const width = Math.max(...queries.map((row) => Number(row.width)));
	const own = queries.filter((row) => row.width === width);
	const series = THREADS.flatMap((threads) =>
		["memory", "files, warm"].map((from) => ({
			label: `${from}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
			points: own
				.filter((row) => row.threads === threads && row.from === from)
				.map((row) => ({ x: Number(row.rows), y: Number(row.medianMs), low: Number(row.bestMs) })),
		})),
	);
	return lineChart({
		title: "A query against the feature index",
		subtitle: `${width} numbers a row; median, down to the best run`,
		xLabel: "rows",
		yLabel: "milliseconds",
		logX: true,
		logY: true,
		series,
		target: { value: allowed, label: `target at ${most} rows` },
	});
}
