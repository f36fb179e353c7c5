// `openledger datanet check FILE`: what a datanet's checks say of a file, before it is contributed. No node is needed.

import { Option } from "commander";
import { type Cli, collect, localCommand } from "../defineCommand.js";
import { counted } from "../output/amounts.js";
import { openProgress } from "../output/progress.js";
import { facts, table } from "../output/table.js";

type Options = {
	readonly format?: "jsonl" | "csv" | "parquet" | "markdown" | "text";
	readonly licence?: string;
	readonly datanetLicence?: string;
	readonly language?: readonly string[];
	readonly schema?: string;
	readonly evaluation?: readonly string[];
	readonly dir?: string;
};

const CHECKS = [
	{ head: "Check" },
	{ head: "Version", align: "right" },
	{ head: "Passed", align: "right" },
	{ head: "Flagged", align: "right" },
	{ head: "Rejected", align: "right" },
] as const;
const LINES = [{ head: "Line", align: "right" }, { head: "Verdict" }, { head: "Code" }, { head: "Reason" }] as const;

export function datanetCheckCommand(cli: Cli) {
	const spec = {
		name: "check",
		describe: "run a datanet's checks over a file, offline; exit 1 if rows are rejected",
		args: [["<file>", "JSON Lines, CSV, Parquet, Markdown or text"]],
		options: [
			new Option("--format <format>", "what the file is (default: by its ending)").choices([
				"jsonl",
				"csv",
				"parquet",
				"markdown",
				"text",
			]),
			new Option("--licence <spdx>", "licence of the rows"),
			new Option("--datanet-licence <spdx>", "licence of the datanet they are meant for (default: the same)"),
			new Option("--language <code>", "a language that is taken, such as en; may be given again").argParser(collect),
			new Option("--schema <file>", "JSON schema of a row"),
			new Option("--evaluation <file>", "a test set that rows must not overlap with; may be given again").argParser(
				collect,
			),
			new Option("--dir <folder>", "keep verdicts and accepted rows there; a run that was ended goes on"),
		],
		examples: ["datanet check rows.jsonl --licence CC-BY-4.0", "datanet check rows.parquet --dir checked --json"],
	} as const;
	return localCommand<Options>(cli, spec, async ({ args, options, terminal }) => {
		const { checkFile } = await import("@openledger/node");
		const progress = openProgress(terminal);
		const { language, datanetLicence, ...rest } = options;
		const found = await checkFile(args[0]!, {
			...rest,
			datanetLicence,
			languages: language,
			onProgress: ({ rows, rejected }) =>
				progress.step({ stage: "check", message: `${counted(rows, "row")}, ${rejected} rejected` }),
		}).finally(() => progress.end());
		const { verdicts20, ...report } = found;
		const { style } = terminal;
		const { offered, accepted, flagged, rejected, clusters, languages, balance, pipeline, verdicts } = report;
		const mark = rejected === 0 ? style.green("✓") : style.red("✗");
		const lines = [
			`${mark} ${accepted} of ${counted(offered, "row")} would be taken, ${rejected} rejected, ${flagged} flagged`,
		];
		const spoken = Object.entries(languages).slice(0, 6);
		const entries = [
			["Clusters", String(clusters)],
			["Languages", spoken.map(([name, rows]) => `${name} ${rows}`).join(", ") || "-"],
			[
				"Labels",
				`${balance.rows} short responses, ${balance.labels} different${balance.isSkewed ? style.red(", skewed") : ""}`,
			],
			["Pipeline", pipeline],
			["Verdicts", verdicts],
		] as const;
		const checks = report.checks.map((c) => [
			c.name,
			String(c.version),
			String(c.passed),
			String(c.flagged),
			String(c.rejected),
		]);
		const told = verdicts20.flatMap(({ line, findings }) =>
			findings.map(({ action, code, reason }) => [String(line), action, code, reason]),
		);
		lines.push("", facts(terminal, entries), "", table(terminal, CHECKS, checks));
		if (told.length > 0) lines.push("", table(terminal, LINES, told));
		const more = rejected + flagged - verdicts20.length;
		if (more > 0) {
			const where = options.dir === undefined ? "--dir keeps them all" : `${options.dir}/verdicts.jsonl has them all`;
			lines.push(style.dim(`and ${more} more; ${where}`));
		}
		return { json: { ...report, first: verdicts20 }, text: lines.join("\n"), ok: rejected === 0 };
	});
}
