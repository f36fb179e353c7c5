// After a start: the payments that a crash left open are looked up on chain, and what was paid for is answered.

import { asc, eq } from "drizzle-orm";
import { requests } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { answerPaid } from "./answerPaid.js";

export type Completed = { readonly answered: number; readonly released: number };

/** Call before serving. A request that cannot be answered stays paid, and is tried again when its payer asks again. */
export async function completePending(parts: NodeParts): Promise<Completed> {
	const { released } = await parts.payments.reconcile();
	const paid = await parts.db
		.select()
		.from(requests)
		.where(eq(requests.status, "settled"))
		.orderBy(asc(requests.sequence));
	let answered = 0;
	for (const { payer, nonce, modelId } of paid) {
		try {
			await answerPaid(parts, { payer, nonce });
			answered++;
		} catch (error) {
			parts.log(`cannot answer a paid request of model ${modelId}: ${errorText(error)}`);
		}
	}
	return { answered, released };
}
