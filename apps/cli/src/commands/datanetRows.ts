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
	readonly prompt?: string;
	readonly response?: string;
};
type Listed = { readonly rows: readonly ListedRow[]; readonly next?: number };

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
		const path = `/datanets/${encodeURIComponent(args[0]!)}/rows?limit=500`;
		const of = options.contributor === undefined ? "" : `&contributor=${encodeURIComponent(options.contributor)}`;
		const wanted: ListedRow[] = [];
		for (let before: number | undefined; ; ) {
			const page = before === undefined ? "" : `&before=${before}`;
			const { rows, next } = await api.get<Listed>(`${path}${of}${page}`);
			// What the rows say is the studio's to show.
			wanted.push(...rows.map(({ prompt: _, response: __, ...row }) => row));
			if (next === undefined) break;
			before = next;
		}
		wanted.reverse();
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
