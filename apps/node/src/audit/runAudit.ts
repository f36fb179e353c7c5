// Runs an audit that is written down, one at a time. It may be killed, stopped or closed upon at any moment; what was trained is kept.

import { join } from "node:path";
import { openCounterfactuals, openMagicFolder, recordedTrainingOf } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { and, asc, eq, inArray } from "drizzle-orm";
import { audits } from "../database/schema.js";
import { refuseErased } from "../datanet/sealedRows.js";
import { errorText, closing as nodeCloses, notFound } from "../errors.js";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import type { AuditInput } from "./auditInput.js";
import type { AuditProgress, ReportProgress } from "./auditProgress.js";
import { type Measured, makeRecord, recordDigest, type Smoothness } from "./auditRecord.js";
import { contributorGroups } from "./contributorGroups.js";
import { keptJudgement } from "./keptJudgement.js";
import { leaveOneOut } from "./leaveOneOut.js";
import { judgeRun, magicAudit, signsOf } from "./magicAudit.js";

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
			const record = await makeRecord(parts, input, model, await measure(parts, id, { input, model, signal, report }));
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

async function measure(parts: NodeParts, id: string, { input, model, signal, report }: Measuring): Promise<Measured> {
	const { run, rows } = model;
	refuseErased(rows);
	const folder = auditFolder(parts, run.runCommitment);
	const training = recordedTrainingOf(parts.engine, run, rows);
	const groups = contributorGroups(model, input);
	const kept = keptJudgement(folder, run.runCommitment);
	const signs = signsOf(training);
	let smoothness: Smoothness | null = null;
	if (input.method === "magic") {
		smoothness = (await kept.read()) ?? (await judgeRun(parts, { training, signal, report }));
		await kept.write(smoothness);
		if (smoothness.smooth) {
			const states = openMagicFolder(join(folder, id));
			const found = await magicAudit(parts, { input, model, training, groups, kept: states, signal, report });
			return { method: "magic", because: null, smoothness, signs, ...found };
		}
	}
	const counterfactuals = openCounterfactuals({ training, run, directory: folder });
	try {
		const found = await leaveOneOut(parts, { input, training, counterfactuals, groups, signal, report });
		const because = smoothness === null ? null : tooRough(smoothness);
		return { method: "leave-one-contributor-out", because, smoothness, signs, ...found };
	} finally {
		counterfactuals.close();
	}
}

export function tooRough({ why }: Smoothness): string {
	return `the recipe is too rough for a derivative: ${why}`;
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
