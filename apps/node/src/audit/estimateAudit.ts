// What an audit will cost, before it is begun. It must not begin it.

import { openCounterfactuals, recordedTrainingOf } from "@openledger/factory";
import type { NodeParts } from "../parts.js";
import type { PreparedAudit } from "./auditInput.js";
import { contributorGroups } from "./contributorGroups.js";
import { leaveOneOutWork } from "./leaveOneOut.js";
import { auditFolder } from "./runAudit.js";

export type AuditEstimate = {
	/** Whole trainings of the run. */
	readonly trainings: number;
	/** Adapters of earlier audits that serve this one. */
	readonly kept: number;
	readonly steps: number;
	/** By the time that the run itself took on the machine it was trained on. */
	readonly seconds: number;
	/** That will be written into the home. */
	readonly bytes: number;
	/** In words. */
	readonly message: string;
};

export async function estimateAudit(parts: NodeParts, { input, model }: PreparedAudit): Promise<AuditEstimate> {
	const { run, rows } = model;
	const training = recordedTrainingOf(parts.engine, run, rows);
	const groups = contributorGroups(model, input);
	const counterfactuals = openCounterfactuals({ training, run, directory: auditFolder(parts, run.runCommitment) });
	try {
		const { trainings, kept, bytes } = await leaveOneOutWork(training, counterfactuals, groups);
		const steps = trainings * training.total;
		const seconds = (steps * run.seconds) / Math.max(1, run.history.length);
		const had = kept === 0 ? "" : `, ${kept} more are kept from before`;
		const message =
			trainings === 0
				? `nothing has to be trained: all ${kept} adapters are kept from before`
				: `${trainings} trainings of ${training.total} steps${had}; about ${say(seconds)}, ${(bytes / 1e6).toFixed(1)} MB on disk`;
		return { trainings, kept, steps, seconds, bytes, message };
	} finally {
		counterfactuals.close();
	}
}

function say(seconds: number): string {
	if (seconds < 100) return `${Math.ceil(seconds)} s`;
	return seconds < 6000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
