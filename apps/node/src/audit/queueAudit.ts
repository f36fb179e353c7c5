// Writes an audit down, so that it is done whatever happens next. The same audit twice is one.

import { CallerError } from "@openledger/protocol";
import { and, count, eq, inArray, sql } from "drizzle-orm";
import { type AuditStatus, audits } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import type { PreparedAudit } from "./auditInput.js";

/** Audits that may wait at once. */
const MOST_OPEN = 16;

/** One that failed or was stopped is queued again. Throws `audit/too-many-open`. */
export function queueAudit(
	{ db, turns }: NodeParts,
	{ id, input }: PreparedAudit,
): Promise<{ readonly auditId: string; readonly status: AuditStatus }> {
	return turns("audit queue", async () => {
		const [known] = await db.select().from(audits).where(eq(audits.id, id));
		if (known !== undefined && ["queued", "running", "done"].includes(known.status))
			return { auditId: id, status: known.status };
		const open = inArray(audits.status, ["queued", "running"]);
		const [waiting] = await db.select({ n: count() }).from(audits).where(open);
		if (waiting!.n >= MOST_OPEN) {
			throw new CallerError(
				`${waiting!.n} audits wait already, which is as many as may; ask again when one is done, or stop one`,
				{ code: "audit/too-many-open" },
			);
		}
		const { modelId, receiptId } = input;
		const sequence = sql`(select coalesce(max(sequence), 0) + 1 from audits)`;
		await db.insert(audits).values({ id, sequence, modelId, receiptId, input, status: "queued" }).onConflictDoNothing();
		await db
			.update(audits)
			.set({ status: "queued", error: null })
			.where(and(eq(audits.id, id), inArray(audits.status, ["failed", "stopped"])));
		return { auditId: id, status: "queued" };
	});
}
