// `openledger stake delegate OPEN`: stand behind an operator with OPEN; it earns with it, and can be slashed with it.

import { assertHolds } from "../client/holdings.js";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { openArgument } from "../output/parseOpen.js";
import { whileWaiting } from "../output/showWaiting.js";
import { type OperatorOptions, operatorOf, operatorOption, showStake } from "./stakeOptions.js";

export function stakeDelegateCommand(cli: Cli) {
	const spec = {
		name: "delegate",
		describe: "stake OPEN behind an operator; it shares in what the operator earns and in what it is slashed",
		args: [["<open>", "how much, in OPEN"]],
		options: [operatorOption()],
		examples: ["stake delegate 25", "stake delegate 10 --operator 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
	} as const;
	return ledgerCommand<OperatorOptions>(cli, spec, async (given) => {
		const { api, chain, ledger, args, options, terminal, address, signer } = given;
		const amountWei = openArgument(args[0]!);
		const operator = operatorOf(options.operator, address);
		await assertHolds(api, address(), amountWei);
		const staking = chain.delegateStake(ledger, await signer(), { operator, amountWei });
		const { sent } = await whileWaiting(terminal, "the stake", staking);
		const stake = await chain.readStake(ledger, operator);
		const position = await chain.readStakerPosition(ledger, operator, address());
		const text = `Staked ${open(amountWei)} OPEN.\n\n${showStake(terminal, operator, stake, position)}`;
		return { json: { operator, amountWei, ...stake, position, hash: sent.hash }, text };
	});
}
