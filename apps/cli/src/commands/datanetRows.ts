// `openledger datanet rows DATANET`: its rows by number, whose they are, and whether they are still there. Never what they say.

import { Option } from "commander";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { short } from "../output/amounts.js";
import { table } from "../output/table.js";

type ListedRow = {
	readonly row: number;
	readonly commitment: string;
	readonly contributor: string;
	readonly status: string;
};

const COLUMNS = [
	{ head: "Row", align: "right" },
	{ head: "Contributor" },
	{ head: "Status" },
	{ head: "Commitment" },
] as const;

export function datanetRowsCommand(cli: Cli) {
	const spec = {
		name: "rows",
		describe: "list a datanet's rows: number, contributor, status, commitment",
		args: [["<datanet>", "name or id"]],
		options: [new Option("--contributor <name>", "only rows of this contributor")],
		examples: ["datanet rows world --contributor amara"],
	} as const;
	return nodeCommand<{ readonly contributor?: string }>(cli, spec, async ({ api, args, options, terminal }) => {
		const path = `/datanets/${encodeURIComponent(args[0]!)}/rows`;
		const { rows } = await api.get<{ rows: readonly ListedRow[] }>(path);
		const wanted = rows.filter(
			({ contributor }) => options.contributor === undefined || contributor === options.contributor,
		);
		const lines = wanted.map(({ row, contributor, status, commitment }) => [
			String(row),
			contributor,
			status,
			short(commitment),
		]);
		const none = "There is no such row. Contribute some: openledger datanet contribute DATANET FILE --contributor NAME";
		return { json: wanted, text: lines.length === 0 ? none : table(terminal, COLUMNS, lines) };
	});
}
