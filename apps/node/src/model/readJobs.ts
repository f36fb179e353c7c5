// Training jobs of this node as people look at them. Reads only.

import { and, desc, eq, inArray, like, lt } from "drizzle-orm";
import { datanets, jobLines, jobs, models } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { readEstimate } from "./estimateTraining.js";
import { GOES_ON } from "./jobLog.js";
import { type JobProgress, sayTraining } from "./sayTraining.js";
import { type JobInput, recipeOf, startOf } from "./trainingInput.js";

type Stored = typeof jobs.$inferSelect;
type Names = { readonly datanets: ReadonlyMap<string, string>; readonly models: ReadonlyMap<string, string> };

export type ShownJob = Awaited<ReturnType<typeof readJob>>;

export type ListJobs = { readonly limit: number; readonly before?: number | undefined };

/** The latest first; `next` is what to ask `before` for the ones before. */
export async function listJobs(parts: NodeParts, { limit, before }: ListJobs) {
	const found = await parts.db
		.select()
		.from(jobs)
		.where(before === undefined ? undefined : lt(jobs.sequence, before))
		.orderBy(desc(jobs.sequence))
		.limit(limit + 1);
	const shown = found.slice(0, limit);
	const names = await namesOf(parts, shown);
	return {
		jobs: shown.map((job) => summary(job, names)),
		next: found.length > limit ? shown.at(-1)!.sequence : null,
	};
}

/** A job with its recipe and what was guessed of it. Throws `job/not-found`. */
export async function readJob(parts: NodeParts, id: string) {
	const [job] = await parts.db.select().from(jobs).where(eq(jobs.id, id));
	if (job === undefined) throw notFound("job", id, "ask for the id that training returned");
	const input = job.input as JobInput;
	const start = await startOf(parts, input);
	return {
		...summary(job, await namesOf(parts, [job])),
		recipe: recipeOf(input),
		start,
		estimate: await readEstimate(parts, start),
		/** Its times are those of its last part. */
		wasResumed: await wasResumed(parts, id),
	};
}

async function wasResumed({ db }: NodeParts, jobId: string): Promise<boolean> {
	const found = await db
		.select({ line: jobLines.line })
		.from(jobLines)
		.where(and(eq(jobLines.jobId, jobId), like(jobLines.line, `${GOES_ON}%`)))
		.limit(1);
	return found.length > 0;
}

function summary(job: Stored, names: Names) {
	const { id, sequence, status, result: modelId, error, queuedAt, beganAt, trainedAt, endedAt } = job;
	const { datanetId, snapshotVersion, name } = job.input as JobInput;
	const progress = job.progress as JobProgress | null;
	return {
		...{ id, sequence, name, status, progress, message: progress && sayTraining(progress), modelId, error },
		model: names.models.get(modelId ?? "") ?? null,
		datanet: { id: datanetId, name: names.datanets.get(datanetId) ?? datanetId },
		snapshotVersion,
		...{ queuedAt, beganAt, trainedAt, endedAt },
	};
}

async function namesOf({ db }: NodeParts, of: readonly Stored[]): Promise<Names> {
	const datanetIds = [...new Set(of.map(({ input }) => (input as JobInput).datanetId))];
	const modelIds = [...new Set(of.flatMap(({ result }) => (result === null ? [] : [result as `0x${string}`])))];
	const nets = datanetIds.length === 0 ? [] : await db.select().from(datanets).where(inArray(datanets.id, datanetIds));
	const made =
		modelIds.length === 0
			? []
			: await db.select({ id: models.id, name: models.servedName }).from(models).where(inArray(models.id, modelIds));
	return {
		datanets: new Map(nets.map(({ id, name }) => [id, name])),
		models: new Map(made.map(({ id, name }) => [id, name])),
	};
}
