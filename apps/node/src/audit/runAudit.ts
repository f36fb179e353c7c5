// Runs an audit that is written down, one at a time. It may be killed, stopped or closed upon at any moment; what was trained is kept.

import { join } from "node:path";
import { openCounterfactuals, recordedTrainingOf } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { and, asc, eq, inArray } from "drizzle-orm";
import { audits } from "../database/schema.js";
import { errorText, closing as nodeCloses, notFound } from "../errors.js";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import type { AuditInput } from "./auditInput.js";
import type { AuditProgress, ReportProgress } from "./auditProgress.js";
import { type Measured, makeRecord, recordDigest } from "./auditRecord.js";
import { contributorGroups } from "./contributorGroups.js";
import { leaveOneOut } from "./leaveOneOut.js";

const LOOK_MS = 500;

/** To its end, or to where it was stopped; one that is done already, or was stopped meanwhile, returns at once. */
export function runAudit(parts: NodeParts, id: string): Promise<void> {
	return parts.turns("audit", async () => {
		const { db, closing } = parts;
		if (closing.aborted) throw nodeCloses();
		const [audit] = await db.select().from(audits).where(eq(audits.id, id));
		if (audit === undefined) throw notFound("audit", id, "see the list of audits");
		const isOpen = inArray(audits.status, ["queued", "running"]);
		const taken = await db
			.update(audits)
			.set({ status: "running", error: null })
			.where(and(eq(audits.id, id), isOpen))
			.returning({ id: audits.id });
		if (taken.length === 0) return;
		const stopped = new AbortController();
		const signal = AbortSignal.any([closing, stopped.signal]);
		const input = audit.input as AuditInput;
		try {
			const model = await parts.shelf.serve(input.modelId);
			const report = reporter(parts, id, () => stopped.abort());
			const record = await makeRecord(parts, input, model, await measure(parts, { input, model, signal, report }));
			const digest = recordDigest(record);
			const signature = await parts.keys.account("node").signMessage({ message: { raw: digest } });
			await db.update(audits).set({ status: "done", record, digest, signature }).where(eq(audits.id, id));
		} catch (error) {
			// Closed upon, it is left running and the next start takes it up; stopped, that is written down already.
			if (closing.aborted) throw error;
			if (stopped.signal.aborted) return;
			await db
				.update(audits)
				.set({ status: "failed", error: errorText(error) })
				.where(eq(audits.id, id));
			throw error;
		}
	});
}

/** Ids of the audits that were cut short or never begun, oldest first. */
export async function unfinishedAudits({ db }: NodeParts): Promise<string[]> {
	const found = await db
		.select({ id: audits.id })
		.from(audits)
		.where(inArray(audits.status, ["queued", "running"]))
		.orderBy(asc(audits.sequence));
	return found.map(({ id }) => id);
}

/** Where a run's counterfactual adapters are kept, for all its audits. */
export function auditFolder({ home }: NodeParts, runCommitment: Hex): string {
	return join(home, "audits", runCommitment.slice(2, 34));
}

export type Measuring = {
	readonly input: AuditInput;
	readonly model: ShelvedModel;
	readonly signal: AbortSignal;
	readonly report: ReportProgress;
};

async function measure(parts: NodeParts, { input, model, signal, report }: Measuring): Promise<Measured> {
	const { run, rows } = model;
	const training = recordedTrainingOf(parts.engine, run, rows);
	const groups = contributorGroups(model, input);
	const counterfactuals = openCounterfactuals({ training, run, directory: auditFolder(parts, run.runCommitment) });
	try {
		const found = await leaveOneOut(parts, { input, training, counterfactuals, groups, signal, report });
		return { method: "leave-one-contributor-out", because: null, smoothness: null, ...found };
	} finally {
		counterfactuals.close();
	}
}

/** Tells the audit's row how far it is; where the row says that it is no longer wanted, calls `stop`. */
function reporter({ db }: NodeParts, id: string, stop: () => void): ReportProgress {
	let told = 0;
	return (progress: AuditProgress) => {
		if (performance.now() - told < LOOK_MS) return;
		told = performance.now();
		const isRunning = and(eq(audits.id, id), eq(audits.status, "running"));
		db.update(audits)
			.set({ progress })
			.where(isRunning)
			.returning({ id: audits.id })
			.then(
				(found) => {
					if (found.length === 0) stop();
				},
				// Only for show: a lost update of the progress changes nothing.
				() => {},
			);
	};
}
