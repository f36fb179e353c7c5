// `openledger datanet create NAME`: a datanet of one's own, on chain.

import { readFileSync } from "node:fs";
import { Option } from "commander";
import type { Datanet } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { unusable } from "../errors.js";
import { facts } from "../output/table.js";

export function datanetCreateCommand(cli: Cli) {
	const spec = {
		name: "create",
		describe: "create a datanet; the same name again is the same datanet",
		args: [["<name>", "its name: a-z, 0-9 and hyphen"]],
		options: [
			new Option("--licence <id>", "licence of its rows, as an SPDX id"),
			new Option("--terms <file>", "text of its terms; only its hash goes on chain"),
		],
		examples: ["datanet create rivers --licence CC0-1.0"],
	} as const;
	return nodeCommand<{ licence?: string; terms?: string }>(cli, spec, async ({ api, args, options, terminal }) => {
		const { licence, terms } = options;
		const body = { name: args[0], ...(licence && { licence }), ...(terms && { terms: read(terms) }) };
		const made = await api.post<Datanet>("/datanets", body);
		const next = `openledger datanet contribute ${made.name} FILE.jsonl --contributor NAME`;
		const entries = [
			["Datanet", made.name],
			["Id", made.id],
			["Licence", made.licence],
			["Next", next],
		] as const;
		return { json: made, text: facts(terminal, entries) };
	});
}

function read(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		throw unusable(file, cause);
	}
}
