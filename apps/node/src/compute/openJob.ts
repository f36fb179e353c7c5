// A job made ready to be worked on: its recipe read, its rows checked against the chain, its run opened for replay. Whatever does not fit is
// found before anything is staked. It must not know who trains or who verifies.

import { readJob, readJobParams } from "@openledger/chain";
import { openReplay, type Recipe, type Replay, type RunRow, recipeOfText } from "@openledger/factory";
import { engineId } from "@openledger/llm";
import { CallerError, type Hex, jobSnapshotRoot } from "@openledger/protocol";
import { getBlob } from "@openledger/rollup";
import { notFound } from "../errors.js";
import { openBundle, runRowsOf } from "./jobBundle.js";
import type { Workplace } from "./workplace.js";

/** What stays the same however often the job is claimed. */
export type OpenedJob = {
	readonly jobId: Hex;
	readonly recipe: Recipe;
	readonly rows: readonly RunRow[];
	readonly snapshotRoot: Hex;
	readonly replay: Replay;
};

/**
 * Throws `job/other-base`, `job/other-engine`, `job/unfit` where this program would train another run than the chain expects, `job/bad-bundle`
 * for rows that are not the snapshots', the recipe's errors, and the data layer's. Who opens it closes its replay.
 */
export async function openJob({ ledger, engine, data }: Workplace, jobId: Hex): Promise<OpenedJob> {
	const [job, params] = await Promise.all([readJob(ledger, jobId), readJobParams(ledger, jobId)]);
	if (job === undefined || params === undefined) throw notFound("job", jobId, "ask the chain that it was posted on");
	if (params.engineId !== engineId())
		throw unfit("job/other-engine", `it is for engine ${params.engineId}, this one is ${engineId()}`);
	if (params.baseDigest !== engine.base.digest)
		throw unfit("job/other-base", `it is for base ${params.baseDigest}, the loaded one is ${engine.base.digest}`);
	const recipe = recipeOfText(params.recipe);
	if (recipe.commitEvery !== 1) throw unfit("job/unfit", "recipe.commitEvery must be 1 in a job");
	const roots = params.snapshots.map(({ root }) => root);
	const bundle = openBundle(await getBlob(data, params.dataCertificate), params.dataDigest, roots);
	const rows = runRowsOf(bundle);
	const snapshotRoot = jobSnapshotRoot(roots);
	const replay = openReplay({ engine, rows, snapshotRoot, recipe });
	const steps = replay.linkSteps.length - 1;
	if (replay.start !== job.runStart || steps !== job.steps) {
		replay.close();
		const what = steps === job.steps ? `a run that starts at ${replay.start}` : `${steps} steps`;
		throw unfit("job/unfit", `its rows and recipe make ${what}, it asks for ${job.steps} from ${job.runStart}`);
	}
	return { jobId, recipe, rows, snapshotRoot, replay };
}

function unfit(code: string, what: string): CallerError {
	return new CallerError(`the job cannot be worked on here: ${what}`, { code });
}
