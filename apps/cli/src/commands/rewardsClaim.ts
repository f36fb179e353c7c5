// `openledger rewards claim [CONTRIBUTOR]`: pays settled earnings into wallets, each with its proof.

import type { Claimed } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { table } from "../output/table.js";

const COLUMNS = [
	{ head: "Contributor" },
	{ head: "Paid now, OPEN", align: "right" },
	{ head: "In all, OPEN", align: "right" },
	{ head: "Wallet" },
] as const;

export function rewardsClaimCommand(cli: Cli) {
	const spec = {
		name: "claim",
		describe: "pay settled earnings out to one contributor, or to all",
		args: [["[contributor]", "a contributor's name (default: everybody)"]],
		examples: ["rewards claim", "rewards claim amara"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const body = args[0] === undefined ? {} : { contributor: args[0] };
		const { claimed } = await api.post<{ claimed: readonly Claimed[] }>("/rewards/claim", body);
		const paid = claimed.filter((c) => BigInt(c.paidWei) > 0n);
		const rows = paid.map((c) => [c.contributor, open(c.paidWei), open(c.cumulativeWei), c.account]);
		const none =
			claimed.length === 0
				? "Nothing is settled yet. First: openledger rewards settle"
				: "Everything settled is paid out already. After new answers: openledger rewards settle";
		return { json: claimed, text: rows.length === 0 ? none : table(terminal, COLUMNS, rows) };
	});
}
