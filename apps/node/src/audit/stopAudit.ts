// Stops an audit that waits or runs. What it has trained is kept, so the same audit asked for again goes on from there.

import { and, eq, inArray } from "drizzle-orm";
import { audits } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";

/** One that has ended stays as it ended. Throws `audit/not-found`. */
export async function stopAudit(
	{ db }: NodeParts,
	id: string,
): Promise<{ readonly auditId: string; readonly status: string }> {
	await db
		.update(audits)
		.set({ status: "stopped" })
		.where(and(eq(audits.id, id), inArray(audits.status, ["queued", "running"])));
	const [audit] = await db.select().from(audits).where(eq(audits.id, id));
	if (audit === undefined) throw notFound("audit", id, "see the list of audits");
	return { auditId: id, status: audit.status };
}
