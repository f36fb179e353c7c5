// Training jobs as the chain knows them. Reads only.
import { type Address, getAbiItem, type Hex } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { trainingJobsAbi } from "../generated/index.js";
import type { SnapshotRef } from "./readModel.js";

const STATUSES = ["none", "open", "claimed", "submitted", "paid", "cancelled"] as const;

export type JobStatus = Exclude<(typeof STATUSES)[number], "none">;

/** See contracts/src/types/Jobs.sol; times in seconds, `deadline` the last second to submit (claimed) or to dispute (submitted). */
export type Job = {
	readonly poster: Address;
	readonly status: JobStatus;
	readonly postedBlock: bigint;
	/** Zero before the first claim. */
	readonly trainer: Address;
	readonly attempt: number;
	readonly openDisputes: number;
	readonly steps: number;
	readonly trainSeconds: number;
	readonly deadline: number;
	readonly payWei: bigint;
	readonly feesWei: bigint;
	readonly stakeWei: bigint;
	readonly runStart: Hex;
	readonly linksRoot: Hex;
	readonly runCommitment: Hex;
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
	readonly dataRoot: Hex;
};

/** What a poster asks for. */
export type JobParams = {
	readonly salt: Hex;
	readonly baseDigest: Hex;
	readonly engineId: Hex;
	readonly snapshots: readonly SnapshotRef[];
	readonly recipe: string;
	readonly steps: number;
	/** Seconds. */
	readonly trainSeconds: bigint;
	readonly payWei: bigint;
	readonly stakeWei: bigint;
	readonly dataDigest: Hex;
	readonly dataCertificate: Hex;
};

/** What a trainer commits to. */
export type Submission = {
	readonly linksRoot: Hex;
	readonly runCommitment: Hex;
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
	readonly dataRoot: Hex;
	readonly dataCertificate: Hex;
};

/** How many jobs were ever posted. */
export async function readJobCount(ledger: Ledger): Promise<number> {
	const jobs = { address: ledger.addresses.trainingJobs, abi: trainingJobsAbi } as const;
	return Number((await readContract(ledger, { ...jobs, functionName: "jobCount", args: [] })) ?? 0n);
}

/** Ids of all jobs, in the order they were posted, from the one at `from` on. */
export async function readJobIds(ledger: Ledger, from = 0): Promise<Hex[]> {
	const jobs = { address: ledger.addresses.trainingJobs, abi: trainingJobsAbi } as const;
	const count = await readJobCount(ledger);
	const ids: Hex[] = [];
	for (let i = from; i < count; i++) {
		ids.push((await readContract(ledger, { ...jobs, functionName: "jobAt", args: [BigInt(i)] }))!);
	}
	return ids;
}

/** Reads a job; undefined if there is none. */
export async function readJob(ledger: Ledger, jobId: Hex): Promise<Job | undefined> {
	const { trainingJobs: address } = ledger.addresses;
	const call = { address, abi: trainingJobsAbi, functionName: "getJob", args: [jobId] } as const;
	const job = await readContract(ledger, call, "UnknownJob");
	if (job === undefined) return undefined;
	const seconds = { trainSeconds: Number(job.trainSeconds), deadline: Number(job.deadline) };
	return { ...job, ...seconds, status: STATUSES[job.status] as JobStatus };
}

/** What was posted; undefined if there is no such job. */
export async function readJobParams(ledger: Ledger, jobId: Hex): Promise<JobParams | undefined> {
	const job = await readJob(ledger, jobId);
	if (job === undefined) return undefined;
	const [log] = await ledger.client.publicClient.getLogs({
		address: ledger.addresses.trainingJobs,
		event: getAbiItem({ abi: trainingJobsAbi, name: "JobPosted" }),
		args: { jobId },
		fromBlock: job.postedBlock,
		toBlock: job.postedBlock,
		strict: true,
	});
	return log?.args.params;
}

/** What was submitted in the job's present attempt, and in which block; undefined if nothing was. */
export async function readRun(
	ledger: Ledger,
	jobId: Hex,
): Promise<(Submission & { readonly blockNumber: bigint }) | undefined> {
	const job = await readJob(ledger, jobId);
	if (job === undefined) return undefined;
	const logs = await ledger.client.publicClient.getLogs({
		address: ledger.addresses.trainingJobs,
		event: getAbiItem({ abi: trainingJobsAbi, name: "RunSubmitted" }),
		args: { jobId },
		fromBlock: job.postedBlock,
		toBlock: "latest",
		strict: true,
	});
	const log = logs.findLast(({ args }) => args.attempt === job.attempt);
	return log && { ...log.args.run, blockNumber: log.blockNumber };
}

/** The datanets' access fees for snapshots, wei. */
export async function readAccessFees(ledger: Ledger, snapshots: readonly SnapshotRef[]): Promise<bigint> {
	const { trainingJobs: address } = ledger.addresses;
	const call = { address, abi: trainingJobsAbi, functionName: "quote", args: [snapshots] } as const;
	return (await readContract(ledger, call)) ?? 0n;
}

/** The least stake that a job may ask its trainer for, wei. */
export async function readLeastJobStake(ledger: Ledger): Promise<bigint> {
	const { trainingJobs: address } = ledger.addresses;
	const call = { address, abi: trainingJobsAbi, functionName: "leastStakeWei", args: [] } as const;
	return (await readContract(ledger, call)) ?? 0n;
}

/** What the jobs' contract owes an account, wei: pay, access fees, escrow of jobs taken back. */
export async function readJobPay(ledger: Ledger, account: Address): Promise<bigint> {
	const { trainingJobs: address } = ledger.addresses;
	const call = { address, abi: trainingJobsAbi, functionName: "owed", args: [account] } as const;
	return (await readContract(ledger, call)) ?? 0n;
}
