// What the network is doing, in numbers. Reads only.

import { readCollected, readLatestEpoch, readProposedEpoch } from "@openledger/chain";
import { count, countDistinct, eq, isNull, sum } from "drizzle-orm";
import { contributions, datanets, models, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

export async function readSummary(parts: NodeParts) {
	const { db, ledger } = parts;
	const [block, money, activeEpoch, proposedEpoch] = await Promise.all([
		ledger.client.publicClient.getBlock(),
		readCollected(ledger),
		readLatestEpoch(ledger),
		readProposedEpoch(ledger),
	]);
	const [answered] = await db.select({ n: count(), feesWei: sum(receipts.feeWei) }).from(receipts);
	const [waiting] = await db.select({ n: count() }).from(receipts).where(isNull(receipts.epoch));
	const [given] = await db
		.select({ n: countDistinct(contributions.contributor), rows: sum(contributions.acceptedRows) })
		.from(contributions)
		.where(eq(contributions.status, "accepted"));
	const [nets] = await db.select({ n: count() }).from(datanets);
	const [published] = await db.select({ n: count() }).from(models).where(eq(models.status, "published"));
	return {
		answers: answered!.n,
		/** Of all answers, whether settled or not. */
		feesWei: answered!.feesWei ?? "0",
		/** Answers that wait for the next settlement. */
		unsettled: waiting!.n,
		money,
		contributors: given!.n,
		rows: Number(given!.rows ?? 0),
		datanets: nets!.n,
		models: published!.n,
		block: block.number,
		blockAt: Number(block.timestamp),
		activeEpoch,
		proposedEpoch,
	};
}
