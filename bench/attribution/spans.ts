// Part "spans" of the attribution scoreboard: the span index over 1, 10 and 100 MB of text: building, size, search, receipts, appending; and its
// answers beside those of a search that looks everywhere. Processor time, because what else the machine does is no property of an index.

import { rmSync } from "node:fs";
import { join } from "node:path";
import {
	buildSpanIndex,
	findSpans,
	openSpanIndex,
	proveSpans,
	type SpanIndex,
	spanRecordDigest,
	spanRules,
	verifySpanReceipt,
} from "@openledger/attribution";
import { type Hex, keccak256, type Row, utf8 } from "@openledger/protocol";
import type { BenchTarget } from "../run.js";
import type { PartOptions, PartResult } from "./part.js";
import { lineChart } from "./plotLines.js";
import { bruteSpans } from "./spans/brute.js";
import { madeAnswers, madeRows, sources } from "./spans/corpus.js";

/** Bytes of an answer of 400 tokens, at four bytes a token. */
const ANSWER_BYTES = 1600;
const CHECKED_ANSWERS = 12;
const BINDING = { receiptId: digest("receipt"), salt: digest("salt"), snapshotRoot: digest("snapshot") };

function digest(name: string): Hex {
	return keccak256(utf8(name));
}

/** Milliseconds of processor time of this process, all its threads. */
function processorTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

const round = (x: number, digits: number) => Number(x.toFixed(digits));
const at = (sorted: readonly number[], q: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;

interface Timed<T> {
	readonly value: T;
	readonly cpu: number;
	readonly wall: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
	const [cpu, wall] = [processorTime(), performance.now()];
	const value = await work();
	return { value, cpu: processorTime() - cpu, wall: performance.now() - wall };
}

function built(megabytes: number, { value: index, cpu, wall }: Timed<SpanIndex>) {
	const largest = index.segments.reduce((a, b) => (a.record.bytes >= b.record.bytes ? a : b));
	return {
		megabytes,
		rows: index.rows,
		segments: index.segments.length,
		buildMBPerSecond: round(index.bytes / cpu / 1000, 2),
		buildSeconds: round(cpu / 1000, 2),
		wallSeconds: round(wall / 1000, 2),
		indexBytesPerByte: round(index.segments.reduce((sum, { block }) => sum + block.length, 0) / index.bytes, 3),
		// Small segments are copied out of the memory that they were built in, which is gone then.
		...(largest.block.buffer instanceof SharedArrayBuffer && {
			buildingBytesPerByte: round(largest.block.buffer.byteLength / largest.record.bytes, 3),
		}),
	};
}

async function searched(megabytes: number, index: SpanIndex, answers: readonly string[]) {
	// The first answers bring the tables and the compiled code.
	for (const answer of answers.slice(0, 30)) findSpans(index, answer);
	const cpu: number[] = [];
	const wall: number[] = [];
	let spans = 0;
	for (const answer of answers) {
		const search = await timed(() => findSpans(index, answer));
		cpu.push(search.cpu);
		wall.push(search.wall);
		spans += search.value.length;
	}
	for (const list of [cpu, wall]) list.sort((a, b) => a - b);
	return {
		megabytes,
		answers: answers.length,
		spansPerAnswer: round(spans / answers.length, 1),
		p50ms: round(at(cpu, 0.5), 2),
		p99ms: round(at(cpu, 0.99), 2),
		p50wallMs: round(at(wall, 0.5), 2),
		p99wallMs: round(at(wall, 0.99), 2),
	};
}

async function receipted(megabytes: number, index: SpanIndex, answers: readonly string[], complete: boolean) {
	const sums = { prove: 0, verify: 0, proof: 0, record: 0, absences: 0, openings: 0 };
	for (const answer of answers) {
		const proved = await timed(() => proveSpans(index, answer, BINDING, { complete }));
		const { record } = proved.value;
		const known = { answer, salt: BINDING.salt, indexRoot: index.root, digest: spanRecordDigest(record) };
		const verified = await timed(() => verifySpanReceipt(proved.value, known));
		sums.prove += proved.cpu;
		sums.verify += verified.cpu;
		sums.proof += verified.value.proofBytes;
		sums.record += JSON.stringify(record).length;
		sums.absences += verified.value.absences;
		sums.openings += verified.value.openings;
	}
	const mean = (sum: number, digits: number) => round(sum / answers.length, digits);
	return {
		...{ megabytes, segments: index.segments.length, complete, answers: answers.length },
		...{ proveMs: mean(sums.prove, 1), verifyMs: mean(sums.verify, 1) },
		...{ recordBytes: mean(sums.record, 0), proofBytes: mean(sums.proof, 0) },
		...{ openings: mean(sums.openings, 0), absences: mean(sums.absences, 0) },
	};
}

/** Answers whose spans, counts and places an exhaustive search gives too. */
function agreeing(index: SpanIndex, rows: readonly Row[], answers: readonly string[]): number {
	const rules = spanRules();
	return answers.filter((answer) => {
		const found = findSpans(index, answer, rules).map(({ start, end, count, occurrences }) => ({
			start,
			end,
			count,
			occurrences,
		}));
		return JSON.stringify(found) === JSON.stringify(bruteSpans(rows, answer, rules));
	}).length;
}

async function appended(megabytes: number, rows: readonly Row[], folder: string) {
	rmSync(folder, { recursive: true, force: true });
	const store = await openSpanIndex(folder);
	try {
		const kept = rows.slice(0, -1001);
		const first = await timed(() => store.append(kept));
		const one = await timed(() => store.append(rows.slice(-1001, -1000)));
		const thousand = await timed(() => store.append(rows.slice(-1000)));
		const again = await timed(() => openSpanIndex(folder));
		const { root } = again.value.index;
		return {
			megabytes,
			storeSeconds: round(first.wall / 1000, 2),
			appendOneMs: round(one.cpu, 1),
			appendOneWallMs: round(one.wall, 1),
			appendThousandMs: round(thousand.cpu, 1),
			appendThousandWallMs: round(thousand.wall, 1),
			openMs: round(again.cpu, 1),
			openWallMs: round(again.wall, 1),
			sameRootAsAtOnce: root === store.index.root && root === buildSpanIndex(rows).root,
		};
	} finally {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Throws DataAbsent where the texts are not there. */
export async function run({ quick, log, keep }: PartOptions): Promise<PartResult> {
	const sizes = quick ? [1, 4] : [1, 10, 100];
	const from = sources();
	const answers = madeAnswers(from, quick ? 100 : 400, ANSWER_BYTES);
	const receipts = answers.slice(0, quick ? 10 : 40);
	const builds: ReturnType<typeof built>[] = [];
	const searches: Awaited<ReturnType<typeof searched>>[] = [];
	const proofs: Awaited<ReturnType<typeof receipted>>[] = [];
	const appends: Awaited<ReturnType<typeof appended>>[] = [];
	let agreed = 0;
	for (const megabytes of sizes) {
		log(`spans: ${megabytes} MB`);
		const rows = [...madeRows(from, megabytes * 1e6)];
		const build = await timed(() => buildSpanIndex(rows));
		builds.push(built(megabytes, build));
		searches.push(await searched(megabytes, build.value, answers));
		for (const complete of [true, false]) proofs.push(await receipted(megabytes, build.value, receipts, complete));
		if (megabytes === sizes[0]) agreed = agreeing(build.value, rows, answers.slice(0, CHECKED_ANSWERS));
		if (megabytes <= 10) appends.push(await appended(megabytes, rows, join(keep, "append")));
	}
	const [largest, slowest] = [builds.at(-1)!, searches.at(-1)!];
	const targets: BenchTarget[] = [
		target("build, MB/s of one core", largest.buildMBPerSecond, "≥ 4 MB/s", largest.buildMBPerSecond >= 4),
		target("index bytes per byte of text", largest.indexBytesPerByte, "≤ 8", largest.indexBytesPerByte <= 8),
		target(
			`p99 ms of processor time, 400-token answer over ${slowest.megabytes} MB`,
			slowest.p99ms,
			"≤ 20 ms",
			slowest.p99ms <= 20,
		),
		target("answers like those of an exhaustive search", agreed, `= ${CHECKED_ANSWERS}`, agreed === CHECKED_ANSWERS),
	];
	return {
		tables: [
			{
				name: "build",
				caption:
					"In memory, one thread, hashing for the root included. MB of text a second of processor time. buildingBytesPerByte: memory of the largest segment while it is built, text and result included; its text exists once more besides. Text: plays, problems and trivia; after the first pass every seventh word on average is another.",
				rows: builds,
			},
			{
				name: "search",
				caption:
					"findSpans: maximal spans, counts, rarity and places of an answer of 1,600 bytes, half of it copied in stretches of 5 to 24 words. Milliseconds of processor time over all answers, each asked once; beside it what a clock said on this machine, busy or not.",
				rows: searches,
			},
			{
				name: "receipts",
				caption:
					"Means over answers, processor time. complete: also shows that no span was left out. The record is what is kept and signed; the proof (canonical JSON) is made again at need.",
				rows: proofs,
			},
			{
				name: "append",
				caption:
					"On disk, each append flushed; what is appended last are one row and then a thousand. openMs reads and checks all segments.",
				rows: appends,
			},
			{
				name: "agreement",
				caption: `Answers whose spans, counts and places are those of a search that looks everywhere, over ${sizes[0]} MB.`,
				rows: [{ answers: CHECKED_ANSWERS, agreed }],
			},
		],
		targets,
		plots: [
			{
				name: "search",
				svg: lineChart({
					title: "Spans of a 400-token answer",
					xLabel: "MB of text",
					yLabel: "ms of processor time",
					logX: true,
					target: { value: 20, label: "target" },
					range: [0],
					series: [
						{ label: "p50", points: searches.map(({ megabytes, p50ms }) => ({ x: megabytes, y: p50ms })) },
						{ label: "p99", points: searches.map(({ megabytes, p99ms }) => ({ x: megabytes, y: p99ms })) },
					],
				}),
			},
		],
	};
}

function target(what: string, value: number, right: string, ok: boolean): BenchTarget {
	return { what, value, target: right, ok };
}
