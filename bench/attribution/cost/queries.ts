// Milliseconds of a query against an index on disk, as it grows: rows resident in memory, or read from the files each time.

import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { type FeatureStore, openFeatureSearch, openFeatureStore } from "@openledger/attribution";
import type { BenchValue } from "../../run.js";
import { noiseQuery, noiseRows } from "./rows.js";
import { repeat, rounded } from "./timing.js";

type Row = Readonly<Record<string, BenchValue>>;

export interface GrownIndex {
	readonly queries: readonly Row[];
	readonly appends: readonly Row[];
	/** Bytes of all files, by row. */
	readonly bytesPerRow: number;
	/** Milliseconds of a resident query with the most threads at the greatest size: the median. */
	readonly queryMs: number;
}

export interface GrowOptions {
	readonly folder: string;
	readonly width: number;
	readonly sizes: readonly number[];
	readonly threads: readonly number[];
	/** What memory can be read at, GB/s, by threads. */
	readonly limit: ReadonlyMap<number, number>;
	readonly milliseconds: number;
	readonly log: (line: string) => void;
}

const PORTION = 10_000;
const TOP = 100;
const BEYOND_CACHES = 64e6;

/** Makes the system forget a file's pages (dd's nocache), without touching anyone else's; false where it cannot be asked. */
function forget(path: string): boolean {
	return spawnSync("dd", [`if=${path}`, "iflag=nocache", "count=0"], { stdio: "ignore" }).status === 0;
}

const filesOf = (folder: string) => readdirSync(folder).map((name) => join(folder, name));

async function measureAt(store: FeatureStore, options: GrowOptions): Promise<{ rows: Row[]; queryMs: number }> {
	const { folder, width, threads, limit, milliseconds, log } = options;
	const query = noiseQuery(width);
	const bytes = store.rows() * (width + 2);
	const out: Row[] = [];
	let queryMs = Number.POSITIVE_INFINITY;
	for (const count of threads) {
		for (const from of ["memory", "files, warm", "files, cold"]) {
			const search = await openFeatureSearch(store, { threads: count, resident: from === "memory" });
			const ask = () => search.top(query, TOP);
			const cold = from === "files, cold";
			if (cold && !filesOf(folder).every(forget)) {
				await search.close();
				continue;
			}
			// A cold read is one run: the next would find the pages again.
			const timed = cold ? await once(ask, () => filesOf(folder).every(forget)) : await repeat(ask, { milliseconds });
			if (from === "memory") queryMs = timed.median;
			const speed = bytes / timed.best / 1e6;
			const row = {
				rows: store.rows(),
				width,
				threads: count,
				from,
				medianMs: rounded(timed.median),
				bestMs: rounded(timed.best),
				processorMs: rounded(timed.processor),
				bestGBps: rounded(speed),
				ofMemorySpeed: from === "memory" && bytes >= BEYOND_CACHES ? rounded(speed / limit.get(count)!) : "",
				runs: timed.runs,
				load: rounded(loadavg()[0]!),
			};
			out.push(row);
			log(JSON.stringify(row));
			await search.close();
		}
	}
	return { rows: out, queryMs };
}

async function once(ask: () => Promise<unknown>, between: () => boolean) {
	const times: number[] = [];
	let processor = Number.POSITIVE_INFINITY;
	for (let run = 0; run < 3; run++) {
		between();
		const [begun, used] = [performance.now(), process.cpuUsage()];
		await ask();
		times.push(performance.now() - begun);
		const { user, system } = process.cpuUsage(used);
		processor = Math.min(processor, (user + system) / 1000);
	}
	times.sort((a, b) => a - b);
	return { best: times[0]!, median: times[1]!, processor, runs: times.length };
}

/** Appends with rows of one size for a while; every append is on disk before the next. */
async function measureAppends(store: FeatureStore, count: number, milliseconds: number): Promise<Row> {
	const portion = noiseRows(store.rows(), count, store.width);
	const before = store.rows();
	const timed = await repeat(() => store.append(portion), { least: 3, milliseconds });
	return {
		rowsBefore: before,
		width: store.width,
		rowsPerAppend: count,
		medianMs: rounded(timed.median),
		processorMs: rounded(timed.processor),
		rowsPerSecond: Math.round((count / timed.median) * 1000),
		appends: timed.runs,
		load: rounded(loadavg()[0]!),
	};
}

/** Grows an index through the sizes, asking it at each; its folder is removed in the end. */
export async function growIndex(options: GrowOptions): Promise<GrownIndex> {
	const { folder, width, sizes, milliseconds, log } = options;
	rmSync(folder, { recursive: true, force: true });
	const store = await openFeatureStore(folder, { width });
	const queries: Row[] = [];
	let queryMs = Number.POSITIVE_INFINITY;
	try {
		for (const size of sizes) {
			while (store.rows() < size) {
				const count = Math.min(PORTION, size - store.rows());
				await store.append(noiseRows(store.rows(), count, width));
			}
			const measured = await measureAt(store, options);
			queries.push(...measured.rows);
			queryMs = measured.queryMs;
		}
		const bytesPerRow = filesOf(folder).reduce((sum, path) => sum + statSync(path).size, 0) / store.rows();
		const appends: Row[] = [];
		for (const count of [1, 100, PORTION]) {
			appends.push(await measureAppends(store, count, milliseconds));
			log(JSON.stringify(appends.at(-1)));
		}
		return { queries, appends, bytesPerRow, queryMs };
	} finally {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	}
}
