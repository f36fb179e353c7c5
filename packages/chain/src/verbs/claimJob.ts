// A trainer claims a job; its stake is locked. It must not know how to train.
import { type Hex, isAddressEqual, type LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { trainingJobsAbi } from "../generated/index.js";
import { type Job, readJob } from "../reads/readJob.js";

/** Claims once; throws `contract/WrongStatus` where another has it, `contract/StakeTooLow` where too little free stake stands behind the trainer. */
export async function claimJob(
	ledger: Ledger,
	trainer: LocalAccount,
	{ jobId }: { readonly jobId: Hex },
): Promise<Done<{ readonly job: Job }>> {
	const { trainingJobs: address } = ledger.addresses;
	const { sent } = await once(
		async () => {
			const job = await readJob(ledger, jobId);
			return job?.status === "claimed" && isAddressEqual(job.trainer, trainer.address) ? job : undefined;
		},
		() => writeContract(ledger, trainer, { address, abi: trainingJobsAbi, functionName: "claim", args: [jobId] }),
	);
	return { job: (await readJob(ledger, jobId))!, sent };
}
