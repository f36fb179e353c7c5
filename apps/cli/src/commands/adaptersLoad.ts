// `openledger adapters load NAME FOLDER`: puts an adapter into a running server.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { codeOf, usage } from "../errors.js";
import { openServer, type ServerOptions, serverOptions } from "./adaptersClient.js";

type Options = ServerOptions & { readonly replace?: boolean; readonly pin?: boolean };

export function adaptersLoadCommand(cli: Cli) {
	const spec = {
		name: "load",
		describe: "put an adapter into a running server under a name",
		args: [
			["<name>", "the model's name in requests"],
			["<folder>", "in PEFT form, beneath the server's folder of adapters; as the server sees it"],
		] as const,
		options: [
			...serverOptions(),
			new Option("--replace", "the name is there already: it gets the new weights from the next request on"),
			new Option("--pin", "never put it out of memory"),
		],
		examples: ["adapters load rivers-2 rivers-2", "adapters load rivers ./adapters/rivers-3 --replace --pin"],
	};
	return localCommand<Options>(cli, spec, async ({ config, options, args }) => {
		const [name, given] = args as [string, string];
		// A server on this machine knows it by its whole path; one elsewhere has a folder of its own to begin from.
		const folder = existsSync(given) ? resolve(given) : given;
		const server = await openServer(config, options);
		const body = {
			...{ lora_name: name, lora_path: folder, load_inplace: options.replace === true },
			...(options.pin === true && { pinned: true }),
		};
		await server.post("/v1/load_lora_adapter", body).catch((error: unknown) => {
			if (codeOf(error) !== "adapter_loaded") throw error;
			throw usage(`${name} is served already; --replace gives it the new weights`);
		});
		const json = { name, folder, pinned: options.pin === true, url: server.url };
		return { json, text: `${name} is served at ${server.url}/v1` };
	});
}
