// Closes an epoch: its receipts are fixed, their fees collected, earnings summed, the root put on chain.
// Every step is written down and looked up on chain first, so that a crash between any two counts nothing twice.

import { collectFees, collectSumFromNode, submitRoot } from "@openledger/chain";
import { earningsTree, type Hex, receiptsRoot } from "@openledger/protocol";
import { and, asc, eq, exists, gte, isNull, ne, or, sql } from "drizzle-orm";
import { parted } from "../database/parted.js";
import { channels, earnings as earningsTable, epochs, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { cumulativeEarnings } from "./cumulativeEarnings.js";

export type ClosedEpoch = {
	readonly epoch: number;
	readonly receipts: number;
	readonly receiptsRoot: Hex;
	readonly earningsRoot: Hex;
	/** All that contributors have ever earned. */
	readonly totalWei: bigint;
};

/** Closes the epoch that is open, or finishes one that a crash cut short; undefined if no receipt waits. */
export function closeEpoch(parts: NodeParts): Promise<ClosedEpoch | undefined> {
	return parts.turns("epoch", async () => {
		await parts.payments.claim();
		const epoch = await fixReceipts(parts);
		if (epoch === undefined) return undefined;
		const inside = await parts.db
			.select()
			.from(receipts)
			.where(eq(receipts.epoch, epoch))
			.orderBy(asc(receipts.sequence));
		await collect(parts, inside);
		const summed = await sumEarnings(parts, epoch, inside);
		await submitRoot(parts.ledger, parts.keys.account("settler"), {
			epoch: BigInt(epoch),
			receiptsRoot: summed.receiptsRoot,
			earningsRoot: summed.earningsRoot,
			totalCumulativeWei: summed.totalWei,
		});
		await parts.db.update(epochs).set({ status: "submitted" }).where(eq(epochs.epoch, epoch));
		return { epoch, receipts: inside.length, ...summed };
	});
}

/** Receipts of no epoch whose money is there: an answer charged to a channel counts once its channel is claimed so far. */
function covered({ db }: NodeParts) {
	const claimed = db
		.select({ id: channels.id })
		.from(channels)
		.where(and(eq(channels.id, receipts.account), gte(channels.claimedWei, receipts.cumulativeWei)));
	return and(isNull(receipts.epoch), or(ne(receipts.method, "batch-settlement"), exists(claimed)));
}

async function fixReceipts(parts: NodeParts): Promise<number | undefined> {
	return await parts.db.transaction(async (tx) => {
		const [open] = await tx.select().from(epochs).where(ne(epochs.status, "submitted"));
		if (open !== undefined) return open.epoch;
		const [waiting] = await tx.select().from(receipts).where(covered(parts)).limit(1);
		if (waiting === undefined) return undefined;
		const [next] = await tx
			.insert(epochs)
			.values({ epoch: sql`(select coalesce(max(epoch), 0) + 1 from epochs)`, status: "collecting" })
			.returning();
		await tx.update(receipts).set({ epoch: next!.epoch }).where(covered(parts));
		return next!.epoch;
	});
}

async function collect(parts: NodeParts, inside: readonly (typeof receipts.$inferSelect)[]): Promise<void> {
	const { keys, ledger } = parts;
	const node = keys.account("node");
	for (const modelId of new Set(inside.map((receipt) => receipt.modelId))) {
		const ofModel = inside.filter((receipt) => receipt.modelId === modelId);
		const transfers = ofModel.filter(({ method }) => method === "exact");
		const fromTill = ofModel.filter(({ method }) => method !== "exact");
		await collectFees(ledger, node, { modelId, payments: transfers.map(paymentOf) });
		if (fromTill.length === 0) continue;
		// Charged in channels and to keys: collected as one sum. The epoch fixes the set, so a repetition names the same one.
		const set = fromTill.map(({ id, feeWei }) => ({ receiptId: id, feeWei }));
		await collectSumFromNode(ledger, node, { modelId, receipts: set });
	}
}

const paymentOf = ({ id, payer, nonce, feeWei }: typeof receipts.$inferSelect) => ({
	receiptId: id,
	payer,
	nonce,
	amountWei: feeWei,
});

async function sumEarnings(parts: NodeParts, epoch: number, inside: readonly (typeof receipts.$inferSelect)[]) {
	const summed = await cumulativeEarnings(parts, epoch, inside);
	const tree = earningsTree(summed);
	const roots = {
		receiptsRoot: receiptsRoot(inside.map(({ id }) => id)),
		earningsRoot: tree.root,
		totalWei: tree.totalWei,
	};
	await parts.db.transaction(async (tx) => {
		const earned = summed.map(({ account, cumulativeWei }) => ({ epoch, account, cumulativeWei }));
		for (const part of parted(earned)) await tx.insert(earningsTable).values(part).onConflictDoNothing();
		await tx
			.update(epochs)
			.set({ ...roots, status: "ready" })
			.where(eq(epochs.epoch, epoch));
	});
	return roots;
}
