// `openledger datanet create NAME`: a datanet of one's own, on chain.

import { readFileSync } from "node:fs";
import { Option } from "commander";
import type { Datanet } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { unusable } from "../errors.js";
import { parseOpen } from "../output/parseOpen.js";
import { facts } from "../output/table.js";

type Options = {
	readonly licence?: string;
	readonly terms?: string;
	readonly rule?: string;
	readonly stake?: bigint;
	readonly accessPrice?: bigint;
	readonly contentType?: string;
	readonly schema?: string;
};

export function datanetCreateCommand(cli: Cli) {
	const spec = {
		name: "create",
		describe: "create a datanet; the same name again is the same datanet",
		args: [["<name>", "its name: a-z, 0-9 and hyphen"]],
		options: [
			new Option("--licence <id>", "licence of its rows, as an SPDX id"),
			new Option("--terms <file>", "text of its terms; only its hash goes on chain"),
			new Option(
				"--rule <rule>",
				"who decides on contributions: the owner, a committee, or nobody unless challenged",
			).choices(["owner", "committee", "open"]),
			new Option("--stake <open>", "what a contributor puts down for each row, in OPEN").argParser(parseOpen),
			new Option("--access-price <open>", "what a training job pays for each row, in OPEN").argParser(parseOpen),
			new Option("--content-type <type>", "by default application/jsonl"),
			new Option("--schema <file>", "JSON schema that each row must satisfy; only its hash goes on chain"),
		],
		examples: [
			"datanet create rivers --licence CC0-1.0",
			"datanet create rivers --rule committee --stake 0.5 --access-price 0.01",
		],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, options, terminal }) => {
		const { licence, terms, rule, stake, accessPrice, contentType, schema } = options;
		const body = {
			name: args[0],
			...(licence && { licence }),
			...(terms && { terms: read(terms) }),
			...(rule && { rule }),
			...(stake !== undefined && { stakePerRowWei: String(stake) }),
			...(accessPrice !== undefined && { accessPriceWei: String(accessPrice) }),
			...(contentType && { contentType }),
			...(schema && { rowSchema: readJson(schema) }),
		};
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

function readJson(file: string): unknown {
	const text = read(file);
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw unusable(file, cause);
	}
}
