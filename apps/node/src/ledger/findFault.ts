// From what a rebuild finds wrong with a proposed root to what the chain takes: a proof that it decides by itself where there is one, a
// demand for data that cannot be had, a jury for the rest. It must not send anything.

import type { RootFault } from "@openledger/chain";
import {
	type Address,
	type CumulativeTree,
	cumulativeTree,
	type Earning,
	type Hex,
	type RootProposal,
	receiptId,
} from "@openledger/protocol";
import { type EpochBlob, type EpochFault, receiptsTreeOf } from "@openledger/rollup";

/** What to do about a wrong root. */
export type Remedy =
	| { readonly kind: "proof"; readonly fault: RootFault }
	| { readonly kind: "jury"; readonly message: string };

export type FindFault = {
	readonly blob: EpochBlob;
	readonly faults: readonly EpochFault[];
	/** The epoch before, with its proposal; undefined for the first. */
	readonly previous?: { readonly proposal: RootProposal; readonly earnings: readonly Earning[] } | undefined;
};

/** The first remedy that fits, proofs before juries; undefined for an honest root. */
export function findFault({ blob, faults, previous }: FindFault): Remedy | undefined {
	const [first] = faults;
	if (first === undefined) return undefined;
	const tree = cumulativeTree(blob.earnings);
	for (const fault of faults) {
		const proof = proofOf(fault, blob, tree, previous);
		// Leaves of data that is not the root's show nothing of the root.
		if (proof !== undefined && !faults.some(({ kind }) => kind === "root")) return { kind: "proof", fault: proof };
	}
	return { kind: "jury", message: first.message };
}

function proofOf(
	{ kind, account, receipt }: EpochFault,
	blob: EpochBlob,
	tree: CumulativeTree,
	previous: FindFault["previous"],
): RootFault | undefined {
	if (kind === "total" && tree.accounts > 0) return { kind: "leaf", leaf: tree.proofAt(tree.accounts - 1) };
	if ((kind === "shrinks" || kind === "missing") && previous !== undefined) {
		const before = cumulativeTree(previous.earnings).proofFor(account!);
		const common = { previous: previous.proposal, before };
		if (kind === "shrinks") return { kind: "shrunk", ...common, now: tree.proofFor(account!) };
		return tree.accounts === 0 ? undefined : { kind: "missing", ...common, around: around(tree, account!) };
	}
	return kind === "receipt" ? receiptProof(blob, receipt!) : undefined;
}

/** The leaves between which an account would stand. */
function around(tree: CumulativeTree, account: Address) {
	const after = tree.leaves.findIndex((leaf) => leaf.account > account);
	if (after === 0) return [tree.proofAt(0)];
	if (after === -1) return [tree.proofAt(tree.accounts - 1)];
	return [tree.proofAt(after - 1), tree.proofAt(after)];
}

/** A receipt that stands in the epoch twice; other faults of receipts are for the contract's own checks, and the jury. */
function receiptProof(blob: EpochBlob, place: number): RootFault | undefined {
	const ids = blob.receipts.map(({ receipt }) => receiptId(receipt));
	const tree = receiptsTreeOf(blob);
	const proofAt = (index: number): { readonly index: number; readonly siblings: readonly Hex[] } => ({
		index,
		siblings: tree.proofFor(index),
	});
	const receipt = { receipt: blob.receipts[place]!.receipt, ...proofAt(place) };
	const other = ids.indexOf(ids[place]!);
	if (other !== place) return { kind: "twice", receipt, other: proofAt(other) };
	return undefined;
}
