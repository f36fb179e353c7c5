// What a run will take, before it is begun: its work by its own rows and recipe, its time by what this node's last runs took for theirs, or
// else by a few steps of this one. It must not begin it.

import { measureSteps, type PlannedRun, parseRecipe, planRun, type Recipe, runStart } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { desc, eq, inArray } from "drizzle-orm";
import { estimates, jobs } from "../database/schema.js";
import { refuseErased, type SnapshotRow } from "../datanet/sealedRows.js";
import { acceptedRows, readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { storedCurve } from "./readCurve.js";
import { type JobInput, recipeOf, snapshotOf, startOf } from "./trainingInput.js";

/** Operations a second in training steps, and in measuring features. */
type Rate = { readonly training: number; readonly features: number | null };

export type RateFrom = {
	/** runs: earlier ones of this node · steps: a few of this run, taken now and forgotten. */
	readonly kind: "runs" | "steps";
	/** How many runs, or steps' seconds. */
	readonly runs: number;
	readonly tokensPerSecond: number;
	readonly flopsPerSecond: number;
};

export type TrainingEstimate = Omit<PlannedRun, "leftOut"> & {
	readonly leftOut: number;
	/** Null where nothing was ever measured here. */
	readonly seconds: { readonly training: number; readonly features: number; readonly total: number } | null;
	readonly from: RateFrom | null;
	/** That the run will write into the home. */
	readonly bytes: number;
	/** Rows of the snapshot, or those that one would have now. */
	readonly rows: number;
};

export type EstimateTraining = {
	readonly datanetId: Hex;
	/** Without it, the rows that are accepted now. */
	readonly snapshotVersion?: number | undefined;
	readonly recipe?: unknown;
};

/** Features are measured row by row, which is slower than steps; by how much, the first run of a node does not know. */
const FEATURES_SLOWER = 2;
const LAST_RUNS = 3;
const LOOKED_AT = 20;
const SHORTEST_SECONDS = 0.2;

/** Throws the recipe's errors and the rows'. */
export async function estimateTraining(parts: NodeParts, wanted: EstimateTraining): Promise<TrainingEstimate> {
	const { datanetId, snapshotVersion } = wanted;
	const recipe = parseRecipe(wanted.recipe ?? {});
	const rows = await rowsOf(parts, datanetId, snapshotVersion);
	refuseErased(rows);
	const { engine } = parts;
	const plan = planRun({ engine, rows, recipe });
	const known = await rateOfRuns(parts, recipe);
	if (known !== undefined) return estimateBy(plan, recipe, rows.length, known);
	const steps = await parts.turns("estimate", async () => measureSteps({ engine, rows, recipe }));
	const from: RateFrom = {
		kind: "steps",
		runs: 0,
		tokensPerSecond: steps.tokens / steps.seconds,
		flopsPerSecond: steps.flops / steps.seconds,
	};
	return estimateBy(plan, recipe, rows.length, { from, rate: { training: from.flopsPerSecond, features: null } });
}

async function rowsOf(parts: NodeParts, datanetId: Hex, snapshotVersion: number | undefined): Promise<SnapshotRow[]> {
	if (snapshotVersion === undefined) return await acceptedRows(parts, datanetId);
	await snapshotOf(parts, { datanetId, snapshotVersion });
	return await readSnapshotRows(parts, datanetId, snapshotVersion);
}

/** Writes down what is guessed of a run, so that it can be held against what it took. Never keeps a run from going on. */
export async function keepEstimate(parts: NodeParts, input: JobInput, rows: readonly SnapshotRow[]): Promise<void> {
	const recipe = recipeOf(input);
	const start = await startOf(parts, input);
	const plan = planRun({ engine: parts.engine, rows, recipe });
	const known = await rateOfRuns(parts, recipe);
	const estimate = estimateBy(plan, recipe, rows.length, known);
	await parts.db.insert(estimates).values({ start, estimate }).onConflictDoNothing();
}

/** Where only a few steps were timed, that is kept too: the run's own look at earlier ones would find nothing. */
export async function keepAsked(parts: NodeParts, wanted: EstimateTraining, estimate: TrainingEstimate): Promise<void> {
	const { datanetId, snapshotVersion } = wanted;
	if (snapshotVersion === undefined) return;
	const snapshot = await snapshotOf(parts, { datanetId, snapshotVersion });
	const recipe = parseRecipe(wanted.recipe ?? {});
	const start = runStart({ baseDigest: parts.engine.base.digest, snapshotRoot: snapshot.root, recipe });
	await parts.db.insert(estimates).values({ start, estimate }).onConflictDoNothing();
}

export async function readEstimate({ db }: NodeParts, start: Hex): Promise<TrainingEstimate | null> {
	const [found] = await db.select().from(estimates).where(eq(estimates.start, start));
	return (found?.estimate as TrainingEstimate | undefined) ?? null;
}

type Known = { readonly from: RateFrom; readonly rate: Rate };

function estimateBy(
	{ leftOut, ...plan }: PlannedRun,
	recipe: Recipe,
	rows: number,
	known: Known | undefined,
): TrainingEstimate {
	const bytes = 12 * plan.adapterParameters * (recipe.checkpoints.length + 2) + 4 * plan.adapterParameters;
	const told = { ...plan, leftOut: leftOut.length, bytes, rows };
	if (known === undefined) return { ...told, seconds: null, from: null };
	const { rate, from } = known;
	const training = (plan.training.flops + plan.validation.flops) / rate.training;
	const features = plan.features.flops / (rate.features ?? rate.training / FEATURES_SLOWER);
	return { ...told, seconds: { training, features, total: training + features }, from };
}

/** The middle one of the last runs, the slower of two; of runs alike, if there are such. */
async function rateOfRuns(parts: NodeParts, recipe: Recipe): Promise<Known | undefined> {
	const done = await parts.db
		.select()
		.from(jobs)
		.where(eq(jobs.status, "done"))
		.orderBy(desc(jobs.sequence))
		.limit(LOOKED_AT);
	const starts = new Map<string, Hex>();
	for (const { id, input } of done) starts.set(id, await startOf(parts, input as JobInput));
	if (starts.size === 0) return undefined;
	const kept = await parts.db
		.select()
		.from(estimates)
		.where(inArray(estimates.start, [...starts.values()]));
	const planned = new Map(kept.map(({ start, estimate }) => [start, estimate as TrainingEstimate]));
	const found: (Rate & { readonly tokens: number; readonly alike: boolean })[] = [];
	for (const { id, input, beganAt, trainedAt, endedAt } of done) {
		const start = starts.get(id)!;
		const plan = planned.get(start);
		if (plan === undefined) continue;
		const { seconds: inSteps, steps } = await storedCurve(parts, start.slice(2));
		if (inSteps === null || inSteps < SHORTEST_SECONDS) continue;
		// By the clock, which counts what steps do not; of a run that was cut short the clock has only the last part.
		const byClock = trainedAt !== null && beganAt !== null ? (trainedAt - beganAt) / 1000 : 0;
		const seconds = Math.max(inSteps, byClock);
		const part = steps.length / plan.steps;
		const own = recipeOf(input as JobInput);
		const alike = own.batchSize === recipe.batchSize && own.packing === recipe.packing && own.rank === recipe.rank;
		const measured = trainedAt !== null && endedAt !== null ? (endedAt - trainedAt) / 1000 : 0;
		found.push({
			alike,
			training: (plan.training.flops * part) / seconds,
			features: measured > SHORTEST_SECONDS ? plan.features.flops / measured : null,
			tokens: (plan.training.tokens * part) / seconds,
		});
	}
	const best = found.some(({ alike }) => alike) ? found.filter(({ alike }) => alike) : found;
	const used = best.slice(0, LAST_RUNS).sort((a, b) => a.training - b.training);
	const middle = used[Math.floor((used.length - 1) / 2)];
	if (middle === undefined) return undefined;
	const from: RateFrom = {
		kind: "runs",
		runs: used.length,
		tokensPerSecond: middle.tokens,
		flopsPerSecond: middle.training,
	};
	return { from, rate: middle };
}
