// `openledger datanet show DATANET`: contributions and snapshots.

import type { Contributions, Datanet } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { short } from "../output/amounts.js";
import { facts, table } from "../output/table.js";

const CONTRIBUTIONS = [
	{ head: "Contributor" },
	{ head: "Accepted", align: "right" },
	{ head: "Offered", align: "right" },
	{ head: "Status" },
	{ head: "Wallet" },
	{ head: "Contribution" },
] as const;
const SNAPSHOTS = [{ head: "Snapshot", align: "right" }, { head: "Rows", align: "right" }, { head: "Root" }] as const;
/** Contributions that are listed. */
const LATEST = 100;

export function datanetShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show a datanet with its contributions and snapshots",
		args: [["<datanet>", "name or id"]],
		examples: ["datanet show world"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const path = `/datanets/${encodeURIComponent(args[0]!)}`;
		const found = await api.get<Datanet>(path);
		const { contributions } = await api.get<Contributions>(`${path}/contributions?limit=${LATEST}`);
		const { name, id, licence, rows, contributors } = found;
		const head = facts(terminal, [
			["Datanet", name],
			["Id", id],
			["Licence", licence],
			["Rows", `${rows} by ${contributors} contributors`],
		]);
		const offered = contributions.map((c) => [
			c.contributor,
			String(c.acceptedRows),
			String(c.offeredRows),
			c.status,
			short(c.account),
			short(c.id),
		]);
		const frozen = found.snapshots.map((s) => [String(s.version), String(s.rowCount), s.root]);
		const parts = [head];
		if (offered.length > 0) parts.push(table(terminal, CONTRIBUTIONS, offered));
		if (found.contributions > offered.length)
			parts.push(`The latest ${offered.length} of ${found.contributions} contributions are listed.`);
		if (frozen.length > 0) parts.push(table(terminal, SNAPSHOTS, frozen));
		// As one thing, though the node gives contributions page by page.
		return { json: { ...found, contributions, contributionCount: found.contributions }, text: parts.join("\n\n") };
	});
}
