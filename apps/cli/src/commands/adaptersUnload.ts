// `openledger adapters unload NAME`: takes an adapter out of a running server.

import { type Cli, localCommand } from "../defineCommand.js";
import { openServer, type ServerOptions, serverOptions } from "./adaptersClient.js";

export function adaptersUnloadCommand(cli: Cli) {
	const spec = {
		name: "unload",
		describe: "take an adapter out of a running server; requests under way finish, its files stay",
		args: [["<name>", "the model's name"]] as const,
		options: serverOptions(),
		examples: ["adapters unload rivers-2"],
	};
	return localCommand<ServerOptions>(cli, spec, async ({ config, options, args }) => {
		const [name] = args as [string];
		const server = await openServer(config, options);
		await server.post("/v1/unload_lora_adapter", { lora_name: name });
		return { json: { name, url: server.url }, text: `${name} is no longer served` };
	});
}
