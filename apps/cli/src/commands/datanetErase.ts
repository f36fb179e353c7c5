// `openledger datanet erase DATANET ROW`: a row's key is destroyed, a signed tombstone says so, and no later snapshot holds it.

import { Option } from "commander";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { facts } from "../output/table.js";

type Erased = {
	readonly commitment: string;
	readonly contributor: string;
	readonly erasedAt: number;
	readonly tombstone: { readonly reason: string; readonly signature: string };
	readonly staleModels: readonly string[];
};

export function datanetEraseCommand(cli: Cli) {
	const spec = {
		name: "erase",
		describe: "erase a row for good; again changes nothing",
		args: [
			["<datanet>", "name or id"],
			["<row>", "its number in `datanet rows`, or its commitment"],
		],
		options: [
			new Option("--reason <word>", "a word such as withdrawn or legal-order; it can never be erased").default(
				"withdrawn",
			),
		],
		examples: ["datanet erase world 7", "datanet erase world 7 --reason legal-order"],
	} as const;
	return nodeCommand<{ readonly reason: string }>(cli, spec, async ({ api, args, options, terminal }) => {
		const [datanet, row] = args as [string, string];
		const body = { row, reason: options.reason };
		const done = await api.post<Erased>(`/datanets/${encodeURIComponent(datanet)}/erasures`, body);
		const stale = done.staleModels.length === 0 ? "none" : done.staleModels.join(", ");
		const text = facts(terminal, [
			["Erased", `row of ${done.contributor}, ${done.tombstone.reason}`],
			["Commitment", done.commitment],
			["When", `${new Date(done.erasedAt * 1000).toISOString()}`],
			["Tombstone", `signed, and on chain: ${done.tombstone.signature.slice(0, 20)}…`],
			["Models with it", stale],
			["From now on", "it earns nothing from the next epoch, and no new snapshot holds it"],
		]);
		return { json: done, text };
	});
}
