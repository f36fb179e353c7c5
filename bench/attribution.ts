// The attribution scoreboard: `npm run bench -- attribution [--part a,b] [--quick] [--fresh] [--json]`. Each part is a file of
// bench/attribution/ and knows what it measures; this one runs them, one after the other, and writes what they give.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startClock, writeWhole } from "./attribution/keep.js";
import type { PartResult, RunPart } from "./attribution/part.js";
import { DataAbsent } from "./attribution/sets/data.js";
import { machine } from "./machine.js";
import type { BenchOptions, BenchResult, BenchTarget, BenchValue } from "./run.js";

const PARTS = ["lds", "facts", "contributors", "attacks", "verifier", "cost", "spans"] as const;
type PartName = (typeof PARTS)[number];

const HELP = `npm run bench -- attribution [--part NAME[,NAME]] [--quick] [--fresh] [--json]

  lds           predicted against true effect of leaving rows out, by rank (leave-1%-out retraining)
  facts         which row taught a fact, under paraphrase and style swap; random weights
  contributors  predicted against true effect of leaving a contributor out
  attacks       what splitting, copying and stuffing gain
  verifier      what checking a receipt costs, and what frauds it catches
  cost          features and index: seconds, bytes, milliseconds
  spans         span index: build, size, query times

  --part        these parts alone; by default all that are here
  --quick       a smaller version of every table, all of them in ten minutes
  --fresh       forget what an earlier, killed run had already done
  --json        the summary as one line of JSON

Results: bench/results/attribution/PART[.quick].json and PART[.quick]-PLOT.svg; a summary of all in bench/results/attribution[.quick].json.
A killed run goes on where it was. Sets of real text are read from ../shared/data beside the repository, and left out where that is absent.
`;

type Asked = { readonly parts: readonly PartName[]; readonly quick: boolean; readonly fresh: boolean };

/** What the arguments ask for, or what is wrong with them. */
export function parseArguments(args: readonly string[]): Asked | "help" | { readonly wrong: string } {
	let parts: readonly PartName[] = PARTS;
	let quick = false;
	let fresh = false;
	for (let at = 0; at < args.length; at++) {
		const [flag, joined] = args[at]!.split(/=(.*)/s) as [string, string?];
		if (flag === "--help" || flag === "-h") return "help";
		else if (args[at] === "--quick") quick = true;
		else if (args[at] === "--fresh") fresh = true;
		else if (flag === "--part") {
			const names = (joined ?? args[++at] ?? "").split(",");
			const unknown = names.find((name) => !PARTS.includes(name as PartName));
			if (unknown !== undefined) return { wrong: `--part "${unknown}" is not one of ${PARTS.join(", ")}.` };
			parts = PARTS.filter((part) => names.includes(part));
		} else return { wrong: `"${args[at]}" is not an argument of this bench.` };
	}
	return { parts, quick, fresh };
}

const here = fileURLToPath(new URL("./attribution/", import.meta.url));
const resultsFolder = fileURLToPath(new URL("./results/attribution/", import.meta.url));
const keepRoot = fileURLToPath(new URL("../.openledger/bench/attribution/", import.meta.url));

type Written = {
	readonly part: PartName;
	readonly date: string;
	readonly command: string;
	readonly machine: Readonly<Record<string, BenchValue>>;
	readonly seconds: number;
	readonly processorSeconds: number;
	readonly attempts: number;
	readonly tables: PartResult["tables"];
	readonly targets: readonly BenchTarget[];
};

type Outcome = { readonly part: PartName; readonly status: string; readonly failed: boolean };

async function runPart(part: PartName, { quick, fresh }: Asked, log: BenchOptions["log"]): Promise<Outcome> {
	if (!existsSync(join(here, `${part}.ts`))) {
		log(`${part}: missing, there is no bench/attribution/${part}.ts`);
		return { part, status: "missing", failed: false };
	}
	const size = quick ? `${part}.quick` : part;
	const keep = join(keepRoot, size);
	if (fresh) rmSync(keep, { recursive: true, force: true });
	const clock = startClock(keep);
	log(`${part}: begins${quick ? " (quick)" : ""}`);
	try {
		const { run } = (await import(`./attribution/${part}.ts`)) as { readonly run: RunPart };
		const told = (line: string): void => {
			log(`  ${line}`);
			clock.tick();
		};
		const { tables, targets, plots } = await run({ quick, log: told, keep });
		const { seconds, processorSeconds, attempts } = clock.finish();
		const written: Written = {
			part,
			date: new Date().toISOString(),
			command: `npm run bench -- attribution --part ${part}${quick ? " --quick" : ""}`,
			machine: machine(),
			seconds: Math.round(seconds * 10) / 10,
			processorSeconds: Math.round(processorSeconds * 10) / 10,
			attempts,
			tables,
			targets,
		};
		writeWhole(resultsFolder, `${size}.json`, `${JSON.stringify(written, null, "\t")}\n`);
		for (const { name, svg } of plots) writeWhole(resultsFolder, `${size}-${name}.svg`, svg);
		log(`${part}: done in ${Math.round(seconds)} s${attempts > 1 ? ` of ${attempts} attempts` : ""}`);
		return { part, status: "measured", failed: false };
	} catch (error) {
		if (error instanceof DataAbsent) {
			log(`${part}: left out: ${error.message}`);
			return { part, status: "no data", failed: false };
		}
		log(`${part}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
		return { part, status: "failed", failed: true };
	}
}

function readWritten(part: PartName, quick: boolean): Written | undefined {
	const path = join(resultsFolder, `${part}${quick ? ".quick" : ""}.json`);
	return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Written) : undefined;
}

/** One row a part: what this run did, and what the newest result of each part, this run's or an earlier one's, says of its targets. */
function summary(outcomes: readonly Outcome[], quick: boolean): Pick<BenchResult, "rows" | "targets"> {
	const rows = PARTS.map((part) => {
		const status = outcomes.find((outcome) => outcome.part === part)?.status ?? "not asked";
		const result = readWritten(part, quick);
		if (result === undefined) return { part, now: status, date: "", seconds: "", tables: "", targets: "" };
		const met = result.targets.filter(({ ok }) => ok).length;
		return {
			part,
			now: status,
			date: result.date,
			seconds: result.seconds,
			tables: result.tables.map(({ name }) => name).join(", "),
			targets: `${met} of ${result.targets.length} met`,
		};
	});
	const targets = PARTS.flatMap((part) =>
		(readWritten(part, quick)?.targets ?? []).map((target) => ({ ...target, what: `${part}: ${target.what}` })),
	);
	return { rows, targets };
}

export async function run({ args, log }: BenchOptions): Promise<BenchResult | number> {
	const asked = parseArguments(args);
	if (asked === "help") {
		process.stdout.write(HELP);
		return 0;
	}
	if ("wrong" in asked) {
		log(`${asked.wrong} npm run bench -- attribution --help says what there is.`);
		return 2;
	}
	const outcomes: Outcome[] = [];
	for (const part of asked.parts) outcomes.push(await runPart(part, asked, log));
	return {
		...summary(outcomes, asked.quick),
		...(asked.quick && { variant: "quick" }),
		failed: outcomes.some(({ failed }) => failed),
	};
}
