// The bench runner: `npm run bench -- NAME [--json]`, `npm run bench -- list`. A .ts file beside it is a bench
// if it declares `export async function run(options): Promise<BenchResult>`; one that only answered a question (--help, a wrong argument)
// gives an exit status instead. Knows nothing of what a bench measures.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { machine } from "./machine.js";

export type BenchValue = string | number | boolean;

export type BenchTarget = {
	readonly what: string;
	readonly value: number;
	/** In words, with the comparison: "≥ 15 GFLOP/s". */
	readonly target: string;
	readonly ok: boolean;
};

export type BenchResult = {
	readonly rows: readonly Readonly<Record<string, BenchValue>>[];
	readonly targets: readonly BenchTarget[];
	/** Part of the result's file name, NAME.variant.json, for a bench that has several sizes. */
	readonly variant?: string;
	/** Something could not be measured: the exit status is 1, and what was measured is written. */
	readonly failed?: boolean;
};

export type BenchOptions = {
	/** What follows the bench's name on the command line, without --json. */
	readonly args: readonly string[];
	/** Progress, on stderr. */
	readonly log: (line: string) => void;
};

const here = dirname(fileURLToPath(import.meta.url));

function benchNames(): string[] {
	return readdirSync(here)
		.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "run.ts")
		.filter((file) => readFileSync(join(here, file), "utf8").includes("export async function run("))
		.map((file) => file.slice(0, -3))
		.sort();
}

function table(rows: BenchResult["rows"]): string {
	const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
	const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
	const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)));
	return cells.map((line) => line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  ")).join("\n");
}

async function main(argv: readonly string[]): Promise<number> {
	const json = argv.includes("--json");
	const [name, ...args] = argv.filter((arg) => arg !== "--json");
	const names = benchNames();
	if (name === "list") {
		process.stdout.write(`${json ? JSON.stringify(names) : names.join("\n")}\n`);
		return 0;
	}
	if (name === undefined || !names.includes(name)) {
		const wrong = name === undefined ? "No bench was named." : `There is no bench "${name}".`;
		process.stderr.write(`${wrong} Choose one of: ${names.join(", ")} (npm run bench -- NAME [--json]).\n`);
		return 2;
	}
	const bench: { run(options: BenchOptions): Promise<BenchResult | number> } = await import(`./${name}.ts`);
	const log = (line: string): void => void process.stderr.write(`${line}\n`);
	const measured = await bench.run({ args, log });
	if (typeof measured === "number") return measured;
	const { rows, targets, variant, failed = false } = measured;
	const status = failed ? 1 : 0;
	const file = variant === undefined ? `${name}.json` : `${name}.${variant}.json`;
	const result = { name, date: new Date().toISOString(), machine: machine(), rows, targets };
	mkdirSync(join(here, "results"), { recursive: true });
	writeFileSync(join(here, "results", file), `${JSON.stringify(result, null, "\t")}\n`);
	if (json) {
		process.stdout.write(`${JSON.stringify(result)}\n`);
		return status;
	}
	process.stdout.write(`${table(rows)}\n\n`);
	for (const { what, value, target, ok } of targets) {
		process.stdout.write(`${ok ? "met   " : "MISSED"} ${what}: ${value} (target ${target})\n`);
	}
	return status;
}

process.exitCode = await main(process.argv.slice(2));
