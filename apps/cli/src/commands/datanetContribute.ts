// `openledger datanet contribute DATANET FILE`: somebody's rows; every line that is not taken is named with its reason.

import { readFileSync } from "node:fs";
import { InvalidArgumentError, Option } from "commander";
import type { Contributed } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { unusable } from "../errors.js";
import { counted } from "../output/amounts.js";
import { table } from "../output/table.js";

const VERDICTS_SHOWN = 20;
const STDIN = 0;
const ENDINGS = [
	[/\.csv$/i, "csv"],
	[/\.(?:md|markdown)$/i, "markdown"],
	[/\.txt$/i, "text"],
] as const;

type Options = { readonly contributor: string; readonly format?: "jsonl" | "csv" | "markdown" | "text" };

export function datanetContributeCommand(cli: Cli) {
	const spec = {
		name: "contribute",
		describe: "contribute rows; the same rows again are the same contribution",
		args: [
			["<datanet>", "name or id of the datanet"],
			[
				"<file>",
				"JSON Lines or CSV with prompt and response (or completion), instruction, input and output, messages (JSON), or text; Markdown or text; - reads stdin",
			],
		],
		options: [
			new Option("--contributor <name>", "whose rows these are; every name has a wallet")
				.argParser(name)
				.makeOptionMandatory(),
			new Option("--format <format>", "what the file is (default: by its ending)").choices([
				"jsonl",
				"csv",
				"markdown",
				"text",
			]),
		],
		examples: ["datanet contribute world examples/world/amara.jsonl --contributor amara"],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, options, terminal }) => {
		const [datanet, file] = args as [string, string];
		const format = options.format ?? ENDINGS.find(([ending]) => ending.test(file))?.[1] ?? "jsonl";
		const body = { contributor: options.contributor, format, ...read(file) };
		const done = await api.post<Contributed>(`/datanets/${encodeURIComponent(datanet)}/contributions`, body);
		return { json: done, text: show(done), ok: done.status === "accepted" };

		function show({ acceptedRows, rejected, contributor, id, intake }: Contributed): string {
			const { style } = terminal;
			const mark = acceptedRows > 0 ? style.green("✓") : style.red("✗");
			const flagged = intake?.flagged ?? [];
			const lines = [
				`${mark} ${counted(acceptedRows, "row")} of ${contributor} accepted, ${rejected.length} rejected`,
				style.dim(`contribution ${id}`),
				...(intake === undefined ? [] : [style.dim(`pipeline ${intake.pipeline}`)]),
				...verdicts(rejected, "Rejected"),
				...verdicts(flagged, "Taken, but look at it"),
			];
			return lines.join("\n");
		}

		function verdicts(rows: Contributed["rejected"], head: string): string[] {
			if (rows.length === 0) return [];
			const shown = rows.slice(0, VERDICTS_SHOWN).map(({ line, code, reason }) => [String(line), code, reason]);
			const columns = [{ head: "Line", align: "right" }, { head: "Code" }, { head }] as const;
			const more = rows.length - VERDICTS_SHOWN;
			const rest = more > 0 ? [terminal.style.dim(`and ${more} more; --json has them all`)] : [];
			return ["", table(terminal, columns, shown), ...rest];
		}
	});
}

function name(value: string): string {
	if (value.trim() !== "") return value;
	throw new InvalidArgumentError("It must not be empty.");
}

/** Bytes that are not UTF-8 travel as they are: repaired, the row would be another; the node names the lines. */
function read(file: string): { readonly content: string; readonly encoding?: "base64" } {
	let bytes: Buffer;
	try {
		bytes = readFileSync(file === "-" ? STDIN : file);
	} catch (cause) {
		throw unusable(file, cause);
	}
	try {
		return { content: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
	} catch {
		return { content: bytes.toString("base64"), encoding: "base64" };
	}
}
