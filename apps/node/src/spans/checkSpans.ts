// Whether a stored span receipt is true: its binding, its signature, and what it says of the rows. It must not know of shares or money.

import { type SpanRecord, verifySpanReceipt } from "@openledger/attribution";
import { checkSpanRecord, checkSpanSignature, same, stretches } from "@openledger/factory";
import { canonicalJson, type Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { spanReceipts } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { proveAnswerSpans, type SpansAsked } from "./makeSpanReceipt.js";

export type CheckSpans = SpansAsked & { readonly node: Hex };

/**
 * Returns what was found right; throws a `Difference` that names the first wrong thing, or the span verifier's error.
 *
 * `full` makes the index anew from the snapshot's rows and compares: that covers everything, at four megabytes of text a second. `spot` checks
 * the proof against the index root alone, as somebody without the rows would; that the root is that of these rows it takes as signed.
 */
export async function checkSpans(parts: NodeParts, asked: CheckSpans, mode: "full" | "spot"): Promise<string> {
	const [stored] = await parts.db.select().from(spanReceipts).where(eq(spanReceipts.receiptId, asked.receiptId));
	if (stored === undefined) return "none was kept with this answer, so none is checked";
	const record = stored.record as SpanRecord;
	await checkSpanSignature(asked, { ...stored, record });
	const { receiptId, response, receipt, salt, snapshot } = asked;
	if (mode === "full")
		return checkSpanRecord(asked, record, await readSnapshotRows(parts, snapshot.datanetId, snapshot.version));
	const { snapshotRoot } = receipt;
	const { record: again, proof } = await proveAnswerSpans(parts, asked);
	same("the record made again", canonicalJson(again), canonicalJson(record));
	const known = { answer: response, salt, receiptId, snapshotRoot, indexRoot: record.indexRoot };
	const { proofBytes } = verifySpanReceipt({ record, proof }, known);
	return `${stretches(record)}, proved by ${proofBytes} bytes without the index`;
}
