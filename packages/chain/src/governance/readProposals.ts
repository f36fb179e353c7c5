// Proposals as the governor keeps them, with their texts from its events. Reads only.
import { proposalDescription } from "@openledger/protocol";
import type { AbiStateMutability, Address, ContractFunctionArgs, ContractFunctionName } from "viem";
import type { Ledger } from "../client/ledger.js";
import { openGovernorAbi, openTokenAbi } from "../generated/index.js";
import { readEventsOf } from "../reads/readEventsOf.js";
import type { Action } from "./actions.js";

/** In the governor's order. */
export const PROPOSAL_STATES = [
	"pending",
	"active",
	"canceled",
	"defeated",
	"succeeded",
	"queued",
	"expired",
	"executed",
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Times in seconds, votes in wei of OPEN. */
export type Proposal = {
	readonly id: bigint;
	/** 1 for the first; people name proposals by it. */
	readonly number: number;
	readonly proposer: Address;
	readonly description: string;
	readonly actions: readonly Action[];
	readonly state: ProposalState;
	/** Votes count as they were at the end of this second, and are taken after it. */
	readonly snapshot: bigint;
	readonly deadline: bigint;
	/** When it can be executed; 0 until it is queued. */
	readonly eta: bigint;
	readonly votes: { readonly against: bigint; readonly for: bigint; readonly abstain: bigint };
	/** Undefined until the snapshot is past, and of a cancelled proposal. */
	readonly quorum: bigint | undefined;
};

export type Proposed = Pick<Proposal, "id" | "number" | "proposer" | "description" | "actions">;

type View = Extract<AbiStateMutability, "view" | "pure">;
type Name = ContractFunctionName<typeof openGovernorAbi, View>;

/** All proposals, oldest first. */
export async function readProposals(ledger: Ledger): Promise<Proposal[]> {
	return await Promise.all((await readProposed(ledger)).map((proposed) => readLife(ledger, proposed)));
}

/** What was proposed, oldest first: what its events say, without what became of it since. */
export async function readProposed(ledger: Ledger): Promise<Proposed[]> {
	const asked = { contract: "openGovernor", abi: openGovernorAbi, name: "ProposalCreated" } as const;
	return (await readEventsOf(ledger, asked)).map(({ args }, index) => {
		const { proposalId: id, proposer, targets, values, calldatas } = args;
		const description = proposalDescription(args.description, proposer);
		const actions = targets.map((target, i) => ({ target, valueWei: values[i]!, data: calldatas[i]! }));
		return { id, number: index + 1, proposer, description, actions };
	});
}

/** One proposal, or undefined if there is none of this id. */
export async function readProposal(ledger: Ledger, id: bigint): Promise<Proposal | undefined> {
	const proposed = (await readProposed(ledger)).find((one) => one.id === id);
	return proposed && (await readLife(ledger, proposed));
}

export type Voter = {
	/** Votes that would count in a snapshot now: what others delegated included. */
	readonly votesWei: bigint;
	/** To whom the account's own OPEN gives its votes; the zero address: to nobody. */
	readonly delegate: Address;
	/** Votes that count on the proposal asked about. */
	readonly countsWei: bigint;
	readonly hasVoted: boolean;
};

/** What an account may say, on one proposal where one is named. */
export async function readVoter(ledger: Ledger, account: Address, proposal?: Proposal): Promise<Voter> {
	const token = { address: ledger.addresses.openToken, abi: openTokenAbi, blockTag: "pending" } as const;
	const { publicClient } = ledger.client;
	const isOpen = proposal?.quorum !== undefined;
	const [votesWei, delegate, countsWei, hasVoted] = await Promise.all([
		publicClient.readContract({ ...token, functionName: "getVotes", args: [account] }),
		publicClient.readContract({ ...token, functionName: "delegates", args: [account] }),
		isOpen ? read(ledger, "getVotes", [account, proposal.snapshot]) : undefined,
		proposal === undefined ? false : read(ledger, "hasVoted", [proposal.id, account]),
	]);
	return { votesWei, delegate, countsWei: countsWei ?? votesWei, hasVoted };
}

/** What became of something proposed. */
export async function readLife(ledger: Ledger, told: Proposed): Promise<Proposal> {
	const { id } = told;
	const [state, snapshot, deadline, eta, [against, for_, abstain]] = await Promise.all([
		read(ledger, "state", [id]),
		read(ledger, "proposalSnapshot", [id]),
		read(ledger, "proposalDeadline", [id]),
		read(ledger, "proposalEta", [id]),
		read(ledger, "proposalVotes", [id]),
	]);
	const named = PROPOSAL_STATES[state]!;
	// Of a second that is not over there is no quorum; a cancelled proposal never reached its own.
	const hasQuorum = named !== "pending" && named !== "canceled";
	const quorum = hasQuorum ? await read(ledger, "quorum", [snapshot]) : undefined;
	const votes = { against, for: for_, abstain };
	return { ...told, state: named, snapshot, deadline, eta, votes, quorum };
}

/** At the pending block: on a chain where nobody sends, the last block's clock stands still while votes run out. */
function read<const name extends Name, const args extends ContractFunctionArgs<typeof openGovernorAbi, View, name>>(
	{ client, addresses }: Ledger,
	functionName: name,
	args: args,
) {
	const call = {
		address: addresses.openGovernor,
		abi: openGovernorAbi,
		functionName,
		args,
		blockTag: "pending",
	} as const;
	return client.publicClient.readContract<typeof openGovernorAbi, name, args>(call as never);
}
