// `openledger adapters pin NAME`: keeps an adapter in a server's memory.

import { Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { openServer, type ServerOptions, serverOptions } from "./adaptersClient.js";

type Options = ServerOptions & { readonly off?: boolean };

export function adaptersPinCommand(cli: Cli) {
	const spec = {
		name: "pin",
		describe: "keep an adapter in a running server's memory, whatever else is asked for",
		args: [["<name>", "the model's name"]] as const,
		options: [...serverOptions(), new Option("--off", "let it be put out again")],
		examples: ["adapters pin rivers-2", "adapters pin rivers-2 --off"],
	};
	return localCommand<Options>(cli, spec, async ({ config, options, args }) => {
		const [name] = args as [string];
		const pinned = options.off !== true;
		const server = await openServer(config, options);
		await server.post("/v1/openledger/adapters/pin", { name, pinned });
		const text = pinned ? `${name} stays in memory once it is there` : `${name} may be put out of memory`;
		return { json: { name, pinned, url: server.url }, text };
	});
}
