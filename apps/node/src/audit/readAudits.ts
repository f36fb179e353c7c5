// Audits as people look at them: the record with names beside accounts, and whether the node's signature under it holds. Reads only.

import type { Address, Hex } from "@openledger/protocol";
import { desc, eq } from "drizzle-orm";
import { recoverMessageAddress } from "viem";
import { audits, models } from "../database/schema.js";
import { namesByAddress } from "../datanet/wallet.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import type { AuditInput } from "./auditInput.js";
import { type AuditProgress, sayAudit } from "./auditProgress.js";
import { type AuditRecord, recordDigest, type Smoothness } from "./auditRecord.js";
import { keptJudgement } from "./keptJudgement.js";
import { auditFolder } from "./runAudit.js";

const LISTED = 1000;

/** The latest, newest first. */
export async function listAudits({ db }: NodeParts) {
	const found = await db
		.select()
		.from(audits)
		.innerJoin(models, eq(audits.modelId, models.id))
		.orderBy(desc(audits.sequence))
		.limit(LISTED);
	return found.map(({ audits: audit, models: model }) => summary(audit, model.servedName));
}

/** All of an audit. Throws `audit/not-found`. */
export async function showAudit(parts: NodeParts, id: string) {
	const [found] = await parts.db
		.select()
		.from(audits)
		.innerJoin(models, eq(audits.modelId, models.id))
		.where(eq(audits.id, id));
	if (found === undefined) throw notFound("audit", id, "see the list of audits");
	const { audits: audit, models: model } = found;
	const record = audit.record as AuditRecord | null;
	return {
		...summary(audit, model.servedName),
		record,
		digest: audit.digest,
		signature: audit.signature,
		signer: record === null ? null : await signerOf(record, audit.digest!, audit.signature!),
		smoothness: record === null ? null : (record.smoothness ?? (await judged(parts, record))),
		names: record === null ? {} : await namesOf(parts, record),
	};
}

type Stored = typeof audits.$inferSelect;

function summary({ id, receiptId, input, status, progress, error }: Stored, model: string) {
	const { method, queries, contributors } = input as AuditInput;
	const now = status === "running" ? (progress as AuditProgress | null) : null;
	return {
		...{ id, model, receiptId, method, status, error },
		queries: queries.map(({ prompt, response }) => ({ prompt, response })),
		contributors,
		progress: now,
		message: now && sayAudit(now),
	};
}

/** The account that signed; null where record and digest do not belong together. */
async function signerOf(record: AuditRecord, digest: Hex, signature: Hex): Promise<Address | null> {
	if (recordDigest(record) !== digest) return null;
	const signer = await recoverMessageAddress({ message: { raw: digest }, signature }).catch(() => null);
	return (signer?.toLowerCase() as Address | undefined) ?? null;
}

/** How smooth another audit of the same run found it. */
async function judged(parts: NodeParts, { runCommitment }: AuditRecord): Promise<Smoothness | null> {
	return (await keptJudgement(auditFolder(parts, runCommitment), runCommitment).read()) ?? null;
}

async function namesOf(parts: NodeParts, { contributors }: AuditRecord): Promise<Readonly<Record<string, string>>> {
	const names = await namesByAddress(parts);
	return Object.fromEntries(
		contributors.map(({ contributor }) => [contributor, names.get(contributor) ?? contributor]),
	);
}
