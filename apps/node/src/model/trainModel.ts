// Training as a job: written down first, then run; a job that a crash cut short goes on at the next start.

import { join } from "node:path";
import { parseRecipe, type Recipe, runStart, type TrainProgress, trainAdapter } from "@openledger/factory";
import { CallerError, type Hex, sha256, utf8 } from "@openledger/protocol";
import { and, eq, inArray } from "drizzle-orm";
import { jobs, snapshots } from "../database/schema.js";
import { refuseErased } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { errorText, notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { publishModel } from "./publishModel.js";
import { type JobProgress, sayTraining } from "./sayTraining.js";

export type TrainModel = {
	readonly datanetId: Hex;
	readonly snapshotVersion: number;
	/** The model's name; its first version is served as "name-1". */
	readonly name: string;
	/** Fields to change in the default recipe. */
	readonly recipe?: unknown;
};

type JobInput = {
	readonly datanetId: Hex;
	readonly snapshotVersion: number;
	readonly name: string;
	readonly recipe: Recipe;
};

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
	await parts.db.insert(jobs).values({ id: jobId, input, status: "queued" }).onConflictDoNothing();
	await parts.db
		.update(jobs)
		.set({ status: "queued", error: null })
		.where(and(eq(jobs.id, jobId), eq(jobs.status, "failed")));
	return { jobId };
}

/** Runs a job to its end, one at a time; returns the model. A finished job returns at once. */
export function runTraining(
	parts: NodeParts,
	jobId: string,
	onProgress?: (progress: TrainProgress) => void,
): Promise<{ readonly modelId: Hex }> {
	return parts.turns("training", async () => {
		const [job] = await parts.db.select().from(jobs).where(eq(jobs.id, jobId));
		if (job === undefined) throw notFound("job", jobId, "ask for the id that training returned");
		if (job.status === "done") return { modelId: job.result as Hex };
		await parts.db.update(jobs).set({ status: "running" }).where(eq(jobs.id, jobId));
		try {
			const modelId = await train(parts, jobId, job.input as JobInput, onProgress);
			await parts.db.update(jobs).set({ status: "done", result: modelId }).where(eq(jobs.id, jobId));
			return { modelId };
		} catch (error) {
			// A closing node leaves the job running: the next start takes it up.
			if (!parts.closing.aborted) {
				await parts.db
					.update(jobs)
					.set({ status: "failed", error: errorText(error) })
					.where(eq(jobs.id, jobId));
			}
			throw error;
		}
	});
}

/** Ids of the jobs that were cut short or never begun, oldest run first. */
export async function unfinishedTrainings(parts: NodeParts): Promise<string[]> {
	const found = await parts.db
		.select()
		.from(jobs)
		.where(inArray(jobs.status, ["queued", "running"]));
	return found.map(({ id }) => id);
}

/** A job that an older program wrote down knows nothing of keys that came later. */
function recipeOf({ recipe }: JobInput): Recipe {
	return parseRecipe(recipe);
}

async function startOf(parts: NodeParts, input: JobInput): Promise<Hex> {
	const { datanetId, snapshotVersion } = input;
	const [snapshot] = await parts.db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, snapshotVersion)));
	if (snapshot === undefined) throw notFound("snapshot", `${datanetId} ${snapshotVersion}`, "take a snapshot first");
	return runStart({ baseDigest: parts.engine.base.digest, snapshotRoot: snapshot.root, recipe: recipeOf(input) });
}

async function train(
	parts: NodeParts,
	jobId: string,
	input: JobInput,
	onProgress: ((progress: TrainProgress) => void) | undefined,
): Promise<Hex> {
	const { datanetId, snapshotVersion, name } = input;
	const rows = await readSnapshotRows(parts, datanetId, snapshotVersion);
	refuseErased(rows);
	const [snapshot] = await parts.db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, snapshotVersion)));
	const runFolder = (await startOf(parts, input)).slice(2);
	let written = 0;
	const run = await trainAdapter({
		engine: parts.engine,
		rows,
		snapshotRoot: snapshot!.root,
		recipe: recipeOf(input),
		directory: join(parts.home, "runs", runFolder),
		signal: parts.closing,
		onProgress(progress) {
			onProgress?.(progress);
			if (Date.now() - written < 500) return;
			written = Date.now();
			// Only for show: a lost update of the progress changes nothing.
			parts.db
				.update(jobs)
				.set({ progress })
				.where(eq(jobs.id, jobId))
				.catch(() => {});
		},
	});
	const { modelId } = await publishModel(parts, { name, datanetId, snapshotVersion, runFolder, run });
	return modelId;
}

/** A job as people look at it. Throws `job/not-found`. */
export async function readJob(parts: NodeParts, id: string) {
	const [job] = await parts.db.select().from(jobs).where(eq(jobs.id, id));
	if (job === undefined) throw notFound("job", id, "ask for the id that training returned");
	const { status, result: modelId, error } = job;
	const progress = job.progress as JobProgress | null;
	return { id, status, progress, message: progress && sayTraining(progress), modelId, error };
}
