// Training as a job: written down first, then run; a job that a crash cut short goes on at the next start, one that was stopped when it is
// asked for again.

import { join } from "node:path";
import { parseRecipe, type TrainProgress, trainAdapter } from "@openledger/factory";
import { CallerError, type Hex, sha256, utf8 } from "@openledger/protocol";
import { and, asc, eq, inArray } from "drizzle-orm";
import { jobs } from "../database/schema.js";
import { refuseErased } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { errorText, notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { keepEstimate } from "./estimateTraining.js";
import { GOES_ON, writeLine } from "./jobLog.js";
import { publishModel } from "./publishModel.js";
import { storedCurve } from "./readCurve.js";
import { sayTraining } from "./sayTraining.js";
import { type JobInput, recipeOf, snapshotOf, startOf } from "./trainingInput.js";

export type TrainModel = {
	readonly datanetId: Hex;
	readonly snapshotVersion: number;
	/** The model's name; its first version is served as "name-1". */
	readonly name: string;
	/** Fields to change in the default recipe. */
	readonly recipe?: unknown;
};

const WRITE_MS = 500;

/** Writes the job down. The same training twice is one job. Throws `model/bad-name` and the recipe's errors. */
export async function queueTraining(parts: NodeParts, wanted: TrainModel): Promise<{ readonly jobId: string }> {
	const { datanetId, snapshotVersion, name } = wanted;
	if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) {
		throw new CallerError(`${JSON.stringify(name)} is no model name; use 1 to 40 of a-z, 0-9 and hyphen`, {
			code: "model/bad-name",
		});
	}
	const input: JobInput = { datanetId, snapshotVersion, name, recipe: parseRecipe(wanted.recipe ?? {}) };
	const start = await startOf(parts, input);
	const jobId = `train-${sha256(utf8(`${name}\n${start}`)).slice(2, 18)}`;
	const queuedAt = Date.now();
	const made = await parts.db
		.insert(jobs)
		.values({ id: jobId, input, status: "queued", queuedAt })
		.onConflictDoNothing()
		.returning({ id: jobs.id });
	if (made.length > 0) await writeLine(parts, jobId, "queued");
	await requeueTraining(parts, jobId);
	return { jobId };
}

/** Lets one that failed or was stopped wait for its turn again; true where it was so. */
export async function requeueTraining(parts: NodeParts, jobId: string): Promise<boolean> {
	const again = await parts.db
		.update(jobs)
		.set({ status: "queued", error: null, endedAt: null })
		.where(and(eq(jobs.id, jobId), inArray(jobs.status, ["failed", "stopped"])))
		.returning({ id: jobs.id });
	if (again.length > 0) await writeLine(parts, jobId, "queued again");
	return again.length > 0;
}

/** Runs a job to its end, one at a time; returns the model. A finished job returns at once. Throws `job/stopped` where it was stopped. */
export function runTraining(
	parts: NodeParts,
	jobId: string,
	onProgress?: (progress: TrainProgress) => void,
): Promise<{ readonly modelId: Hex }> {
	return parts.turns("training", async () => {
		const { db } = parts;
		const [job] = await db.select().from(jobs).where(eq(jobs.id, jobId));
		if (job === undefined) throw notFound("job", jobId, "ask for the id that training returned");
		if (job.status === "done") return { modelId: job.result as Hex };
		const taken = await db
			.update(jobs)
			.set({ status: "running", beganAt: Date.now(), trainedAt: null })
			.where(and(eq(jobs.id, jobId), inArray(jobs.status, ["queued", "running", "failed"])))
			.returning({ id: jobs.id });
		if (taken.length === 0) throw stopped(jobId);
		const halt = new AbortController();
		try {
			const modelId = await train(parts, { jobId, input: job.input as JobInput, halt, onProgress });
			await db.update(jobs).set({ status: "done", result: modelId, endedAt: Date.now() }).where(eq(jobs.id, jobId));
			return { modelId };
		} catch (error) {
			if (halt.signal.aborted) throw stopped(jobId, error);
			// A closing node leaves the job running: the next start takes it up.
			if (!parts.closing.aborted) {
				await db
					.update(jobs)
					.set({ status: "failed", error: errorText(error), endedAt: Date.now() })
					.where(and(eq(jobs.id, jobId), eq(jobs.status, "running")));
				await writeLine(parts, jobId, `failed: ${errorText(error)}`);
			}
			throw error;
		}
	});
}

export const isStopped = (error: unknown): boolean => error instanceof CallerError && error.code === "job/stopped";

function stopped(jobId: string, cause?: unknown): CallerError {
	return new CallerError(`${jobId} was stopped; ask for the same training again and it goes on`, {
		code: "job/stopped",
		cause,
	});
}

/** Ids of the jobs that were cut short or never begun, oldest first. */
export async function unfinishedTrainings(parts: NodeParts): Promise<string[]> {
	const found = await parts.db
		.select()
		.from(jobs)
		.where(inArray(jobs.status, ["queued", "running"]))
		.orderBy(asc(jobs.sequence));
	return found.map(({ id }) => id);
}

type Training = {
	readonly jobId: string;
	readonly input: JobInput;
	/** Fires when somebody stops the job. */
	readonly halt: AbortController;
	readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
};

async function train(parts: NodeParts, { jobId, input, halt, onProgress }: Training): Promise<Hex> {
	const { datanetId, snapshotVersion, name } = input;
	const rows = await readSnapshotRows(parts, datanetId, snapshotVersion);
	refuseErased(rows);
	const snapshot = await snapshotOf(parts, input);
	const runFolder = (await startOf(parts, input)).slice(2);
	const known = await storedCurve(parts, runFolder);
	const [from] = known.steps.slice(-1);
	await writeLine(parts, jobId, from === undefined ? "begins" : `${GOES_ON} step ${from.step}`);
	await keepEstimate(parts, input, rows).catch((error) => parts.log(`no estimate of ${jobId}: ${errorText(error)}`));
	const report = reporter(parts, jobId, halt);
	parts.curves.begin(runFolder, known);
	try {
		const run = await trainAdapter({
			engine: parts.engine,
			rows,
			snapshotRoot: snapshot.root,
			recipe: recipeOf(input),
			directory: join(parts.home, "runs", runFolder),
			signal: AbortSignal.any([parts.closing, halt.signal]),
			onProgress(progress) {
				onProgress?.(progress);
				const { stage, done: step, loss, validation } = progress;
				if (stage === "train") parts.curves.add(runFolder, { step, loss }, validation);
				// Steps look at the signal themselves; what comes after them does not.
				else halt.signal.throwIfAborted();
				report(progress);
			},
		});
		halt.signal.throwIfAborted();
		await writeLine(parts, jobId, `adapter ${run.adapterDigest}, run commitment ${run.runCommitment}`);
		const { modelId } = await publishModel(parts, { name, datanetId, snapshotVersion, runFolder, run });
		await writeLine(parts, jobId, `published as model ${modelId}`);
		return modelId;
	} finally {
		parts.curves.end(runFolder);
	}
}

/** Tells the job's row how far it is, and its log what is worth a line; where the row is running no more, it halts the job. */
function reporter(parts: NodeParts, jobId: string, halt: AbortController): (progress: TrainProgress) => void {
	const { db } = parts;
	let written = 0;
	let before: Pick<TrainProgress, "stage" | "epoch"> | undefined;
	return (progress) => {
		const { stage, epoch, done, total } = progress;
		const begins = before?.stage === "train" && stage === "features";
		const isWorth = before === undefined || begins || epoch !== before.epoch || done === total;
		before = { stage, epoch };
		const what = stage === "train" ? `step ${done} of ${total}` : `row ${done} of ${total}`;
		if (isWorth) void writeLine(parts, jobId, `${what}: ${sayTraining(progress)}`);
		if (!begins && done !== total && Date.now() - written < WRITE_MS) return;
		written = Date.now();
		db.update(jobs)
			.set({ progress, ...(begins && { trainedAt: written }) })
			.where(and(eq(jobs.id, jobId), eq(jobs.status, "running")))
			.returning({ id: jobs.id })
			.then(
				(found) => {
					if (found.length === 0) halt.abort();
				},
				// Only for show: a lost update of the progress changes nothing.
				() => {},
			);
	};
}
