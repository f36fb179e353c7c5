// A challenger disputes a submitted run and puts its deposit down. It must not know why the run is thought false.
import { disputeId as disputeIdOf } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { disputesAbi } from "../generated/index.js";
import { readDispute, readDisputeDeposit } from "../reads/readDispute.js";
import { readJob } from "../reads/readJob.js";
import { approveOpen } from "./approveOpen.js";

/**
 * "I agree with link `low`; link `high` ought to be `own`." Places 0, `steps` and `steps` + 1 need no opening, for them the proof is empty.
 */
export type OpenDispute = {
	readonly jobId: Hex;
	readonly own: Hex;
	readonly low: number;
	readonly lowLink: Hex;
	readonly lowProof: readonly Hex[];
	readonly high: number;
	readonly highLink: Hex;
	readonly highProof: readonly Hex[];
};

/** Opens the challenger's one dispute about the job's present attempt, and lets the deposit be taken. */
export async function openDispute(
	ledger: Ledger,
	challenger: LocalAccount,
	challenge: OpenDispute,
): Promise<Done<{ readonly disputeId: Hex }>> {
	const { disputes: address } = ledger.addresses;
	const attempt = (await readJob(ledger, challenge.jobId))?.attempt ?? 0;
	const disputeId = disputeIdOf(challenge.jobId, attempt, challenger.address);
	const { sent } = await once(
		() => readDispute(ledger, disputeId),
		async () => {
			const { bondWei, feesWei } = await readDisputeDeposit(ledger);
			await approveOpen(ledger, challenger, { spender: address, amountWei: bondWei + feesWei });
			return await writeContract(ledger, challenger, {
				address,
				abi: disputesAbi,
				functionName: "open",
				args: [challenge],
			});
		},
	);
	return { disputeId, sent };
}
