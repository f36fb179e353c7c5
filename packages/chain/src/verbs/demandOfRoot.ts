// What must be answered in time or a pending root falls: a chunk of its data, or why a row that scored higher does not count. A demand is bonded
// by the sender's stake. It must not know what the data say.
import { type CountedScore, type RootProposal, rootProposalHash } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { encodeAbiParameters, keccak256 } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { rootChallengesAbi } from "../generated/index.js";
import type { FeatureProof, ReceiptProof, SnapshotProof } from "./challengeRoot.js";

const CHUNK = [{ type: "bytes32" }, { type: "string" }, { type: "uint32" }] as const;

/** What `demandChunk` calls the demand. */
export function chunkDemandId(rootHash: Hex, index: number): Hex {
	return keccak256(encodeAbiParameters(CHUNK, [rootHash, "chunk", index]));
}

/** Demands a chunk once; throws `contract/TooLate` after the challenge time, `contract/StakeTooLow` without stake for the bond. */
export async function demandChunk(
	ledger: Ledger,
	sender: LocalAccount,
	{ proposal, index }: { readonly proposal: RootProposal; readonly index: number },
): Promise<Done<{ readonly demandId: Hex }>> {
	const demandId = chunkDemandId(rootProposalHash(proposal), index);
	const { sent } = await once(
		async () => ((await isOpen(ledger, demandId)) ? true : undefined),
		() => writeContract(ledger, sender, { ...to(ledger), functionName: "demandChunk", args: [proposal, index] }),
	);
	return { demandId, sent };
}

/** Shows a demanded chunk; sends nothing if it is not demanded (any more). */
export async function answerChunk(
	ledger: Ledger,
	sender: LocalAccount,
	answer: {
		readonly proposal: RootProposal;
		readonly index: number;
		readonly chunk: Hex;
		readonly siblings: readonly Hex[];
	},
): Promise<Done<object>> {
	const { proposal, index, chunk, siblings } = answer;
	const demandId = chunkDemandId(rootProposalHash(proposal), index);
	const args = [proposal, index, chunk, siblings] as const;
	return await whileOpen(ledger, demandId, () =>
		writeContract(ledger, sender, { ...to(ledger), functionName: "answerChunk", args }),
	);
}

/** Shows that a row scored higher than one that counts; throws `contract/NoFault` where it did not, and as `demandChunk`. */
export async function demandRow(
	ledger: Ledger,
	sender: LocalAccount,
	demand: {
		readonly proposal: RootProposal;
		readonly receipt: ReceiptProof;
		/** All that count. */
		readonly scores: readonly CountedScore[];
		readonly query: Hex;
		readonly feature: FeatureProof;
	},
): Promise<Done<object>> {
	const { proposal, receipt, scores, query, feature } = demand;
	const args = [proposal, receipt, scores, query, feature] as const;
	return { sent: await writeContract(ledger, sender, { ...to(ledger), functionName: "demandRow", args }) };
}

/** Answers that the row is a copy: `earlier` is of its cluster and before it, `learnt` is the feature of that one. */
export async function answerRow(
	ledger: Ledger,
	sender: LocalAccount,
	answer: {
		readonly demandId: Hex;
		readonly proposal: RootProposal;
		readonly receipt: ReceiptProof;
		readonly row: SnapshotProof;
		readonly earlier: SnapshotProof;
		readonly learnt: FeatureProof;
	},
): Promise<Done<object>> {
	const { demandId, proposal, receipt, row, earlier, learnt } = answer;
	const args = [proposal, receipt, row, earlier, learnt] as const;
	return await whileOpen(ledger, demandId, () =>
		writeContract(ledger, sender, { ...to(ledger), functionName: "answerRow", args }),
	);
}

/** Lets the root fall whose demand was not answered in time; throws `contract/NotYetFailed` before. */
export async function failDemand(
	ledger: Ledger,
	sender: LocalAccount,
	{ proposal, demandId }: { readonly proposal: RootProposal; readonly demandId: Hex },
): Promise<Done<object>> {
	return await whileOpen(ledger, demandId, () =>
		writeContract(ledger, sender, { ...to(ledger), functionName: "failDemand", args: [proposal, demandId] }),
	);
}

/** Frees the bond of a demand whose root fell by something else. */
export async function closeDemand(
	ledger: Ledger,
	sender: LocalAccount,
	{ demandId }: { readonly demandId: Hex },
): Promise<Done<object>> {
	return await whileOpen(ledger, demandId, () =>
		writeContract(ledger, sender, { ...to(ledger), functionName: "closeDemand", args: [demandId] }),
	);
}

async function whileOpen(ledger: Ledger, demandId: Hex, act: Parameters<typeof once>[1]): Promise<Done<object>> {
	const { sent } = await once(async () => ((await isOpen(ledger, demandId)) ? undefined : true), act);
	return { sent };
}

async function isOpen(ledger: Ledger, demandId: Hex): Promise<boolean> {
	const found = await readContract(ledger, { ...to(ledger), functionName: "getDemand", args: [demandId] });
	return found !== undefined && BigInt(found.challenger) !== 0n;
}

function to({ addresses }: Ledger) {
	return { address: addresses.rootChallenges, abi: rootChallengesAbi } as const;
}
