// Stops a training that waits or runs. What it has learnt is kept up to its last save, so asked for again it goes on from there.

import { and, eq, inArray } from "drizzle-orm";
import { jobs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { writeLine } from "./jobLog.js";
import { readJob, type ShownJob } from "./readJobs.js";

/** One that has ended stays as it ended. Throws `job/not-found`. */
export async function stopTraining(parts: NodeParts, id: string): Promise<ShownJob> {
	const found = await parts.db
		.update(jobs)
		.set({ status: "stopped", endedAt: Date.now() })
		.where(and(eq(jobs.id, id), inArray(jobs.status, ["queued", "running"])))
		.returning({ id: jobs.id });
	if (found.length > 0) await writeLine(parts, id, "stopped");
	return await readJob(parts, id);
}
