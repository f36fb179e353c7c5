// An epoch's data as it is to be published, put together from what the database holds: the same rows, the same bytes. Reads only.

import { type Address, type CountedScore, type Hex, receiptFromJson } from "@openledger/protocol";
import type { BlobReceipt, EpochBlob } from "@openledger/rollup";
import { asc, eq } from "drizzle-orm";
import { earnings, epochs, receipts, scores } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { poolAccount } from "./pool.js";

/** Everything of a summed epoch. */
export async function readEpochBlob(parts: NodeParts, epoch: number): Promise<EpochBlob> {
	const { db } = parts;
	const [stored] = await db.select().from(epochs).where(eq(epochs.epoch, epoch));
	const earned = await db.select().from(earnings).where(eq(earnings.epoch, epoch)).orderBy(asc(earnings.account));
	return {
		chainId: BigInt(parts.chainId),
		rewards: parts.ledger.addresses.attributionRewards.toLowerCase() as Address,
		epoch: BigInt(epoch),
		closedAt: stored!.closedAt,
		pool: poolAccount(parts),
		erased: stored!.erased,
		receipts: await readEpochReceipts(parts, epoch),
		earnings: earned
			.map(({ account, cumulativeWei }) => ({ account, cumulativeWei }))
			// The database sorts texts by its own rules.
			.sort((a, b) => (a.account < b.account ? -1 : 1)),
	};
}

/** Receipts of an epoch with their signatures and the rows that count, in the epoch's order. */
export async function readEpochReceipts(parts: NodeParts, epoch: number): Promise<BlobReceipt[]> {
	const { db } = parts;
	const inside = await db.select().from(receipts).where(eq(receipts.epoch, epoch)).orderBy(asc(receipts.sequence));
	const rows = await db
		.select({
			...{ receiptId: scores.receiptId, row: scores.row, contributor: scores.contributor },
			...{ score: scores.score, sharePpm: scores.sharePpm },
		})
		.from(scores)
		.innerJoin(receipts, eq(scores.receiptId, receipts.id))
		.where(eq(receipts.epoch, epoch))
		.orderBy(asc(scores.row));
	const counted = new Map<Hex, CountedScore[]>();
	for (const { receiptId, ...row } of rows) counted.set(receiptId, [...(counted.get(receiptId) ?? []), row]);
	return inside.map(({ id, receipt, signature }) => ({
		receipt: receiptFromJson(receipt),
		signature,
		counted: counted.get(id) ?? [],
	}));
}
