// The span receipt of an answer for a verifier elsewhere: record, signature, and the proof, made anew from the index. Reads only.

import { type Hex, receiptFromJson } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models, spanReceipts } from "../database/schema.js";
import { notFound } from "../errors.js";
import { readReceipt } from "../inference/readAnswer.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { proveAnswerSpans, type SpansAsked } from "./makeSpanReceipt.js";

/** What an answer's span receipt follows from, as it is stored. Throws `receipt/not-found`. */
export async function readSpansAsked(parts: NodeParts, receiptId: Hex): Promise<SpansAsked> {
	const { stored } = await readReceipt(parts, receiptId);
	const [model] = await parts.db.select().from(models).where(eq(models.id, stored.modelId));
	const { salt, response } = stored;
	const [snapshot] = paramsFromJson(model!.params).snapshots;
	return { receiptId, receipt: receiptFromJson(stored.receipt), salt, response, snapshot: snapshot! };
}

/**
 * `verifySpanReceipt(receipt, { answer, salt, … })` checks it without the index; `digest` is what was signed. The proof shows a little
 * of the rows' text around each stretch. Throws `span-receipt/not-found` for answers that have none.
 */
export async function readSpanProof(parts: NodeParts, receiptId: Hex) {
	const asked = await readSpansAsked(parts, receiptId);
	const [stored] = await parts.db.select().from(spanReceipts).where(eq(spanReceipts.receiptId, receiptId));
	if (stored === undefined) throw notFound("span-receipt", receiptId, "answers of earlier programs have none");
	const { proof } = await proveAnswerSpans(parts, asked);
	const { record, digest, signature } = stored;
	return { receipt: { record, proof }, digest, signature, answer: asked.response, salt: asked.salt };
}
