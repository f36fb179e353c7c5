// Shows the chain that a pending root is wrong: it falls at once, and the sender gets the challenger's part of the proposer's bond. It must not
// know how a fault is found.
import {
	type CountedScore,
	type CumulativeProof,
	type Receipt,
	type RootProposal,
	rootProposalHash,
} from "@openledger/protocol";
import type { Address, Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { rootChallengesAbi } from "../generated/index.js";
import { readPendingHash } from "../reads/readRoot.js";

/** A receipt and its way to the epoch's receipts root. */
export type ReceiptProof = { readonly receipt: Receipt; readonly index: number; readonly siblings: readonly Hex[] };
/** A counted row and its way to the receipt's scores root. */
export type ScoreProof = { readonly leaf: CountedScore; readonly index: number; readonly siblings: readonly Hex[] };
/** A row's committed feature, one byte a number, and its way to the receipt's features root. */
export type FeatureProof = {
	readonly row: number;
	readonly scale: number;
	readonly numbers: Hex;
	readonly siblings: readonly Hex[];
};
/** A row of the snapshot and its way to the receipt's snapshot root. */
export type SnapshotProof = {
	readonly index: bigint;
	readonly commitment: Hex;
	readonly contributor: Address;
	readonly cluster: bigint;
	readonly siblings: readonly Hex[];
};

/** What is wrong, with what shows it; words as in IRootChallenges. */
export type RootFault =
	| { readonly kind: "leaf"; readonly leaf: CumulativeProof }
	| { readonly kind: "pair"; readonly left: CumulativeProof; readonly right: CumulativeProof }
	| {
			readonly kind: "shrunk";
			readonly previous: RootProposal;
			readonly before: CumulativeProof;
			readonly now: CumulativeProof;
	  }
	| {
			readonly kind: "missing";
			readonly previous: RootProposal;
			readonly before: CumulativeProof;
			/** The first or last leaf, or two neighbours. */
			readonly around: readonly CumulativeProof[];
	  }
	| { readonly kind: "model"; readonly receipt: ReceiptProof }
	| {
			readonly kind: "twice";
			readonly receipt: ReceiptProof;
			readonly other: { readonly index: number; readonly siblings: readonly Hex[] };
	  }
	| {
			readonly kind: "score";
			readonly receipt: ReceiptProof;
			readonly score: ScoreProof;
			readonly query: Hex;
			readonly feature: FeatureProof;
	  }
	| {
			readonly kind: "contributor";
			readonly receipt: ReceiptProof;
			readonly score: ScoreProof;
			readonly row: SnapshotProof;
	  }
	| { readonly kind: "shares"; readonly receipt: ReceiptProof; readonly scores: readonly CountedScore[] };

/** Brings a fault; sends nothing if the root is not pending any more. Throws `contract/NoFault` where the root is right in this. */
export async function challengeRoot(
	ledger: Ledger,
	sender: LocalAccount,
	proposal: RootProposal,
	fault: RootFault,
): Promise<Done<object>> {
	const rootHash = rootProposalHash(proposal);
	const { sent } = await once(
		async () => ((await readPendingHash(ledger, proposal.claim.epoch)) === rootHash ? undefined : true),
		() => send(ledger, sender, proposal, fault),
	);
	return { sent };
}

function send(ledger: Ledger, sender: LocalAccount, proposal: RootProposal, fault: RootFault): Promise<Sent> {
	const to = { address: ledger.addresses.rootChallenges, abi: rootChallengesAbi } as const;
	switch (fault.kind) {
		case "leaf":
			return writeContract(ledger, sender, { ...to, functionName: "challengeLeaf", args: [proposal, fault.leaf] });
		case "pair": {
			const args = [proposal, fault.left, fault.right] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengePair", args });
		}
		case "shrunk": {
			const args = [proposal, fault.previous, fault.before, fault.now] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengeShrunk", args });
		}
		case "missing": {
			const args = [proposal, fault.previous, fault.before, fault.around] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengeMissing", args });
		}
		case "model":
			return writeContract(ledger, sender, { ...to, functionName: "challengeModel", args: [proposal, fault.receipt] });
		case "twice": {
			const args = [proposal, fault.receipt, fault.other.index, fault.other.siblings] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengeTwice", args });
		}
		case "score": {
			const args = [proposal, fault.receipt, fault.score, fault.query, fault.feature] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengeScore", args });
		}
		case "contributor": {
			const args = [proposal, fault.receipt, fault.score, fault.row] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengeContributor", args });
		}
		case "shares": {
			const args = [proposal, fault.receipt, fault.scores] as const;
			return writeContract(ledger, sender, { ...to, functionName: "challengeShares", args });
		}
	}
}
