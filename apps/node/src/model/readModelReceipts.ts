// The answers of one model, newest first, page by page. Reads only.

import type { Order } from "@openledger/openlora";
import type { Hex } from "@openledger/protocol";
import { and, desc, eq, lt } from "drizzle-orm";
import { receipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

export type Paged = { readonly limit: number; readonly before?: number | undefined };

const MOST_CHARACTERS = 300;

/** `next` is what to ask `before` for those before; null where there are none. */
export async function listReceiptsOf({ db }: NodeParts, modelId: Hex, { limit, before }: Paged) {
	const found = await db
		.select()
		.from(receipts)
		.where(and(eq(receipts.modelId, modelId), ...(before === undefined ? [] : [lt(receipts.sequence, before)])))
		.orderBy(desc(receipts.sequence))
		.limit(limit + 1);
	const shown = found.slice(0, limit);
	return {
		receipts: shown.map(({ id, payer, feeWei, epoch, order, response, unattributedPpm }) => ({
			...{ id, payer, feeWei, epoch, unattributedPpm },
			prompt: (lastWords(order as Order) ?? "").slice(0, MOST_CHARACTERS),
			response: response.slice(0, MOST_CHARACTERS),
		})),
		next: found.length > limit ? shown.at(-1)!.sequence : null,
	};
}

/** What was asked last. */
function lastWords(order: Order): string | undefined {
	return "messages" in order ? order.messages.at(-1)?.content : order.prompt;
}
