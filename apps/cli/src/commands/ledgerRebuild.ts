// `openledger ledger rebuild`: the whole ledger from a chain and a data layer alone, checked on the way, and held against a node's database.

import { writeFileSync } from "node:fs";
import { Option } from "commander";
import type { Status } from "../client/records.js";
import { withNode } from "../client/withNode.js";
import { type Cli, type Given, homeOption, localCommand, type Outcome, urlOption } from "../defineCommand.js";
import { usage } from "../errors.js";
import { counted } from "../output/amounts.js";
import { facts, table } from "../output/table.js";
import { readAddresses } from "./ledgerSources.js";

type Options = {
	readonly rpc?: string;
	readonly da?: string;
	readonly addresses?: string;
	readonly compare?: boolean;
	readonly out?: string;
};

type Node = typeof import("@openledger/node");
type Rebuilt = Awaited<ReturnType<Node["rebuildLedger"]>>;
type State = Rebuilt["state"];

const EPOCHS = [
	{ head: "Epoch", align: "right" },
	{ head: "State" },
	{ head: "Receipts", align: "right" },
	{ head: "Earners", align: "right" },
	{ head: "Bytes", align: "right" },
	{ head: "Faults", align: "right" },
] as const;

export function ledgerRebuildCommand(cli: Cli) {
	const spec = {
		name: "rebuild",
		describe:
			"rebuild the whole ledger from chain and data layer alone; exit 1 if an epoch is wrong or a comparison differs",
		options: [
			homeOption(),
			urlOption(),
			new Option("--rpc <url>", "the chain (default: the node's)"),
			new Option("--da <url>", "the data layer, an EigenDA proxy's or a node's (default: the node's)"),
			new Option("--addresses <file>", "JSON of contract names and addresses (default: the node's)"),
			new Option("--compare", "hold the result against the node's database, row by row"),
			new Option("--out <file>", "write all rows there, one JSON a line"),
		],
		examples: [
			"ledger rebuild --compare",
			"ledger rebuild --rpc http://127.0.0.1:8545 --da http://127.0.0.1:3100 --addresses addresses.json --json",
		],
	};
	return localCommand<Options>(cli, spec, async (given) => {
		const { options, config, terminal } = given;
		const { rpc, da, addresses, compare } = options;
		const alone = rpc !== undefined && da !== undefined && addresses !== undefined;
		if (alone && compare !== true) return await rebuild(given, { rpc, da, addresses: readAddresses(addresses) });
		return await withNode(config, terminal, async (api) => {
			const status = await api.get<Status>("/status");
			const sources = {
				rpc: rpc ?? status.rpcUrl,
				da: da ?? `${new URL(status.rpcUrl).origin}/da`,
				addresses: addresses === undefined ? status.addresses : readAddresses(addresses),
			};
			const own = compare === true ? (await api.get<{ readonly state: State }>("/ledger")).state : undefined;
			return await rebuild(given, sources, own);
		});
	});
}

type Sources = { readonly rpc: string; readonly da: string; readonly addresses: unknown };

async function rebuild({ options, terminal }: Given<Options>, sources: Sources, own?: State): Promise<Outcome> {
	const { countRows, dataLayerAt, firstDifference, ledgerAt, rebuildLedger, stateHash } = await import(
		"@openledger/node"
	);
	const ledger = await ledgerAt(sources.rpc, sources.addresses);
	const found = await rebuildLedger({
		...{ ledger, data: dataLayerAt(sources.da) },
		onProgress: ({ what, done, total }) => terminal.live(terminal.noteStyle.dim(`${what} ${done} of ${total}`)),
	});
	terminal.live(undefined);
	if (options.out !== undefined) writeRows(options.out, found.state);
	const { hash, block, epochs } = found;
	const rows = countRows(found.state);
	const faults = epochs.flatMap((epoch) => epoch.faults.map(({ message }) => `epoch ${epoch.epoch}: ${message}`));
	const difference = own && firstDifference(found.state, own);
	const same = own === undefined ? undefined : difference === undefined;
	const json = {
		...{ hash, block, rows, faults },
		epochs: epochs.map(({ faults: wrong, ...epoch }) => ({ ...epoch, faults: wrong.length })),
		...(own && { identical: same, databaseHash: stateHash(own), ...(difference && { difference }) }),
	};
	const { dim, green, red } = terminal.style;
	const lines = [
		facts(terminal, [
			["Ledger", hash],
			["Chain", `to block ${block}, ${sources.rpc}`],
			["Data", sources.da],
			[
				"Rows",
				Object.entries(rows)
					.map(([name, n]) => `${n} ${name}`)
					.join(", "),
			],
		]),
		"",
		epochs.length === 0
			? dim("No epoch is proposed yet. After answers were paid: openledger rewards settle")
			: table(
					terminal,
					EPOCHS,
					epochs.map((it) => [it.epoch, it.status, it.receipts, it.accounts, it.bytes, it.faults.length].map(String)),
				),
		...faults.map(red),
		...(same === true ? ["", green("identical to the node's database, row by row")] : []),
		...(difference === undefined
			? []
			: [
					"",
					red(`first difference: ${difference.table} ${difference.key}`),
					`  rebuilt   ${difference.one ?? "nothing"}`,
					`  database  ${difference.other ?? "nothing"}`,
				]),
		...(faults.length === 0 ? [] : ["", red(`${counted(faults.length, "fault")}`)]),
	];
	return { json, text: lines.join("\n"), ok: faults.length === 0 && same !== false };
}

function writeRows(file: string, state: State): void {
	const lines = Object.entries(state).flatMap(([name, rows]) =>
		rows.map(({ text }) => `{"table":"${name}","row":${text}}\n`),
	);
	try {
		writeFileSync(file, lines.join(""));
	} catch (cause) {
		throw usage(`${file} cannot be written: ${(cause as Error).message}`);
	}
}
