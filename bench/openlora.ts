// Many adapters on one base: `npm run bench -- openlora [--part a,b] [--quick] [--json]`. Each part is a file of bench/openlora/ and knows what it
// measures; this one runs them, one after the other, and puts their rows together.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWhole } from "./attribution/keep.js";
import { machine } from "./machine.js";
import type { OpenLoraPartResult, RunOpenLoraPart } from "./openlora/part.js";
import type { BenchOptions, BenchResult } from "./run.js";

const PARTS = ["adapters", "cache", "receipts", "clients", "payment"] as const;
type PartName = (typeof PARTS)[number];

const HELP = `npm run bench -- openlora [--part NAME[,NAME]] [--quick] [--json]

  adapters   tokens/s with 1 to 512 adapters in use beside the base alone, adapter by adapter, and llama.cpp
  cache      10,000 registered adapters and a cache for 64: hit rate, throughput, time to first token, cold loads
  receipts   what attribution costs: off, deferred, inline
  clients    200 concurrent streaming clients: nothing lost, memory, fairness (5 minutes; --quick: 20 seconds)
  payment    paid requests/s by method beside unpaid ones; gas per request

  --part     these parts alone; by default all
  --quick    a smaller version of every table
  --json     the result as one line of JSON

Results: bench/results/openlora/PART[.quick].json, and all parts' newest in bench/results/openlora[.quick].json.
`;

type Asked = { readonly parts: readonly PartName[]; readonly quick: boolean };

/** What the arguments ask for, or what is wrong with them. */
export function parseArguments(args: readonly string[]): Asked | "help" | { readonly wrong: string } {
	let parts: readonly PartName[] = PARTS;
	let quick = false;
	for (let at = 0; at < args.length; at++) {
		const [flag, joined] = args[at]!.split(/=(.*)/s) as [string, string?];
		if (flag === "--help" || flag === "-h") return "help";
		if (args[at] === "--quick") quick = true;
		else if (flag === "--part") {
			const names = (joined ?? args[++at] ?? "").split(",");
			const unknown = names.find((name) => !PARTS.includes(name as PartName));
			if (unknown !== undefined) return { wrong: `--part "${unknown}" is not one of ${PARTS.join(", ")}.` };
			parts = PARTS.filter((part) => names.includes(part));
		} else return { wrong: `"${args[at]}" is not an argument of this bench.` };
	}
	return { parts, quick };
}

const results = fileURLToPath(new URL("./results/openlora/", import.meta.url));
const fileOf = (part: PartName, quick: boolean) => `${part}${quick ? ".quick" : ""}.json`;

async function runPart(part: PartName, { quick }: Asked, log: BenchOptions["log"]): Promise<boolean> {
	log(`${part}: begins${quick ? " (quick)" : ""}`);
	const from = performance.now();
	try {
		const { run } = (await import(`./openlora/${part}.ts`)) as { readonly run: RunOpenLoraPart };
		const { rows, targets } = await run({ quick, log: (line) => log(`  ${line}`) });
		const seconds = Math.round((performance.now() - from) / 100) / 10;
		const command = `npm run bench -- openlora --part ${part}${quick ? " --quick" : ""}`;
		const written = { part, date: new Date().toISOString(), command, machine: machine(), seconds, rows, targets };
		writeWhole(results, fileOf(part, quick), `${JSON.stringify(written, null, "\t")}\n`);
		log(`${part}: done in ${seconds} s`);
		return true;
	} catch (error) {
		log(`${part}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
		return false;
	}
}

function newest(quick: boolean): OpenLoraPartResult {
	const found = PARTS.filter((part) => existsSync(join(results, fileOf(part, quick)))).map((part) => {
		const text = readFileSync(join(results, fileOf(part, quick)), "utf8");
		return { part, ...(JSON.parse(text) as OpenLoraPartResult) };
	});
	return {
		rows: found.flatMap(({ part, rows }) => rows.map((row) => ({ part, ...row }))),
		targets: found.flatMap(({ part, targets }) => targets.map((t) => ({ ...t, what: `${part}: ${t.what}` }))),
	};
}

export async function run({ args, log }: BenchOptions): Promise<BenchResult | number> {
	const asked = parseArguments(args);
	if (asked === "help") {
		process.stdout.write(HELP);
		return 0;
	}
	if ("wrong" in asked) {
		log(`${asked.wrong} npm run bench -- openlora --help says what there is.`);
		return 2;
	}
	let failed = false;
	for (const part of asked.parts) failed = !(await runPart(part, asked, log)) || failed;
	return { ...newest(asked.quick), ...(asked.quick && { variant: "quick" }), failed };
}
