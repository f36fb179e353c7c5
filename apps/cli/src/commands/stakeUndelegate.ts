// `openledger stake undelegate OPEN`: begin to leave an operator; what leaves earns nothing and can be slashed until it is out.

import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { openArgument } from "../output/parseOpen.js";
import { time } from "../output/proposals.js";
import { whileWaiting } from "../output/showWaiting.js";
import { type OperatorOptions, operatorOf, operatorOption } from "./stakeOptions.js";

export function stakeUndelegateCommand(cli: Cli) {
	const spec = {
		name: "undelegate",
		describe: "begin to take stake back; it comes after the unbonding time, and can be slashed until then",
		args: [["<open>", "how much, in OPEN, or all"]],
		options: [operatorOption()],
		examples: ["stake undelegate 10", "stake undelegate all"],
	} as const;
	return ledgerCommand<OperatorOptions>(cli, spec, async (given) => {
		const { chain, ledger, args, options, terminal, address, signer } = given;
		const operator = operatorOf(options.operator, address);
		const { shares, stakeWei } = await chain.readStakerPosition(ledger, operator, address());
		if (shares === 0n) throw usage(`this wallet has no stake behind ${operator}; see openledger stake show`);
		const wantedWei = args[0] === "all" ? stakeWei : openArgument(args[0]!);
		if (wantedWei > stakeWei)
			throw usage(`this wallet has ${open(stakeWei)} OPEN behind ${operator}; ask for that at most, or for all`);
		// Rounded down: never more leaves than was asked for, unless all does.
		const leaving = args[0] === "all" ? shares : (shares * wantedWei) / stakeWei;
		const undelegating = chain.undelegateStake(ledger, await signer(), { operator, shares: leaving });
		const { amountWei, readyAt, index, sent } = await whileWaiting(terminal, "the unbonding", undelegating);
		const { cyan } = terminal.style;
		const text = `${open(amountWei)} OPEN leave ${operator}; take them from ${time(readyAt)} UTC on with: ${cyan("openledger stake withdraw")}`;
		return { json: { operator, amountWei, readyAt, index, hash: sent.hash }, text };
	});
}
