// `openledger datanet card DATANET`: the datanet told to strangers, as a page and as Croissant metadata.

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Option } from "commander";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { facts } from "../output/table.js";

type Card = {
	readonly version: number;
	readonly card: string;
	readonly croissant: Readonly<Record<string, unknown>>;
	readonly entries: string;
};

export function datanetCardCommand(cli: Cli) {
	const spec = {
		name: "card",
		describe: "show a datanet's card, or write it with Croissant 1.1 metadata and the snapshot's entries",
		args: [["<datanet>", "name or id"]],
		options: [new Option("--out <folder>", "write README.md, croissant.json and entries.jsonl there")],
		examples: ["datanet card world", "datanet card world --out cards/world"],
	} as const;
	return nodeCommand<{ readonly out?: string }>(cli, spec, async ({ api, args, options, terminal }) => {
		const made = await api.get<Card>(`/datanets/${encodeURIComponent(args[0]!)}/card`);
		if (options.out === undefined) return { json: made, text: made.card };
		const folder = resolve(options.out);
		mkdirSync(folder, { recursive: true });
		const files = {
			"README.md": made.card,
			"croissant.json": `${JSON.stringify(made.croissant, null, "\t")}\n`,
			"entries.jsonl": made.entries,
		};
		for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
		const entries = [
			["Snapshot", String(made.version)] as const,
			...Object.keys(files).map((name) => ["File", join(folder, name)] as const),
		];
		return { json: { version: made.version, folder, files: Object.keys(files) }, text: facts(terminal, entries) };
	});
}
