// `openledger stake show`: what stands behind an operator, and what of it is the wallet's.

import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { operatorOf, showStake } from "./stakeOptions.js";

export function stakeShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show what is staked behind an operator, what is yours of it, and what you earned",
		args: [["[operator]", "address of a node, trainer, verifier or curator (default: the wallet)"]],
		examples: ["stake show", "stake show 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
		signs: false,
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal, address }) => {
		const operator = operatorOf(args[0], address);
		const stake = await chain.readStake(ledger, operator);
		const position = await chain.readStakerPosition(ledger, operator, address());
		const { cyan } = terminal.style;
		const none = stake.activeWei + stake.unbondingWei === 0n;
		const hint = none ? `\n\nNobody stands behind it yet. Be the first: ${cyan("openledger stake delegate OPEN")}` : "";
		return { json: { operator, ...stake, position }, text: showStake(terminal, operator, stake, position) + hint };
	});
}
