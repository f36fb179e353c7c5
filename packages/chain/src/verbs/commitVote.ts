// Seals a juror's vote. It must not know what the case is about, nor keep the salt: who commits must, or it cannot show its vote.
import { voteCommitment, ZERO_DIGEST } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { juryAbi } from "../generated/index.js";
import { readVote } from "../reads/readCase.js";

/** `salt` is 32 random bytes; write it down before this is called. */
export type Vote = { readonly caseId: bigint; readonly choice: number; readonly salt: Hex };

/** Commits once; throws `chain/differs` where the juror has committed another vote, `contract/NotJuror` where it was not drawn. */
export async function commitVote(
	ledger: Ledger,
	juror: LocalAccount,
	{ caseId, choice, salt }: Vote,
): Promise<Done<{ readonly commitment: Hex }>> {
	const commitment = voteCommitment(caseId, juror.address, choice, salt);
	const { jury: address } = ledger.addresses;
	const { sent } = await once(
		async () => {
			const before = (await readVote(ledger, caseId, juror.address)).commitment;
			if (before === ZERO_DIGEST) return undefined;
			if (before !== commitment)
				throw differs(`vote of ${juror.address} in case ${caseId}`, "commitment", before, commitment);
			return true;
		},
		() =>
			writeContract(ledger, juror, { address, abi: juryAbi, functionName: "commitVote", args: [caseId, commitment] }),
	);
	return { commitment, sent };
}
