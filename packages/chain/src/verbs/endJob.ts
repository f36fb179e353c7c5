// How a job ends: taken back, expired, paid; and the pay. Each has one effect, however often it is called. It must not know of runs.
import type { Address, Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { trainingJobsAbi } from "../generated/index.js";
import { type JobStatus, readJob, readJobPay } from "../reads/readJob.js";

type OfJob = { readonly jobId: Hex };

/** Takes an open job back; the poster is owed its escrow. */
export function cancelJob(ledger: Ledger, poster: LocalAccount, { jobId }: OfJob): Promise<Done<object>> {
	return change(ledger, poster, jobId, "cancel", "cancelled");
}

/** Opens a job again whose trainer let its time pass; anybody may. */
export async function expireJob(ledger: Ledger, sender: LocalAccount, { jobId }: OfJob): Promise<Done<object>> {
	return change(ledger, sender, jobId, "expire", "open");
}

/** Pays for a run that nobody refuted; anybody may, once time and disputes are over. */
export function finaliseJob(ledger: Ledger, sender: LocalAccount, { jobId }: OfJob): Promise<Done<object>> {
	return change(ledger, sender, jobId, "finalise", "paid");
}

/** Pays out what an account is owed for jobs; anybody may send it. Sends nothing if nothing is owed. */
export async function withdrawJobPay(
	ledger: Ledger,
	sender: LocalAccount,
	{ account }: { readonly account: Address },
): Promise<{ readonly paidWei: bigint; readonly sent?: Sent }> {
	const paidWei = await readJobPay(ledger, account);
	const { trainingJobs: address } = ledger.addresses;
	const call = { address, abi: trainingJobsAbi, functionName: "withdraw", args: [account] } as const;
	const { sent } = await once(
		async () => ((await readJobPay(ledger, account)) === 0n ? true : undefined),
		() => writeContract(ledger, sender, call),
	);
	return { paidWei: sent === undefined ? 0n : paidWei, sent };
}

async function change(
	ledger: Ledger,
	sender: LocalAccount,
	jobId: Hex,
	functionName: "cancel" | "expire" | "finalise",
	after: JobStatus,
): Promise<Done<object>> {
	const { trainingJobs: address } = ledger.addresses;
	const { sent } = await once(
		async () => ((await readJob(ledger, jobId))?.status === after ? true : undefined),
		() => writeContract(ledger, sender, { address, abi: trainingJobsAbi, functionName, args: [jobId] }),
	);
	return { sent };
}
