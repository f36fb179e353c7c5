// Which receipts an epoch is made of: fixed once, with the chain's time, before anything of it moves.

import { and, asc, desc, eq, exists, gte, isNull, ne, notInArray, or, sql } from "drizzle-orm";
import { channels, epochs, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { erasedRows } from "./erasedRows.js";

/** Statuses of epochs of which nothing is left to do before their root stands on chain. */
const ON_CHAIN = ["proposed", "active"] as const;

/** Receipts of no epoch whose money is there: an answer charged to a channel counts once its channel is claimed so far. */
function covered({ db }: NodeParts) {
	const claimed = db
		.select({ id: channels.id })
		.from(channels)
		.where(and(eq(channels.id, receipts.account), gte(channels.claimedWei, receipts.cumulativeWei)));
	return and(isNull(receipts.epoch), or(ne(receipts.method, "batch-settlement"), exists(claimed)));
}

/** The first epoch that is not on chain yet, or a new one over all receipts that wait; undefined if none does. */
export async function fixReceipts(parts: NodeParts): Promise<number | undefined> {
	const { timestamp } = await parts.ledger.client.publicClient.getBlock();
	const [before] = await parts.db.select().from(epochs).orderBy(desc(epochs.epoch)).limit(1);
	const erased = await erasedRows(parts, before?.closedAt);
	return await parts.db.transaction(async (tx) => {
		const [open] = await tx
			.select()
			.from(epochs)
			.where(notInArray(epochs.status, [...ON_CHAIN]))
			.orderBy(asc(epochs.epoch));
		if (open !== undefined) {
			// A root that fell is looked at from the start: nothing that it was made of is believed.
			if (open.status === "fallen")
				await tx.update(epochs).set({ status: "collecting" }).where(eq(epochs.epoch, open.epoch));
			return open.epoch;
		}
		const [waiting] = await tx.select().from(receipts).where(covered(parts)).limit(1);
		if (waiting === undefined) return undefined;
		const [next] = await tx
			.insert(epochs)
			.values({
				epoch: sql`(select coalesce(max(epoch), 0) + 1 from epochs)`,
				status: "collecting",
				closedAt: timestamp,
				erased,
			})
			.returning();
		await tx.update(receipts).set({ epoch: next!.epoch }).where(covered(parts));
		return next!.epoch;
	});
}
