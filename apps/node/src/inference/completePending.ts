// After a start: the payments that a crash left open are looked up on chain, what was paid for is answered, what was only held is
// given back, and receipts that were put off are made.

import { asc, eq } from "drizzle-orm";
import { requests } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { answerPaid, finishReceipts } from "./answerPaid.js";

export type Completed = { readonly answered: number; readonly released: number };

/** Call before serving. A request that cannot be answered stays paid, and is tried again when its payer asks again. */
export async function completePending(parts: NodeParts): Promise<Completed> {
	const { released } = await parts.payments.reconcile();
	let answered = 0;
	for (const status of ["settled", "generated"] as const) {
		const finish = status === "settled" ? answerPaid : finishReceipts;
		const open = await parts.db
			.select()
			.from(requests)
			.where(eq(requests.status, status))
			.orderBy(asc(requests.sequence));
		for (const payment of new Set(open.map((request) => request.payment))) {
			try {
				await finish(parts, payment);
				answered++;
			} catch (error) {
				const modelId = open.find((request) => request.payment === payment)?.modelId;
				parts.log(`cannot answer a paid request of model ${modelId}: ${errorText(error)}`);
			}
		}
	}
	return { answered, released };
}
