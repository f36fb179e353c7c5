// `openledger gov queue`, `execute` and `cancel`: a proposal's next steps. Anybody may queue and execute.

import { findProposal } from "../client/findProposal.js";
import { type Chain, ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { time } from "../output/proposals.js";
import { whileWaiting } from "../output/showWaiting.js";

type Step = {
	readonly name: string;
	readonly describe: string;
	readonly done: string;
	act(chain: Chain): Chain["queueProposal"];
};

export const govQueueCommand = (cli: Cli) =>
	advanceCommand(cli, {
		name: "queue",
		describe: "start the timelock of a proposal that was carried; anybody may",
		done: "Queued",
		act: (chain) => chain.queueProposal,
	});

export const govExecuteCommand = (cli: Cli) =>
	advanceCommand(cli, {
		name: "execute",
		describe: "execute a proposal whose timelock is over; anybody may",
		done: "Executed",
		act: (chain) => chain.executeProposal,
	});

export const govCancelCommand = (cli: Cli) =>
	advanceCommand(cli, {
		name: "cancel",
		describe: "take the wallet's own proposal back, before votes begin",
		done: "Cancelled",
		act: (chain) => chain.cancelProposal,
	});

function advanceCommand(cli: Cli, { name, describe, done, act }: Step) {
	const spec = {
		...{ name, describe },
		args: [["<proposal>", "its number from gov list, or its id"]],
		examples: [`gov ${name} 1`],
	} as const;
	return ledgerCommand(cli, spec, async ({ chain, ledger, args, terminal, signer }) => {
		const { id, number } = await findProposal(chain, ledger, args[0]!);
		const doing = act(chain)(ledger, await signer(), { id });
		const { sent } = await whileWaiting(terminal, `proposal ${number}`, doing);
		const proposal = (await chain.readProposal(ledger, id))!;
		const after =
			proposal.state === "queued"
				? ` It can be executed from ${time(proposal.eta)} UTC: ${terminal.style.cyan(`openledger gov execute ${number}`)}`
				: "";
		const text = `${sent ? done : `${done} before`}: proposal ${number} is ${proposal.state}.${after}`;
		return { json: { ...proposal, hash: sent?.hash }, text };
	});
}
