// The proof by which anybody makes the chain pay an account: its leaf in the tree that pays now. Reads only.

import { readClaimed, readLatestEpoch } from "@openledger/chain";
import { type Address, CallerError, type CumulativeProof, cumulativeTree, type Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { earnings, epochs } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";

export type RewardProof = {
	/** The epoch that pays. */
	readonly epoch: number;
	readonly earningsRoot: Hex;
	readonly proof: CumulativeProof;
	readonly claimedWei: bigint;
	/** What a claim with this proof pays; 0: all of it was claimed. */
	readonly claimableWei: bigint;
};

/** By the epoch that pays on chain, whoever activated it. Throws `reward/not-found` for an account that earned nothing by then. */
export async function proveReward(parts: NodeParts, account: Address): Promise<RewardProof> {
	const epoch = Number(await readLatestEpoch(parts.ledger));
	const tree = cumulativeTree(await parts.db.select().from(earnings).where(eq(earnings.epoch, epoch)));
	if (!tree.leaves.some((leaf) => leaf.account === account))
		throw notFound("reward", account, "no settled epoch that pays gives this account anything yet");
	const [stored] = await parts.db.select().from(epochs).where(eq(epochs.epoch, epoch));
	if (stored?.earningsRoot !== tree.root) {
		const message = `what this node has of epoch ${epoch} is not what its root says; rebuild the ledger, then ask again`;
		throw new CallerError(message, { code: "settlement/data-differs", details: { epoch } });
	}
	const proof = tree.proofFor(account);
	const claimedWei = await readClaimed(parts.ledger, account);
	const left = proof.cumulativeWei - claimedWei;
	return { epoch, earningsRoot: tree.root, proof, claimedWei, claimableWei: left > 0n ? left : 0n };
}
