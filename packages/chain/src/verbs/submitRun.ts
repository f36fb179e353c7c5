// A trainer commits to the run of a job it claimed. It must not know what the links are made of.
import { type Hex, isAddressEqual, type LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { differs } from "../errors.js";
import { trainingJobsAbi } from "../generated/index.js";
import { readJob, type Submission } from "../reads/readJob.js";

/** Proofs are openings under `run.linksRoot` of the run's start, of the last step's link and of the output link. */
export type SubmitRun = {
	readonly jobId: Hex;
	readonly run: Submission;
	readonly firstProof: readonly Hex[];
	readonly endProof: readonly Hex[];
	readonly outputProof: readonly Hex[];
};

/** Submits once; throws `chain/differs` where the trainer submitted another run in this attempt. */
export async function submitRun(
	ledger: Ledger,
	trainer: LocalAccount,
	{ jobId, run, firstProof, endProof, outputProof }: SubmitRun,
): Promise<Done<object>> {
	const { trainingJobs: address } = ledger.addresses;
	const find = async () => {
		const job = await readJob(ledger, jobId);
		if (job === undefined || !(job.status === "submitted" || job.status === "paid")) return undefined;
		if (!isAddressEqual(job.trainer, trainer.address)) return undefined;
		if (job.linksRoot !== run.linksRoot)
			throw differs(`the run of job ${jobId}`, "linksRoot", job.linksRoot, run.linksRoot);
		return job;
	};
	const args = [jobId, run, firstProof, endProof, outputProof] as const;
	const { sent } = await once(find, () =>
		writeContract(ledger, trainer, { address, abi: trainingJobsAbi, functionName: "submit", args }),
	);
	return { sent };
}
