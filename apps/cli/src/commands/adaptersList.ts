// `openledger adapters list`: what a server serves, and what of it is in memory.

import { Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { counted, short } from "../output/amounts.js";
import { table } from "../output/table.js";
import { openServer, type ServedAdapter, type ServerOptions, serverOptions } from "./adaptersClient.js";
import { whole } from "./samplingOptions.js";

type Options = ServerOptions & { readonly limit: number; readonly state?: string };

const COLUMNS = [
	{ head: "Adapter" },
	{ head: "State" },
	{ head: "Pinned" },
	{ head: "Rank", align: "right" },
	{ head: "MB", align: "right" },
	{ head: "Digest" },
] as const;

export function adaptersListCommand(cli: Cli) {
	const spec = {
		name: "list",
		describe: "list the adapters of a running server; those in memory first",
		options: [
			...serverOptions(),
			new Option("--state <state>", "only those").choices(["resident", "loading", "on-disk"]),
			new Option("--limit <n>", "rows to show; --json has them all").argParser(whole(1, 100_000)).default(40),
		],
		examples: ["adapters list", "adapters list --state resident --json"],
	};
	return localCommand<Options>(cli, spec, async ({ config, options, terminal }) => {
		const server = await openServer(config, options);
		const { data } = await server.get<{ data: readonly ServedAdapter[] }>("/v1/openledger/adapters");
		const found = data.filter(({ openledger }) => options.state === undefined || openledger.state === options.state);
		const sorted = [...found].sort((a, b) => orderOf(a) - orderOf(b));
		const rows = sorted
			.slice(0, options.limit)
			.map(({ id, openledger: about }) => [
				id,
				about.state ?? "",
				about.pinned ? "yes" : "no",
				String(about.rank ?? ""),
				about.bytes === undefined ? "" : (about.bytes / 1e6).toFixed(2),
				about.digest === null ? terminal.style.dim("not read yet") : short(about.digest),
			]);
		const resident = data.filter(({ openledger }) => openledger.state === "resident").length;
		const rest = found.length - rows.length;
		const summary = `${counted(data.length, "adapter")}, ${resident} in memory${rest > 0 ? `; ${rest} more not shown, see --limit` : ""}`;
		const none =
			data.length === 0
				? `${server.url} has no adapters yet. Load one: openledger adapters load NAME FOLDER`
				: `none of ${counted(data.length, "adapter")} is ${options.state}`;
		const text = rows.length === 0 ? none : `${table(terminal, COLUMNS, rows)}\n\n${terminal.style.dim(summary)}`;
		return { json: sorted, text };
	});
}

const orderOf = ({ openledger }: ServedAdapter): number =>
	["resident", "loading", "on-disk"].indexOf(openledger.state ?? "on-disk");
