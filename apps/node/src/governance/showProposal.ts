// Proposals as people look at them: state, calls in words, who voted, which transactions moved them. Reads only.

import {
	decodeAction,
	forLists,
	type LedgerEvent,
	openGovernorAbi,
	type Proposal,
	readEventsOf,
	readLife,
	readProposed,
	VOTES,
} from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import type { Abi } from "viem";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { namesOfOperators } from "../staking/listOperators.js";

const VOTES_LISTED = 200;
const VOTED: readonly string[] = ["VoteCast", "VoteCastWithParams"];
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
	const lists = forLists(parts.ledger);
	const all = await readProposed(lists);
	const asked = all.filter(({ number }) => before === undefined || number < before).slice(-limit);
	const proposals = await Promise.all(asked.reverse().map((proposed) => readLife(lists, proposed)));
	return { proposals, count: all.length };
}

/** By its number, or its id. Throws `proposal/not-found`. */
export async function findProposal(parts: NodeParts, named: string): Promise<Proposal> {
	const found = (await readProposed(parts.ledger)).find(
		({ id, number }) => String(number) === named || String(id) === named,
	);
	if (found === undefined) throw notFound("proposal", named.slice(0, 80), "see the list of proposals");
	return await readLife(parts.ledger, found);
}

/** All of one. */
export async function showProposal(parts: NodeParts, named: string) {
	const { ledger } = parts;
	const proposal = await findProposal(parts, named);
	const names = await namesOfOperators(parts);
	const nameOf = (address: Address) => names.get(address.toLowerCase() as Address) ?? null;
	const [votes, steps] = await Promise.all([
		said(parts, proposal.id, VOTED),
		said(parts, proposal.id, Object.keys(STEPS)),
	]);
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
		steps: steps.map(stepOf),
		/** The pending block's clock, by which states change. */
		now: (await ledger.client.publicClient.getBlock({ blockTag: "pending" })).timestamp,
	};
}

type Said = Pick<LedgerEvent, "name" | "args" | "blockNumber" | "transactionHash" | "logIndex">;

/** What the governor said of one proposal, oldest first. */
async function said({ ledger }: NodeParts, proposalId: bigint, names: readonly string[]): Promise<Said[]> {
	const abi: Abi = openGovernorAbi;
	const found = await Promise.all(
		names.map(async (name) =>
			// Not every one of these events can be searched by its proposal.
			(await readEventsOf(ledger, { contract: "openGovernor", abi, name })).map((event) => ({ ...event, name })),
		),
	);
	return (found.flat() as Said[])
		.filter(({ args }) => args.proposalId === proposalId)
		.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
}

function stepOf({ name, args, blockNumber, transactionHash }: Said) {
	const until = name === "ProposalExtended" ? (args.extendedDeadline as bigint) : null;
	return { step: STEPS[name]!, until, blockNumber, transactionHash };
}
