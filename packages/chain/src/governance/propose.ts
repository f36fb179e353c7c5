// One verb per thing that a voter can do. Each looks first whether it is done. It must not know what a proposal is for.

import { CallerError, proposalText } from "@openledger/protocol";
import { type Address, encodeAbiParameters, type Hex, keccak256, type LocalAccount, toHex } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { openGovernorAbi, openTokenAbi } from "../generated/index.js";
import type { Action } from "./actions.js";
import { type Proposal, type ProposalState, readProposal } from "./readProposals.js";

export type Propose = { readonly actions: readonly Action[]; readonly description: string };

/** What the governor names a proposal; the same actions with the same description (as on chain: `proposalText`) are the same proposal. */
export function proposalId({ actions, description }: Propose): bigint {
	const types = [{ type: "address[]" }, { type: "uint256[]" }, { type: "bytes[]" }, { type: "bytes32" }] as const;
	const [targets, values, calldatas] = columns(actions);
	return BigInt(keccak256(encodeAbiParameters(types, [targets, values, calldatas, keccak256(toHex(description))])));
}

/** Puts a proposal to the vote, marked so that nobody else can propose the same first; one that is there already is left alone. */
export async function propose(ledger: Ledger, proposer: LocalAccount, wanted: Propose): Promise<Done<{ id: bigint }>> {
	const options = { ...wanted, description: proposalText(wanted.description, proposer.address) };
	const id = proposalId(options);
	const { sent } = await once(
		() => readProposal(ledger, id),
		() =>
			writeContract(ledger, proposer, {
				...at(ledger),
				functionName: "propose",
				args: [...columns(options.actions), options.description],
			}),
	);
	return { id, ...(sent && { sent }) };
}

export const VOTES = ["against", "for", "abstain"] as const;
export type Vote = (typeof VOTES)[number];
export type CastVote = { readonly id: bigint; readonly vote: Vote; readonly reason?: string };

/** Votes with all the account's votes of the proposal's snapshot; a vote that was cast stands, whatever it said. */
export async function castVote(
	ledger: Ledger,
	voter: LocalAccount,
	{ id, vote, reason = "" }: CastVote,
): Promise<Done<{ id: bigint }>> {
	const args = [id, VOTES.indexOf(vote), reason] as const;
	const { sent } = await once(
		() => hasVoted(ledger, id, voter.address),
		() => writeContract(ledger, voter, { ...at(ledger), functionName: "castVoteWithReason", args }),
	);
	return { id, ...(sent && { sent }) };
}

export type SignedVote = { readonly id: bigint; readonly vote: Vote; readonly voter: Address; readonly signature: Hex };

/** A vote as a signature, for somebody else to bring; it counts once, on this chain, at this governor. */
export async function signVote(
	ledger: Ledger,
	voter: LocalAccount,
	{ id, vote }: Omit<CastVote, "reason">,
): Promise<SignedVote> {
	const { openGovernor: verifyingContract } = ledger.addresses;
	const nonce = await ledger.client.publicClient.readContract({
		...at(ledger),
		functionName: "nonces",
		args: [voter.address],
	});
	const signature = await voter.signTypedData({
		domain: { name: "OpenLedger", version: "1", chainId: ledger.client.chainId, verifyingContract },
		types: {
			Ballot: [
				{ name: "proposalId", type: "uint256" },
				{ name: "support", type: "uint8" },
				{ name: "voter", type: "address" },
				{ name: "nonce", type: "uint256" },
			],
		},
		primaryType: "Ballot",
		message: { proposalId: id, support: VOTES.indexOf(vote), voter: voter.address, nonce },
	});
	return { id, vote, voter: voter.address, signature };
}

/** Brings somebody's signed vote. */
export async function castVoteBySignature(
	ledger: Ledger,
	sender: LocalAccount,
	{ id, vote, voter, signature }: SignedVote,
): Promise<Done<{ id: bigint }>> {
	const args = [id, VOTES.indexOf(vote), voter, signature] as const;
	const { sent } = await once(
		() => hasVoted(ledger, id, voter),
		() => writeContract(ledger, sender, { ...at(ledger), functionName: "castVoteBySig", args }),
	);
	return { id, ...(sent && { sent }) };
}

/** Starts the timelock of a proposal that was carried. */
export async function queueProposal(
	ledger: Ledger,
	sender: LocalAccount,
	{ id }: { id: bigint },
): Promise<Done<{ id: bigint }>> {
	return await advance(ledger, id, ["queued", "executed"], () =>
		writeContract(ledger, sender, { ...at(ledger), functionName: "queue", args: [id] }),
	);
}

/** Executes a queued proposal after its timelock. */
export async function executeProposal(
	ledger: Ledger,
	sender: LocalAccount,
	{ id }: { id: bigint },
): Promise<Done<{ id: bigint }>> {
	return await advance(ledger, id, ["executed"], () =>
		writeContract(ledger, sender, { ...at(ledger), functionName: "execute", args: [id] }),
	);
}

/** Takes one's own proposal back, before votes begin. */
export async function cancelProposal(
	ledger: Ledger,
	proposer: LocalAccount,
	{ id }: { id: bigint },
): Promise<Done<{ id: bigint }>> {
	return await advance(ledger, id, ["canceled"], () =>
		writeContract(ledger, proposer, { ...at(ledger), functionName: "cancel", args: [id] }),
	);
}

/** Gives an account's votes to `delegate`, oneself or another; OPEN itself stays where it is. */
export async function delegateVotes(
	ledger: Ledger,
	holder: LocalAccount,
	{ delegate }: { delegate: Address },
): Promise<Done<{ delegate: Address }>> {
	const token = { address: ledger.addresses.openToken, abi: openTokenAbi } as const;
	const { sent } = await once(
		async () => {
			const now = await ledger.client.publicClient.readContract({
				...token,
				functionName: "delegates",
				args: [holder.address],
			});
			return now.toLowerCase() === delegate.toLowerCase() ? now : undefined;
		},
		() => writeContract(ledger, holder, { ...token, functionName: "delegate", args: [delegate] }),
	);
	return { delegate, ...(sent && { sent }) };
}

async function advance(
	ledger: Ledger,
	id: bigint,
	done: readonly ProposalState[],
	act: () => ReturnType<typeof writeContract>,
): Promise<Done<{ id: bigint }>> {
	const { sent } = await once(async () => {
		const proposal: Proposal | undefined = await readProposal(ledger, id);
		if (proposal === undefined)
			throw new CallerError(`there is no proposal ${id}; see openledger gov list`, {
				code: "governance/unknown-proposal",
			});
		return done.includes(proposal.state) ? proposal : undefined;
	}, act);
	return { id, ...(sent && { sent }) };
}

async function hasVoted(ledger: Ledger, id: bigint, account: Address): Promise<true | undefined> {
	const voted = await ledger.client.publicClient.readContract({
		...at(ledger),
		functionName: "hasVoted",
		args: [id, account],
	});
	return voted ? true : undefined;
}

function at({ addresses }: Ledger) {
	return { address: addresses.openGovernor, abi: openGovernorAbi } as const;
}

function columns(actions: readonly Action[]): [readonly Address[], readonly bigint[], readonly Hex[]] {
	return [
		actions.map(({ target }) => target),
		actions.map(({ valueWei }) => valueWei),
		actions.map(({ data }) => data),
	];
}
