// Proposals as people look at them: state, calls in words, who voted, which transactions moved them. Reads only.

import { decodeAction, type LedgerEvent, type Proposal, readEvents, readProposals, VOTES } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { namesOfOperators } from "../staking/listOperators.js";

const VOTES_LISTED = 200;
/** What the governor says of a proposal as it goes on. */
const STEPS: Readonly<Record<string, string>> = {
	ProposalCreated: "proposed",
	ProposalExtended: "extended",
	ProposalQueued: "queued",
	ProposalExecuted: "executed",
	ProposalCanceled: "canceled",
};

/** The newest first. */
export async function listProposals(
	parts: NodeParts,
	{ limit, before }: { limit: number; before?: number | undefined },
) {
	const all = await readProposals(parts.ledger);
	const asked = all.filter(({ number }) => before === undefined || number < before).reverse();
	return { proposals: asked.slice(0, limit), count: all.length };
}

/** By its number, or its id. Throws `proposal/not-found`. */
export async function findProposal(parts: NodeParts, named: string): Promise<Proposal> {
	const found = (await readProposals(parts.ledger)).find(
		({ id, number }) => String(number) === named || String(id) === named,
	);
	if (found === undefined) throw notFound("proposal", named.slice(0, 80), "see the list of proposals");
	return found;
}

/** All of one. */
export async function showProposal(parts: NodeParts, named: string) {
	const { ledger } = parts;
	const proposal = await findProposal(parts, named);
	const names = await namesOfOperators(parts);
	const nameOf = (address: Address) => names.get(address.toLowerCase() as Address) ?? null;
	const said = (await readEvents(ledger, { contracts: ["openGovernor"] })).filter(
		({ args }) => args.proposalId === proposal.id,
	);
	const votes = said.filter(({ name }) => name === "VoteCast" || name === "VoteCastWithParams");
	return {
		...proposal,
		proposerName: nameOf(proposal.proposer),
		decoded: proposal.actions.map((action) => decodeAction(ledger.addresses, action)),
		voteCount: votes.length,
		ballots: votes
			.reverse()
			.slice(0, VOTES_LISTED)
			.map(({ args, transactionHash }) => ({
				...{ voter: args.voter as Address, name: nameOf(args.voter as Address), weightWei: args.weight as bigint },
				...{ vote: VOTES[args.support as number]!, reason: args.reason as string, transactionHash },
			})),
		steps: said.filter(({ name }) => STEPS[name] !== undefined).map(stepOf),
		/** The pending block's clock, by which states change. */
		now: (await ledger.client.publicClient.getBlock({ blockTag: "pending" })).timestamp,
	};
}

function stepOf({ name, args, blockNumber, transactionHash }: LedgerEvent) {
	const until = name === "ProposalExtended" ? (args.extendedDeadline as bigint) : null;
	return { step: STEPS[name]!, until, blockNumber, transactionHash };
}
