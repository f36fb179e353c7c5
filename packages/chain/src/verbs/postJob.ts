// Posts a training job with its escrow. It must not know what the recipe says.
import { jobId as jobIdOf } from "@openledger/protocol";
import type { Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { trainingJobsAbi } from "../generated/index.js";
import { type JobParams, readAccessFees, readJob } from "../reads/readJob.js";
import { approveOpen } from "./approveOpen.js";

/**
 * Posts a job once by its salt, and lets pay and access fees be taken. Throws `chain/differs` if the salt stands for a job with other terms,
 * and what the contract refuses (`contract/OutOfRange`, `contract/SnapshotMismatch`, …).
 */
export async function postJob(
	ledger: Ledger,
	poster: LocalAccount,
	params: JobParams,
): Promise<Done<{ readonly jobId: Hex }>> {
	const { trainingJobs: address } = ledger.addresses;
	const jobId = jobIdOf(poster.address, params.salt);
	const find = async () => {
		const job = await readJob(ledger, jobId);
		if (job === undefined) return undefined;
		for (const field of ["steps", "payWei", "stakeWei"] as const)
			if (job[field] !== params[field]) throw differs(`job ${jobId}`, field, job[field], params[field]);
		return job;
	};
	const { sent } = await once(find, async () => {
		const amountWei = params.payWei + (await readAccessFees(ledger, params.snapshots));
		await approveOpen(ledger, poster, { spender: address, amountWei });
		return await writeContract(ledger, poster, { address, abi: trainingJobsAbi, functionName: "post", args: [params] });
	});
	return { jobId, sent };
}
