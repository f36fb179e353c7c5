// Threads that scan rows for queries. It must not know who keeps the rows, nor how many there may be.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { TransientError } from "@openledger/protocol";
import { FeatureError } from "./errors.js";
import { checkFeatureQuery, checkFeatureWidth } from "./featureRows.js";
import { scanModule } from "./scanKernels.js";
import { paddedQuery, type ScanLayout, scanLayout } from "./scanLayout.js";
import { type FromMember, MEMBER, type MemberData, type ScanPart, type ToMember } from "./scanMember.js";
import { combineFound, type Found } from "./scanSums.js";
import { checkTopCount, type ScoreSummary } from "./scoreFeatureRows.js";

export const MOST_THREADS = 64;
/** The best that can be asked for at once, 16 MiB a thread; for more, take all scores. */
export const MOST_TOP = 2 ** 20;

export interface ScanTeam {
	readonly threads: number;
	readonly layout: ScanLayout;
	/** Makes a memory known to all; parts name it by the number returned. */
	share(memory: WebAssembly.Memory): number;
	/** Every row's score. Throws `features/bad-shape`, `features/bad-number`, `features/corrupt` where a file ends too early. */
	scan(query: Int8Array, parts: readonly ScanPart[]): Promise<Float64Array>;
	/** The k best, 0 to 2²⁰, and sums over all. Throws the same. */
	top(query: Int8Array, k: number, parts: readonly ScanPart[]): Promise<ScoreSummary>;
	close(): Promise<void>;
}

export interface ScanTeamOptions {
	/** 1 to 64; default as many as the machine has cores. */
	readonly threads?: number;
}

interface Pending {
	readonly found: Found[];
	resolve(found: readonly Found[]): void;
	reject(cause: Error): void;
}

const rowsOf = (parts: readonly ScanPart[]) => parts.reduce((sum, { rows }) => sum + rows, 0);

/** Starts the threads; they end with `close`, or with the process, which they do not keep alive. */
export function createScanTeam(width: number, options: ScanTeamOptions = {}): ScanTeam {
	checkFeatureWidth(width);
	const { threads = Math.min(MOST_THREADS, availableParallelism()) } = options;
	if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
		throw new FeatureError("features/bad-shape", `${threads} threads were asked for; 1 to ${MOST_THREADS} are right`);
	const layout = scanLayout(width, threads);
	const pending = new Map<number, Pending>();
	let jobs = 0;
	let memories = 0;
	let closed: Promise<void> | undefined;
	let broken: Error | undefined;

	const members = Array.from({ length: threads }, (_, member) => {
		const workerData: MemberData = { module: scanModule(), member };
		const worker = new Worker(MEMBER, { eval: true, execArgv: [], workerData });
		worker.on("message", hear);
		worker.on("error", (cause) => {
			broken ??= new TransientError(`a scan thread failed; open the scan again: ${cause.message}`, {
				code: "features/thread-failed",
				cause,
			});
			for (const id of [...pending.keys()]) settle(id, broken);
		});
		worker.unref();
		return worker;
	});

	const gone = members.map((member) => new Promise((resolve) => member.once("exit", resolve)));

	function tell(message: ToMember): void {
		for (const member of members) member.postMessage(message);
	}

	function settle(id: number, cause?: Error): void {
		const job = pending.get(id);
		if (job === undefined) return;
		pending.delete(id);
		if (pending.size === 0) for (const member of members) member.unref();
		if (cause === undefined) job.resolve(job.found);
		else job.reject(cause);
	}

	function hear(said: FromMember): void {
		if ("message" in said) {
			const cause =
				said.file === ""
					? new TransientError(`a scan thread could not go on: ${said.message}`, { code: "features/thread-failed" })
					: new FeatureError("features/corrupt", `${said.file} cannot be scanned: ${said.message}`);
			settle(said.id, cause);
			return;
		}
		const job = pending.get(said.id);
		if (job === undefined) return;
		const [s0, s1, s2, s3] = said.sums as [bigint, bigint, bigint, bigint];
		job.found.push({ sums: [s0, s1, s2, s3], best: said.best });
		if (job.found.length === threads) settle(said.id);
	}

	function run(query: Int8Array, k: number, parts: readonly ScanPart[], scores?: SharedArrayBuffer) {
		if (closed !== undefined) throw new FeatureError("features/closed", "the scan is closed; open another");
		if (broken !== undefined) throw broken;
		checkFeatureQuery(query, width);
		const id = jobs++;
		if (pending.size === 0) for (const member of members) member.ref();
		return new Promise<readonly Found[]>((resolve, reject) => {
			pending.set(id, { found: [], resolve, reject });
			tell({
				kind: "job",
				id,
				stride: layout.stride,
				blockRows: layout.blockRows,
				query: paddedQuery(query),
				k,
				parts,
				counter: new SharedArrayBuffer(4),
				...(scores && { scores }),
			});
		});
	}

	return {
		threads,
		layout,
		share(memory) {
			tell({ kind: "memory", index: memories, memory });
			return memories++;
		},
		async scan(query, parts) {
			const scores = new SharedArrayBuffer(8 * rowsOf(parts));
			await run(query, 0, parts, scores);
			return new Float64Array(scores);
		},
		async top(query, k, parts) {
			checkTopCount(k);
			if (k > MOST_TOP)
				throw new FeatureError(
					"features/too-large",
					`the ${k} best were asked for; ${MOST_TOP} are the most: use scan`,
				);
			const rows = rowsOf(parts);
			return combineFound(await run(query, Math.min(k, rows), parts), rows, k);
		},
		close() {
			closed ??= (async () => {
				for (const id of [...pending.keys()])
					settle(id, new FeatureError("features/closed", "the scan was closed before its answer"));
				for (const member of members) member.ref();
				tell({ kind: "close" });
				await Promise.all(gone);
			})();
			return closed;
		},
	};
}
