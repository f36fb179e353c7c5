// `openledger datanet list`.

import type { Datanet } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { short } from "../output/amounts.js";
import { table } from "../output/table.js";

const COLUMNS = [
	{ head: "Datanet" },
	{ head: "Rows", align: "right" },
	{ head: "Contributors", align: "right" },
	{ head: "Snapshots", align: "right" },
	{ head: "Licence" },
	{ head: "Id" },
] as const;

export function datanetListCommand(cli: Cli) {
	const spec = { name: "list", describe: "list datanets", examples: ["datanet list"] };
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		const { datanets } = await api.get<{ datanets: readonly Datanet[] }>("/datanets");
		const rows = datanets.map((d) => [
			d.name,
			String(d.rows),
			String(d.contributors),
			String(d.snapshots.length),
			d.licence,
			short(d.id),
		]);
		const none = "There is no datanet yet. Create one: openledger datanet create NAME";
		return { json: datanets, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}
