// Shows a juror's sealed vote. It must not know what the case is about.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { juryAbi } from "../generated/index.js";
import { readVote } from "../reads/readCase.js";
import type { Vote } from "./commitVote.js";

/** Shows once; throws `contract/VoteMismatch` where another vote was sealed, `contract/WrongPhase` and `contract/TooLate` out of its time. */
export async function revealVote(
	ledger: Ledger,
	juror: LocalAccount,
	{ caseId, choice, salt }: Vote,
): Promise<Done<object>> {
	const { jury: address } = ledger.addresses;
	const args = [caseId, choice, salt] as const;
	const { sent } = await once(
		async () => ((await readVote(ledger, caseId, juror.address)).choice === choice ? true : undefined),
		() => writeContract(ledger, juror, { address, abi: juryAbi, functionName: "revealVote", args }),
	);
	return { sent };
}
