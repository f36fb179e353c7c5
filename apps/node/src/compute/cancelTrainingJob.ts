// Takes a job back that this node posted and nobody has claimed, and draws the escrow. Again it changes nothing.

import { cancelJob, readJobPay, withdrawJobPay } from "@openledger/chain";
import { CallerError, type Hex } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import { showTrainingJob } from "./readTrainingJobs.js";

/** `drawnWei`: the escrow, and whatever else the poster had to draw. */
export type CancelledJob = { readonly jobId: Hex; readonly drawnWei: bigint };

/** `id` may be its beginning. Throws `job/not-found`, `job/not-ours`, and `contract/WrongStatus` where somebody has it. */
export async function cancelTrainingJob(parts: NodeParts, id: string): Promise<CancelledJob> {
	const { keys, ledger } = parts;
	const { id: jobId, poster } = await showTrainingJob(parts, id);
	const owner = keys.account("owner");
	if (poster.toLowerCase() !== owner.address.toLowerCase()) {
		const message = `job ${jobId} was posted by ${poster}, not by this node; only its poster takes it back`;
		throw new CallerError(message, { code: "job/not-ours" });
	}
	await cancelJob(ledger, owner, { jobId });
	const drawnWei = await readJobPay(ledger, owner.address);
	await withdrawJobPay(ledger, owner, { account: owner.address });
	return { jobId, drawnWei };
}
