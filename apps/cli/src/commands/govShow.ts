// `openledger gov show NUMBER`: a proposal, its calls in words, and what they would change.

import { findProposal } from "../client/findProposal.js";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { showProposal, showSimulation } from "../output/proposals.js";

export function govShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show a proposal: state, votes, its calls decoded, and what they would change if executed now",
		args: [["<proposal>", "its number from gov list, or its id"]],
		examples: ["gov show 1"],
		signs: false,
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal }) => {
		const proposal = await findProposal(chain, ledger, args[0]!);
		const simulation = await chain.simulateActions(ledger, proposal.actions);
		const isOver = ["executed", "canceled", "defeated", "expired"].includes(proposal.state);
		const calls = isOver
			? proposal.actions.map((action, i) => `${i + 1}. ${chain.decodeAction(ledger.addresses, action).text}`).join("\n")
			: showSimulation(terminal, simulation);
		const text = [showProposal(terminal, proposal), "", calls].join("\n");
		return { json: { ...proposal, simulation }, text };
	});
}
