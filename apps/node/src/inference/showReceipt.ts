// Receipts as people look at them. Reads only.

import type { ChatOrder } from "@openledger/openlora";
import type { Hex } from "@openledger/protocol";
import { desc, eq } from "drizzle-orm";
import { models, receipts } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { readReceipt, sharesByName } from "./readAnswer.js";

const LISTED = 1000;
const ROWS_SHOWN = 10;

/** The latest receipts, newest first. */
export async function listReceipts(parts: NodeParts) {
	const found = await parts.db.select().from(receipts).orderBy(desc(receipts.sequence)).limit(LISTED);
	return found.map(({ id, payer, modelId, feeWei, epoch, order, response }) => ({
		id,
		...{ payer, modelId, feeWei, epoch },
		prompt: (order as ChatOrder).messages.at(-1)?.content,
		response,
	}));
}

/** All of a receipt: the signed record, what opens its hashes, and the rows that earned most. Throws `receipt/not-found`. */
export async function showReceipt(parts: NodeParts, id: Hex) {
	const { stored, leaves } = await readReceipt(parts, id);
	const [model] = await parts.db.select().from(models).where(eq(models.id, stored.modelId));
	const rows = await readSnapshotRows(parts, model!.datanetId, model!.snapshotVersion);
	const top = [...leaves].sort((a, b) => b.sharePpm - a.sharePpm || a.row - b.row).slice(0, ROWS_SHOWN);
	return {
		id,
		model: model!.servedName,
		receipt: stored.receipt,
		signature: stored.signature,
		salt: stored.salt,
		order: stored.order,
		response: stored.response,
		finishReason: stored.finishReason,
		epoch: stored.epoch,
		unattributedPpm: stored.unattributedPpm,
		shares: await sharesByName(parts, leaves),
		rows: top.map(({ row, sharePpm }) => ({
			row,
			sharePpm,
			contributor: rows[row]?.contributorName,
			prompt: rows[row]?.prompt,
			response: rows[row]?.response,
			...(rows[row]?.before && { before: rows[row].before }),
		})),
	};
}
