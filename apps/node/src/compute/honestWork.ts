// How an honest trainer does a job: it trains, and answers for what it trained. Another trainer's work has the same form.

import { join } from "node:path";
import { readIfThere, type TrainerBook, type TrainProgress, trainAdapter } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { trainerBook } from "./books.js";
import type { OpenedJob } from "./openJob.js";
import { openRunReader, type ReadFile, type Submitted } from "./runReader.js";
import type { Workplace } from "./workplace.js";

export type TrainerWork = {
	/** Brings the job's finished run into the folder and says what it came to. Killed, it goes on when it is called again. */
	train(place: Workplace, opened: OpenedJob, work: TrainWork): Promise<Trained>;
	/** What the trainer plays from while a dispute lasts; it may open the job for each question. */
	book(place: Workplace, opened: OpenedJob, folder: string, submitted: Submitted): Promise<TrainerBook>;
	/** Whether the run's files are published with the submission. */
	publishes(jobId: Hex): boolean;
};

export type TrainWork = {
	readonly folder: string;
	readonly onProgress?: (progress: TrainProgress) => void;
};

export type Trained = {
	/** Hashes of the chain's links, without the start and the output. */
	readonly chain: readonly Hex[];
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
};

export const honestWork: TrainerWork = {
	publishes: () => true,
	async train({ engine, signal }, { rows, snapshotRoot, recipe }, { folder, onProgress }) {
		const run = await trainAdapter({
			...{ engine, rows, snapshotRoot, recipe, signal },
			directory: folder,
			...(onProgress && { onProgress }),
		});
		const { adapterDigest, featuresRoot } = run;
		return { chain: run.chain.map(({ hash }) => hash), adapterDigest, featuresRoot };
	},
	async book({ signal }, { replay }, folder, submitted) {
		const reader = await openRunReader(folderFiles(folder), replay, submitted);
		if (reader === undefined)
			throw new Error(`the run in ${folder} is not the one that was submitted; restore the folder`);
		return trainerBook({ replay, reader, signal });
	},
};

export function folderFiles(folder: string): ReadFile {
	return (name) => readIfThere(join(folder, name));
}
