// `openledger stake withdraw`: take out what has waited its unbonding time.

import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";
import { type OperatorOptions, operatorOf, operatorOption, waitingText } from "./stakeOptions.js";

export function stakeWithdrawCommand(cli: Cli) {
	const spec = {
		name: "withdraw",
		describe: "take out all stake whose unbonding time is over",
		options: [operatorOption()],
		examples: ["stake withdraw"],
	};
	return ledgerCommand<OperatorOptions>(cli, spec, async (given) => {
		const { chain, ledger, options, terminal, address, signer } = given;
		const operator = operatorOf(options.operator, address);
		const staker = address();
		const { unbondings } = await chain.readStakerPosition(ledger, operator, staker);
		// The pending block's clock, as the withdrawal will meet it: a chain where nobody sends stands still at its last block.
		const { timestamp } = await ledger.client.publicClient.getBlock({ blockTag: "pending" });
		const ready = unbondings.filter(({ readyAt }) => readyAt <= timestamp);
		const waiting = unbondings.filter(({ readyAt }) => readyAt > timestamp);
		const account = ready.length === 0 ? undefined : await signer();
		for (const { index } of ready)
			await whileWaiting(
				terminal,
				"the withdrawal",
				chain.withdrawStake(ledger, account!, { operator, staker, index }),
			);
		const amountWei = ready.reduce((sum, one) => sum + one.amountWei, 0n);
		const out = ready.length === 0 ? "" : `${open(amountWei)} OPEN are in the wallet again.`;
		return {
			json: { operator, amountWei, withdrawn: ready, waiting },
			text: [out, ready.length > 0 && waiting.length === 0 ? "" : waitingText(waiting)].join(" ").trim(),
		};
	});
}
