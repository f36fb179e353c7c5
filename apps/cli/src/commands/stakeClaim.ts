// `openledger stake claim`: what the wallet earned behind an operator. Collects the operator's till first, so that it counts.

import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";
import { type OperatorOptions, operatorOf, operatorOption } from "./stakeOptions.js";

export function stakeClaimCommand(cli: Cli) {
	const spec = {
		name: "claim",
		describe: "claim what the wallet earned behind an operator",
		options: [operatorOption()],
		examples: ["stake claim", "stake claim --operator 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
	};
	return ledgerCommand<OperatorOptions>(cli, spec, async (given) => {
		const { chain, ledger, options, terminal, address, signer } = given;
		const operator = operatorOf(options.operator, address);
		const staker = address();
		const account = await signer();
		const collected = await whileWaiting(
			terminal,
			"the till",
			chain.collectStakeRewards(ledger, account, { operator }),
		);
		const before = await chain.readBalance(ledger, staker);
		const { sent } = await whileWaiting(
			terminal,
			"the claim",
			chain.claimStakeReward(ledger, account, { operator, staker }),
		);
		const amountWei = (await chain.readBalance(ledger, staker)) - before;
		const streams =
			collected.amountWei === 0n
				? ""
				: ` ${open(collected.amountWei)} OPEN came in and are paid out over the reward time.`;
		const text = (sent ? `Claimed ${open(amountWei)} OPEN.` : "Nothing is earned yet.") + streams;
		return { json: { operator, amountWei, collectedWei: collected.amountWei, hash: sent?.hash }, text };
	});
}
