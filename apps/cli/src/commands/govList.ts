// `openledger gov list`: proposals, youngest first, and the constants they can change.

import { Option } from "commander";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { counted } from "../output/amounts.js";
import { endOf, votesOf } from "../output/proposals.js";
import { cut, table } from "../output/table.js";
import { visibleText } from "../output/visibleText.js";

const PROPOSALS = [{ head: "No." }, { head: "State" }, { head: "Until" }, { head: "Votes" }, { head: "What" }] as const;
const CONSTANTS = [
	{ head: "Constant" },
	{ head: "Value", align: "right" },
	{ head: "Least", align: "right" },
	{ head: "Greatest", align: "right" },
] as const;

export function govListCommand(cli: Cli) {
	const spec = {
		name: "list",
		describe: "list proposals, or with --constants what governance may change and within which bounds",
		options: [new Option("--constants", "show the governed constants instead")],
		examples: ["gov list", "gov list --constants"],
		signs: false,
	};
	return ledgerCommand<{ readonly constants?: boolean }>(cli, spec, async ({ chain, ledger, options, terminal }) => {
		if (options.constants) {
			const constants = await chain.readParameters(ledger);
			const shown = constants.map(({ key, ...values }) => [
				key,
				...[values.value, values.min, values.max].map((value) => chain.showValue(key, value)),
			]);
			return { json: constants, text: table(terminal, CONSTANTS, shown) };
		}
		const proposals = (await chain.readProposals(ledger)).reverse();
		const rows = proposals.map((proposal) => [
			String(proposal.number),
			proposal.state,
			endOf(proposal),
			votesOf(proposal),
			visibleText(cut(proposal.description.split("\n")[0]!, 60)),
		]);
		const none = `No proposal yet. See what can be changed: openledger gov list --constants`;
		const { dim } = terminal.style;
		const text = [
			table(terminal, PROPOSALS, rows),
			dim(`${counted(rows.length, "proposal")}; see one: openledger gov show NUMBER`),
		];
		return { json: proposals, text: rows.length === 0 ? none : text.join("\n") };
	});
}
