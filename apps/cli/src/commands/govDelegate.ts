// `openledger gov delegate`: who votes with the wallet's OPEN; the OPEN stays in the wallet.

import { getAddress, isAddress } from "viem";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";

export function govDelegateCommand(cli: Cli) {
	const spec = {
		name: "delegate",
		describe: "let the wallet's OPEN vote: by the wallet itself, or by another address",
		args: [["[address]", "who votes with it (default: the wallet itself)"]],
		examples: ["gov delegate", "gov delegate 0x70997970C51812dc3A010C7d01b50e0d17dc79C8"],
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal, address, signer }) => {
		const [asked] = args;
		if (asked !== undefined && !isAddress(asked, { strict: false }))
			throw usage(`${JSON.stringify(asked)} is no address; it is 0x and 40 hex digits`);
		const delegate = asked === undefined ? address() : getAddress(asked.toLowerCase());
		const delegating = chain.delegateVotes(ledger, await signer(), { delegate });
		const { sent } = await whileWaiting(terminal, "the delegation", delegating);
		const { votesWei } = await chain.readVoter(ledger, delegate);
		const who = delegate === address() ? "The wallet" : delegate;
		const text = `${who} votes with ${open(votesWei)} OPEN${sent ? "" : " (as before)"}; they count on proposals from now on.`;
		return { json: { delegate, votesWei, hash: sent?.hash }, text };
	});
}
