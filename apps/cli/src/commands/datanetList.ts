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
		const { datanets, count } = await api.get<{ datanets: readonly Datanet[]; count: number }>("/datanets?limit=500");
		const rows = datanets.map((d) => [
			d.name,
			String(d.rows),
			String(d.contributors),
			String(d.versions),
			d.licence,
			short(d.id),
		]);
		const none = "There is no datanet yet. Create one: openledger datanet create NAME";
		const rest = count > rows.length ? `\n\nThe first ${rows.length} of ${count}.` : "";
		return { json: datanets, text: rows.length === 0 ? none : `${table(terminal, COLUMNS, rows)}${rest}` };
	});
}
