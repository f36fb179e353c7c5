// `openledger rewards settle`: closes the epoch, so that what was paid since the last one can be claimed.

import type { ClosedEpoch } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { counted, open } from "../output/amounts.js";
import { time } from "../output/proposals.js";
import { facts } from "../output/table.js";

export function rewardsSettleCommand(cli: Cli) {
	const spec = {
		name: "settle",
		describe: "close the epoch: collect its fees, keep its data for anybody to read, propose its roots",
		examples: ["rewards settle"],
	};
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		const { closed } = await api.post<{ closed: ClosedEpoch | null }>("/epochs/close");
		if (closed === null) return { json: { closed }, text: "No receipt waits; every paid answer is settled." };
		const text = facts(terminal, [
			["Epoch", `${closed.epoch}, ${counted(closed.receipts, "receipt")}`],
			["Earned", `${open(closed.totalWei)} OPEN by contributors, in all epochs`],
			["Receipts", closed.receiptsRoot],
			["Earnings", closed.earningsRoot],
			["Data", closed.certificate],
			closed.status === "active"
				? ["Next", "openledger rewards claim"]
				: [
						"Next",
						`its root can be challenged until ${time(BigInt(closed.challengeEnds))} UTC; then: openledger rewards claim`,
					],
		]);
		return { json: { closed }, text };
	});
}
