// Collects the fees of an epoch's receipts, model by model. The chain knows what was collected; a repetition collects nothing twice.

import { collectFees, collectSumFromNode } from "@openledger/chain";
import { asc, eq } from "drizzle-orm";
import { receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

type StoredReceipt = typeof receipts.$inferSelect;

export async function collectEpoch({ db, keys, ledger }: NodeParts, epoch: number): Promise<void> {
	const inside = await db.select().from(receipts).where(eq(receipts.epoch, epoch)).orderBy(asc(receipts.sequence));
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

const paymentOf = ({ id, payer, nonce, feeWei }: StoredReceipt) => ({ receiptId: id, payer, nonce, amountWei: feeWei });
