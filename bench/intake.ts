// Intake: how right the recognisers of secrets and personal data are, how many rows a second the pipeline takes, in how much memory,
// and that a killed run goes on to the very same verdicts. `npm run bench -- intake [--rows 1000000] [--quick]`.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StreamResult } from "@openledger/datanet";
import { measureRecognisers } from "../packages/datanet/src/recognisers/measure.js";
import { HELD_OUT } from "../packages/datanet/src/recognisers/testing/heldOut.js";
import { LABELLED } from "../packages/datanet/src/recognisers/testing/labelled.js";
import { writeRows } from "./intake/writeRows.js";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const shared = join(root, "..", "shared", "data");
const folder = join(root, ".openledger", "bench", "intake");
const once = join(root, "bench", "intake", "streamOnce.mjs");
const MOST_MIB = 1024;

type Once = {
	readonly report: StreamResult;
	readonly wallSeconds: number;
	readonly processorSeconds: number;
	readonly peakMiB: number;
};

export async function run({ args, log }: BenchOptions): Promise<BenchResult | number> {
	const quick = args.includes("--quick");
	const asked = args.includes("--rows") ? Number(args[args.indexOf("--rows") + 1]) : quick ? 50_000 : 1_000_000;
	if (!Number.isSafeInteger(asked) || asked < 10_000 || args.includes("--help")) {
		log("npm run bench -- intake [--rows N (10,000 or more; default 1,000,000)] [--quick (50,000)] [--json]");
		return args.includes("--help") ? 0 : 2;
	}
	build();
	mkdirSync(folder, { recursive: true });
	const rows: Record<string, string | number | boolean>[] = [];
	for (const [set, texts] of [
		["labelled", LABELLED],
		["held out", HELD_OUT],
	] as const) {
		for (const { recogniser, there, found, inVain, precisionPpm, recallPpm } of measureRecognisers(texts)) {
			if (there === 0 && inVain === 0) continue;
			rows.push({ part: `recognisers, ${set}`, what: recogniser, there, found, inVain, precisionPpm, recallPpm });
		}
	}

	log(`writing ${asked} rows`);
	const file = join(folder, `rows-${asked}.jsonl`);
	const written = writeRows(file, asked, shared);
	log(
		`written: ${(written.bytes / 1e6).toFixed(0)} MB, ${JSON.stringify(written.kinds)}${written.shared ? "" : " (without ../shared/data)"}`,
	);
	const whole = await stream(file, fresh("whole"), log);
	const perSecond = Math.floor(asked / whole.wallSeconds);
	const { offered, accepted, flagged, rejected, clusters, codes } = whole.report;
	rows.push({
		part: "stream",
		what: `${asked} rows, ${(written.bytes / 1e6).toFixed(0)} MB`,
		rowsPerSecond: perSecond,
		rowsPerProcessorSecond: Math.floor(asked / whole.processorSeconds),
		wallSeconds: Math.round(whole.wallSeconds),
		peakMiB: whole.peakMiB,
	});
	rows.push({ part: "verdicts", what: JSON.stringify(codes), offered, accepted, flagged, rejected, clusters });

	const few = Math.min(asked, 100_000);
	const part = few === asked ? file : join(folder, `rows-${few}.jsonl`);
	if (part !== file) writeRows(part, few, shared);
	const straight = few === asked ? whole : await stream(part, fresh("straight"), log);
	const dir = fresh("killed");
	const kills = [0.2, 0.45, 0.8].map((share) => Math.floor(few * share));
	for (const at of kills) await stream(part, dir, log, at);
	const resumed = await stream(part, dir, log);
	const same =
		JSON.stringify({ ...resumed.report, resumedAt: 0 }) === JSON.stringify({ ...straight.report, resumedAt: 0 });
	rows.push({
		part: "resume",
		what: `${few} rows, killed at ${kills.join(", ")}`,
		resumedAt: resumed.report.resumedAt,
		same,
	});

	const small = await stream(part, fresh("memory"), log);
	const growth = asked === few ? 0 : Math.round(((whole.peakMiB - small.peakMiB) * 2 ** 20) / (asked - few));
	rows.push({
		part: "memory",
		what: `bytes a row from ${few} to ${asked} rows`,
		bytesPerRow: growth,
		peakMiB: small.peakMiB,
	});
	const all = measureRecognisers(LABELLED).at(-1)!;
	const targets: BenchTarget[] = [
		{ what: "rows a second", value: perSecond, target: "≥ 4,000", ok: perSecond >= 4000 },
		{ what: "peak memory, MiB", value: whole.peakMiB, target: `≤ ${MOST_MIB}`, ok: whole.peakMiB <= MOST_MIB },
		{ what: "killed three times, same verdicts", value: same ? 1 : 0, target: "= 1", ok: same },
		{
			what: "precision on labelled texts, ppm",
			value: all.precisionPpm,
			target: "≥ 950,000",
			ok: all.precisionPpm >= 950_000,
		},
		{ what: "recall on labelled texts, ppm", value: all.recallPpm, target: "≥ 900,000", ok: all.recallPpm >= 900_000 },
	];
	return { rows, targets, ...(quick && { variant: "quick" }) };
}

/** The streams run as people run them, built. */
function build(): void {
	const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
	const { status } = spawnSync(process.execPath, [tsc, "-b"], { cwd: root, stdio: ["ignore", 2, 2] });
	if (status !== 0) throw new Error("the build failed; what it said stands above");
}

function fresh(name: string): string {
	const dir = join(folder, name);
	if (existsSync(dir) && statSync(dir).isDirectory()) rmSync(dir, { recursive: true });
	return dir;
}

/** Runs a stream to its end, or until it says that it has judged `killAt` rows: then it is killed. */
async function stream(file: string, dir: string, log: (line: string) => void, killAt?: number): Promise<Once> {
	const child = spawn(process.execPath, [once, file, dir], { cwd: root });
	let output = "";
	let errors = "";
	let told = performance.now();
	child.stdout.on("data", (data: Buffer) => {
		output += data.toString();
	});
	child.stderr.on("data", (data: Buffer) => {
		errors = (errors + data.toString()).slice(-4000);
		const rows = Number(/rows (\d+)\n$/.exec(errors)?.[1] ?? 0);
		if (killAt !== undefined && rows >= killAt) child.kill("SIGKILL");
		if (performance.now() - told < 10_000) return;
		told = performance.now();
		log(`${rows} rows judged`);
	});
	const code = await new Promise<number | null>((done) => child.on("close", done));
	if (killAt !== undefined && code !== 0) return {} as Once;
	if (code !== 0) throw new Error(`the stream ended with ${code}: ${errors}`);
	return JSON.parse(output) as Once;
}
