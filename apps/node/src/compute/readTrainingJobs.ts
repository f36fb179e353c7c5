// Training jobs on chain as people look at them. Reads only.

import {
	type Dispute,
	type Job,
	readDispute,
	readDisputeIds,
	readJob,
	readJobCount,
	readJobIds,
	readJobParams,
	readRun,
} from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import { notFound } from "../errors.js";
import { atHead } from "../network/atHead.js";
import type { NodeParts } from "../parts.js";

export type ListedJob = Job & { readonly id: Hex };
export type ListedDispute = Dispute & { readonly id: Hex };

const MOST = 200;

/** The latest first; `count` says of how many. */
export async function listTrainingJobs({ ledger }: NodeParts): Promise<{ jobs: ListedJob[]; count: number }> {
	return await atHead(ledger, "jobs", async (lists) => {
		const count = await readJobCount(lists);
		const ids = await readJobIds(lists, Math.max(0, count - MOST));
		const found = await Promise.all(ids.map(async (id) => ({ id, ...(await readJob(lists, id))! })));
		return { jobs: found.reverse(), count };
	});
}

/** A job with its terms, what was submitted, and its disputes. `id` may be its beginning. Throws `job/not-found`. */
export async function showTrainingJob({ ledger }: NodeParts, id: string) {
	const ids = (await readJobIds(ledger)).filter((one) => one.startsWith(id.toLowerCase()));
	const [jobId] = ids;
	if (jobId === undefined || ids.length > 1) throw notFound("job", id, "see: openledger job list");
	const [job, params, run] = await Promise.all([
		readJob(ledger, jobId),
		readJobParams(ledger, jobId),
		readRun(ledger, jobId),
	]);
	const disputes = await Promise.all(
		(await readDisputeIds(ledger)).map(
			async (one): Promise<ListedDispute> => ({ id: one, ...(await readDispute(ledger, one))! }),
		),
	);
	return { id: jobId, ...job!, params, run, disputes: disputes.filter((dispute) => dispute.jobId === jobId) };
}
