// What an audit will cost, before it is begun. It must not begin it.

import { estimateMagic, type RecordedTraining } from "@openledger/attribution";
import { openCounterfactuals, recordedTrainingOf } from "@openledger/factory";
import { and, eq } from "drizzle-orm";
import { audits } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import type { PreparedAudit } from "./auditInput.js";
import { contributorGroups } from "./contributorGroups.js";
import { keptJudgement } from "./keptJudgement.js";
import { leaveOneOutWork } from "./leaveOneOut.js";
import { saidTooLarge } from "./magicAudit.js";
import { auditFolder, tooRough } from "./runAudit.js";

export type AuditEstimate = {
	/** Whole trainings of the run. */
	readonly trainings: number;
	/** Adapters of earlier audits that serve this one. */
	readonly kept: number;
	/** By the time that the run itself took, or for a derivative by that of a few steps now. */
	readonly seconds: number;
	/** That will be written into the home. */
	readonly bytes: number;
	/** In words. */
	readonly message: string;
};

/** Trainings that say how smooth a recipe is. */
const JUDGING = 3;

/** A derivative is timed by a few steps of it. */
export async function estimateAudit(parts: NodeParts, prepared: PreparedAudit): Promise<AuditEstimate> {
	const { id, input, model } = prepared;
	const done = and(eq(audits.id, id), eq(audits.status, "done"));
	const [known] = await parts.db.select({ id: audits.id }).from(audits).where(done);
	if (known !== undefined) return { trainings: 0, kept: 0, seconds: 0, bytes: 0, message: "it is done already" };
	const { run, rows } = model;
	const training = recordedTrainingOf(parts.engine, run, rows);
	if (input.method === "leave-one-contributor-out") return await ofLeaveOneOut(parts, prepared, training);
	const kept = keptJudgement(auditFolder(parts, run.runCommitment), run.runCommitment);
	const judged = await kept.read();
	if (judged?.smooth === false || !(training.settings.epsilonRoot > 0)) {
		const { message, ...estimate } = await ofLeaveOneOut(parts, prepared, training);
		const why = judged === undefined ? "its recipe.epsilonRoot is 0, so it has no derivative" : tooRough(judged);
		return { ...estimate, message: `${why}; instead ${message}` };
	}
	const { seconds: derivative, keptBytes: bytes } = timed(training, input.queries.length);
	const judging = judged === undefined ? JUDGING * secondsOfTraining(prepared, training) : 0;
	const seconds = judging + derivative;
	const told = `the derivative of ${training.total} steps for ${input.queries.length === 1 ? "one query" : `${input.queries.length} queries`}, about ${say(derivative)}, ${megabytes(bytes)} on disk meanwhile`;
	const first = `first ${JUDGING} trainings to see whether the recipe is smooth, about ${say(judging)}; then ${told}, or training again without each contributor`;
	const trainings = judged === undefined ? JUDGING : 0;
	return { trainings, kept: 0, seconds, bytes, message: judged === undefined ? first : told };
}

function timed(training: RecordedTraining, queries: number): ReturnType<typeof estimateMagic> {
	try {
		return estimateMagic(training, queries);
	} catch (error) {
		throw saidTooLarge(error);
	}
}

async function ofLeaveOneOut(
	parts: NodeParts,
	prepared: PreparedAudit,
	training: RecordedTraining,
): Promise<AuditEstimate> {
	const { input, model } = prepared;
	const { run } = model;
	const directory = auditFolder(parts, run.runCommitment);
	const counterfactuals = openCounterfactuals({ training, run, directory });
	try {
		const groups = contributorGroups(model, input);
		const { trainings, kept, bytes } = await leaveOneOutWork(training, counterfactuals, groups);
		const seconds = trainings * secondsOfTraining(prepared, training);
		const had = kept === 0 ? "" : `, ${kept} more are kept from before`;
		const message =
			trainings === 0
				? `nothing has to be trained: all ${kept} adapters are kept from before`
				: `${trainings} trainings of ${training.total} steps${had}; about ${say(seconds)}, ${megabytes(bytes)} on disk`;
		return { trainings, kept, seconds, bytes, message };
	} finally {
		counterfactuals.close();
	}
}

function secondsOfTraining({ model: { run } }: PreparedAudit, { total }: RecordedTraining): number {
	return (total * run.seconds) / Math.max(1, run.history.length);
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}

function say(seconds: number): string {
	if (seconds < 100) return `${Math.ceil(seconds)} s`;
	return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
