// The exact truth where money is paid: the run trained again without each contributor, every adapter kept, then asked the queries.

import type { RecordedTraining } from "@openledger/attribution";
import { type Counterfactuals, counterfactualBytes, createLossMeter } from "@openledger/factory";
import type { Address } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";
import type { AuditInput } from "./auditInput.js";
import { countSteps, type ReportProgress } from "./auditProgress.js";
import type { Measured } from "./auditRecord.js";
import type { ContributorGroup } from "./contributorGroups.js";

export type LeaveOneOut = {
	readonly input: AuditInput;
	readonly training: RecordedTraining;
	readonly counterfactuals: Counterfactuals;
	readonly groups: readonly ContributorGroup[];
	readonly signal: AbortSignal;
	readonly report: ReportProgress;
};

const NOBODY: ReadonlySet<number> = new Set();

/** The effects; each training is a turn of its own, so that a model somebody wants trained waits for one of them and not for all. */
export async function leaveOneOut(
	parts: NodeParts,
	{ input, training, counterfactuals, groups, signal, report }: LeaveOneOut,
): Promise<Pick<Measured, "losses" | "effects">> {
	const missing = await missingTrainings(counterfactuals, groups);
	const count = countSteps(missing * training.total, report);
	const meter = createLossMeter(training, input.queries);
	try {
		const lossesWithout = async (rows: ReadonlySet<number>, doing: string) => {
			const adapter = await parts.turns("training", async () => {
				signal.throwIfAborted();
				return await counterfactuals.adapter(rows, { signal, onStep: () => count(doing) });
			});
			return meter.losses(adapter);
		};
		// The run as it was comes first: where it does not give its own adapter again, nothing else may be concluded.
		const losses = await lossesWithout(NOBODY, "the run as it was");
		const effects = new Map<Address, { total: number[] }>();
		for (const [i, { account, name, rows }] of groups.entries()) {
			const without = await lossesWithout(rows, `without ${name}, ${i + 1} of ${groups.length}`);
			effects.set(account, { total: without.map((loss, q) => loss - losses[q]!) });
		}
		return { losses, effects };
	} finally {
		meter.close();
	}
}

/** Trainings to be done before the effects are known, and bytes that their adapters will take. */
export async function leaveOneOutWork(
	training: RecordedTraining,
	counterfactuals: Counterfactuals,
	groups: readonly ContributorGroup[],
): Promise<{ readonly trainings: number; readonly kept: number; readonly bytes: number }> {
	const trainings = await missingTrainings(counterfactuals, groups);
	return { trainings, kept: groups.length + 1 - trainings, bytes: trainings * counterfactualBytes(training) };
}

async function missingTrainings(
	counterfactuals: Counterfactuals,
	groups: readonly ContributorGroup[],
): Promise<number> {
	let missing = 0;
	for (const rows of [NOBODY, ...groups.map((group) => group.rows)])
		if ((await counterfactuals.find(rows)) === undefined) missing++;
	return missing;
}
