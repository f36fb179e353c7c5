// `openledger gov vote NUMBER for`: vote with the wallet's votes, after seeing what the proposal would do.

import { Option } from "commander";
import { findProposal } from "../client/findProposal.js";
import { ledgerCommand } from "../client/ledgerCommand.js";
import type { Cli } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open } from "../output/amounts.js";
import { showSimulation } from "../output/proposals.js";
import { whileWaiting } from "../output/showWaiting.js";

const ZERO = /^0x0{40}$/;

export function govVoteCommand(cli: Cli) {
	const spec = {
		name: "vote",
		describe: "vote on a proposal with all of the wallet's votes; shows first what it would do",
		args: [
			["<proposal>", "its number from gov list, or its id"],
			["<vote>", "for, against or abstain"],
		],
		options: [new Option("--reason <text>", "written on chain beside the vote")],
		examples: ["gov vote 1 for", 'gov vote 1 against --reason "an hour is too short"'],
	} as const;
	return ledgerCommand<{ readonly reason?: string }>(cli, spec, async (given) => {
		const { chain, ledger, args, options, terminal, address, signer } = given;
		const vote = chain.VOTES.find((known) => known === args[1]);
		if (vote === undefined) throw usage(`${JSON.stringify(args[1])} is no vote; vote for, against or abstain`);
		const proposal = await findProposal(chain, ledger, args[0]!);
		const voter = await chain.readVoter(ledger, address(), proposal);
		if (!voter.hasVoted && voter.countsWei === 0n) {
			const hint = ZERO.test(voter.delegate)
				? "OPEN votes once it is delegated, to oneself too: openledger gov delegate; it counts on proposals made afterwards"
				: "votes count as they were when the vote began";
			throw usage(`${address()} has no votes on proposal ${proposal.number}; ${hint}`);
		}
		const simulation = await chain.simulateActions(ledger, proposal.actions);
		const casting = chain.castVote(ledger, await signer(), { id: proposal.id, vote, reason: options.reason ?? "" });
		const { sent } = await whileWaiting(terminal, "the vote", casting);
		const text = [
			showSimulation(terminal, simulation),
			"",
			sent
				? `Voted ${vote} with ${open(voter.countsWei)} OPEN.`
				: "This wallet had voted on it already; that vote stands.",
		].join("\n");
		return { json: { ...proposal, vote, votesWei: voter.countsWei, simulation, hash: sent?.hash }, text };
	});
}
