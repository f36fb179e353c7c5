// Receipts as lists show them, newest first, a page at a time. Reads only.

import type { Order } from "@openledger/openlora";
import type { Address, Hex, ReceiptJson } from "@openledger/protocol";
import { and, desc, eq, lt } from "drizzle-orm";
import { models, receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

export const MOST_LISTED = 1000;

export type ListReceipts = {
	/** Default and most 1000. */
	readonly limit?: number;
	/** Only those before this one's `sequence`. */
	readonly before?: number;
	readonly modelId?: Hex;
	readonly payer?: Address;
};

/** `next` is there where more may follow: the `before` of the next page. */
export async function listReceipts(parts: NodeParts, asked: ListReceipts = {}) {
	const { limit = MOST_LISTED, before, modelId, payer } = asked;
	const found = await parts.db
		.select()
		.from(receipts)
		.innerJoin(models, eq(receipts.modelId, models.id))
		.where(
			and(
				before === undefined ? undefined : lt(receipts.sequence, before),
				modelId === undefined ? undefined : eq(receipts.modelId, modelId),
				payer === undefined ? undefined : eq(receipts.payer, payer.toLowerCase() as Address),
			),
		)
		.orderBy(desc(receipts.sequence))
		.limit(limit);
	const shown = found.map(({ receipts: stored, models: model }) => {
		const { id, sequence, payer: by, modelId: of, feeWei, epoch, order, response, receipt } = stored;
		const { timestamp, tokensIn, tokensOut } = receipt as ReceiptJson;
		return {
			...{ id, sequence, payer: by, modelId: of, model: model.servedName, feeWei, epoch },
			...{ prompt: lastWords(order as Order), response, timestamp, tokensIn, tokensOut },
		};
	});
	const last = shown.length === limit ? shown.at(-1) : undefined;
	return { receipts: shown, ...(last !== undefined && { next: last.sequence }) };
}

/** What was asked last. */
function lastWords(order: Order): string | undefined {
	return "messages" in order ? order.messages.at(-1)?.content : order.prompt;
}
