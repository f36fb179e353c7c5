// The main job as a user runs it (`npm run demo -- --json`): shipped data twice, to see that it repeats, then other people's data.
// The trivia set is read from ../shared/data beside the repository; without it that row is left out, with a line.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";
import { triviaRows } from "./trivia-to-jsonl.js";

type Report = {
	readonly engineId: string;
	readonly snapshotRoot: string;
	readonly adapterDigest: string;
	readonly rows: number;
	readonly rejected: number;
	readonly contributors: number;
	readonly asked: readonly { readonly response: string; readonly shares: unknown }[];
	readonly answeredExactly: number;
	readonly topContributorRight: number;
	readonly paidWei: string;
	readonly claimedWei: string;
	readonly seconds: {
		readonly chain: number;
		readonly train: number;
		readonly serve: number;
		readonly settle: number;
		readonly total: number;
	};
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const trivia = join(root, "..", "shared", "data", "trivia", "geography.txt");
const TRIVIA_ROWS = 200;

/** Runs the demo and parses its last line. Throws what it said on stderr if it fails. */
function demo(args: readonly string[]): Promise<Report> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(root, "scripts", "demo.mjs"), "--json", ...args], {
			stdio: ["ignore", "pipe", "pipe"],
		});
		let out = "";
		let said = "";
		child.stdout.on("data", (text) => {
			out += text;
		});
		child.stderr.on("data", (text) => {
			said += text;
		});
		child.on("error", reject);
		child.on("close", (code) => {
			if (code === 0) resolve(JSON.parse(out.trim().split("\n").at(-1)!) as Report);
			else reject(new Error(`the demo ended with ${code}: ${said.slice(-800)}`));
		});
	});
}

const row = (data: string, r: Report) => ({
	data,
	rows: r.rows,
	rejected: r.rejected,
	contributors: r.contributors,
	asked: r.asked.length,
	answeredExactly: r.answeredExactly,
	topContributorRight: r.topContributorRight,
	paidWei: r.paidWei,
	...r.seconds,
});

/** What must be the same when the same data goes the same way again. */
const identity = (r: Report): string =>
	JSON.stringify([r.engineId, r.snapshotRoot, r.adapterDigest, r.asked.map((a) => [a.response, a.shares])]);

export async function run({ log }: BenchOptions): Promise<BenchResult> {
	log("shipped data, first run");
	const first = await demo([]);
	log(`  ${first.seconds.total.toFixed(1)} s; second run`);
	const second = await demo([]);
	const rows = [row("examples/world", first), row("examples/world, again", second)];
	const asked = first.asked.length;
	const targets: BenchTarget[] = [
		{
			what: "seconds of the slower run",
			value: Math.max(first.seconds.total, second.seconds.total),
			target: "≤ 240",
			ok: Math.max(first.seconds.total, second.seconds.total) <= 240,
		},
		{ what: "questions asked", value: asked, target: "≥ 24", ok: asked >= 24 },
		{
			what: "answered exactly, share",
			value: first.answeredExactly / asked,
			target: "≥ 0.9",
			ok: first.answeredExactly >= 0.9 * asked,
		},
		{
			what: "contributor of the fact first, share",
			value: first.topContributorRight / asked,
			target: "≥ 0.9",
			ok: first.topContributorRight >= 0.9 * asked,
		},
		{
			what: "runs whose paid equals claimed",
			value: [first, second].filter((r) => r.paidWei === r.claimedWei).length,
			target: "= 2",
			ok: [first, second].every((r) => r.paidWei === r.claimedWei),
		},
		{
			what: "second run identical",
			value: identity(first) === identity(second) ? 1 : 0,
			target: "= 1",
			ok: identity(first) === identity(second),
		},
	];
	if (!existsSync(trivia)) {
		log("no ../shared/data/trivia: other people's data left out");
		return { rows, targets };
	}
	log("other people's data (trivia)");
	const folder = mkdtempSync(join(tmpdir(), "openledger-bench-"));
	try {
		const file = join(folder, "trivia.jsonl");
		writeFileSync(
			file,
			triviaRows(readFileSync(trivia), { rows: TRIVIA_ROWS })
				.map((r) => `${JSON.stringify(r)}\n`)
				.join(""),
		);
		rows.push(row("trivia/geography, 200 rows", await demo(["--data", file])));
	} finally {
		rmSync(folder, { recursive: true });
	}
	return { rows, targets };
}
