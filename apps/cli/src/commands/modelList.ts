// `openledger model list`.

import type { Model } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { short } from "../output/amounts.js";
import { table } from "../output/table.js";

const COLUMNS = [
	{ head: "Model" },
	{ head: "Base" },
	{ head: "Status" },
	{ head: "Served" },
	{ head: "Adapter" },
	{ head: "Id" },
] as const;

export function modelListCommand(cli: Cli) {
	const spec = { name: "list", describe: "list models", examples: ["model list"] };
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		const { models } = await api.get<{ models: readonly Model[] }>("/models");
		const rows = models.map((m) => [
			m.model,
			m.base,
			m.status,
			m.served ? "yes" : "no",
			short(m.adapterDigest),
			short(m.id),
		]);
		const none = "There is no model yet. Train one: openledger model train DATANET --name NAME";
		return { json: models, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}
