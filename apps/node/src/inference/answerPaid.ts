// Answers a request whose money has moved or is held, once: answers, charges and, unless they are deferred, signed receipts with
// their shares become durable together. It depends on nothing but what is stored, so a crash before that moment costs a
// repetition and nothing else.

import { ApiError } from "@openledger/openlora";
import { feeFor, TransientError } from "@openledger/protocol";
import { and, eq } from "drizzle-orm";
import { requests } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import type { RequestRow } from "../payment/method.js";
import { readPayment } from "../payment/requestRows.js";
import { type AnswerOptions, generatePaid, type Made } from "./generatePaid.js";
import { type DraftReceipt, keepGeneration, madeOf, makeReceipt, writeReceipt } from "./makeReceipt.js";

export type Answered = {
	/** The payment's requests as they stand now, in their order: answered, or generated where receipts are deferred. */
	readonly rows: readonly RequestRow[];
	/** False if they had been answered before: then no piece was told. */
	readonly fresh: boolean;
};

/**
 * Answers all requests of a payment. Throws `payment/not-settled` before the money has moved, and `payment/forgotten` for a
 * payment that was given back. If answering fails, held money is given back.
 */
export function answerPaid(parts: NodeParts, payment: string, options: AnswerOptions = {}): Promise<Answered> {
	return parts.turns(`answer ${payment}`, async () => {
		const rows = await readPayment(parts.db, payment);
		if (rows.length === 0) {
			const message = "nothing is held for this payment any more; send the request with its payment again";
			throw new TransientError(message, { code: "payment/forgotten" });
		}
		if (rows.every(({ status }) => status === "answered" || status === "generated")) return { rows, fresh: false };
		if (rows.some(({ status, method, txHash }) => status === "claimed" || (method === "exact" && txHash === null)))
			throw new TransientError("the payment is not settled yet; ask again", { code: "payment/not-settled" });
		const method = parts.payments.method(rows[0]!.method);
		let answered: readonly RequestRow[];
		try {
			for (const { modelId } of rows) await parts.shelf.serve(modelId);
			const made = await generatePaid(parts, rows, options);
			answered = await (parts.deferReceipts ? chargeOnly : chargeWithReceipts)(parts, payment, made);
		} catch (error) {
			await method.release(payment);
			throw error;
		}
		method.charged(payment);
		if (parts.deferReceipts) inBackground(parts, finishReceipts(parts, payment));
		return { rows: answered, fresh: true };
	});
}

const unfinished = new WeakMap<NodeParts, Set<Promise<void>>>();

function inBackground(parts: NodeParts, work: Promise<void>): void {
	const all = unfinished.get(parts) ?? new Set();
	unfinished.set(parts, all);
	const done: Promise<void> = work
		.catch((error) => parts.log(`receipts are still to be made: ${errorText(error)}`))
		.finally(() => all.delete(done));
	all.add(done);
}

/** Resolves when no receipt is being made in the background; for the node's close, before its database goes. */
export async function receiptsIdle(parts: NodeParts): Promise<void> {
	await Promise.all(unfinished.get(parts) ?? []);
}

/** Makes the receipts of answers that were given without; a payment that has them is left alone. */
export function finishReceipts(parts: NodeParts, payment: string): Promise<void> {
	return parts.turns(`receipts ${payment}`, async () => {
		for (const request of await readPayment(parts.db, payment)) {
			if (request.status !== "generated") continue;
			const draft = await makeReceipt(parts, madeOf(request), request.chargedWei!);
			await parts.db.transaction((tx) => writeReceipt(tx, draft, request.cumulativeWei));
		}
	});
}

async function chargeWithReceipts(
	parts: NodeParts,
	payment: string,
	made: readonly Made[],
): Promise<readonly RequestRow[]> {
	const drafts: DraftReceipt[] = [];
	for (const one of made) drafts.push(await makeReceipt(parts, one, costOf(parts, one)));
	return await parts.db.transaction(async (tx) => {
		const rows: RequestRow[] = [];
		const answers = drafts.map(({ request, row }) => ({ request, amountWei: row.feeWei }));
		const totals = await parts.payments.method(answers[0]!.request.method).charge(tx, payment, answers);
		for (const [i, draft] of drafts.entries()) rows.push(await writeReceipt(tx, draft, totals[i] ?? null));
		return rows;
	});
}

async function chargeOnly(parts: NodeParts, payment: string, made: readonly Made[]): Promise<readonly RequestRow[]> {
	return await parts.db.transaction(async (tx) => {
		const rows: RequestRow[] = [];
		const answers = made.map((one) => ({ request: one.request, amountWei: costOf(parts, one) }));
		const totals = await parts.payments.method(answers[0]!.request.method).charge(tx, payment, answers);
		for (const [i, { request, amountWei }] of answers.entries()) {
			const kept = keepGeneration(made[i]!);
			const [row] = await tx
				.update(requests)
				.set({ status: "generated", chargedWei: amountWei, cumulativeWei: totals[i] ?? null, generation: kept })
				.where(and(eq(requests.payer, request.payer), eq(requests.nonce, request.nonce)))
				.returning();
			rows.push(row!);
		}
		return rows;
	});
}

/** A transfer has paid the most; of what is only held, the tokens that were made are charged. */
function costOf({ shelf }: NodeParts, { generation, request }: Made): bigint {
	if (request.method === "exact") return request.feeWei;
	const model = shelf.listed(request.modelId);
	if (model === undefined)
		throw new TransientError("the model is not served now; ask again", { code: "model/not-served" });
	const { rates } = model.params;
	const cost = feeFor(generation.promptTokens.length, generation.responseTokens.length, rates);
	if (cost <= request.feeWei) return cost;
	throw new ApiError(
		500,
		"cost_above_hold",
		"this answer came out dearer than what was held for it; nothing is charged",
	);
}
