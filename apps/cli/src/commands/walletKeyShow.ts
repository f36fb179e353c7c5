// `openledger wallet key show`: what is left on a prepaid key.

import { readKey } from "@openledger/sdk";
import { Option } from "commander";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { facts } from "../output/table.js";
import { readApiKey } from "../wallet/apiKeyFile.js";

type Options = { readonly apiKeyFile?: string };

export function walletKeyShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show the balance of a prepaid key",
		options: [new Option("--api-key-file <file>", "file with the key (default: $OPENLEDGER_API_KEY)")],
		examples: ["wallet key show --api-key-file key.txt"],
	};
	return nodeCommand<Options>(cli, spec, async ({ api, config, options, terminal }) => {
		const key = options.apiKeyFile === undefined ? config.apiKey : readApiKey(options.apiKeyFile).key;
		if (key === undefined)
			throw usage("which key? Give --api-key-file or OPENLEDGER_API_KEY; buy one: openledger wallet key buy 1");
		const state = await readKey({ url: api.url, key });
		const { dim } = terminal.style;
		const held = state.heldWei === 0n ? "" : dim(` (${open(state.heldWei)} held for answers under way)`);
		const text = facts(terminal, [
			["Key", state.id],
			["Balance", `${open(state.balanceWei)} OPEN${held}`],
			["Spent", `${open(state.spentWei)} OPEN`],
		]);
		return { json: state, text };
	});
}
