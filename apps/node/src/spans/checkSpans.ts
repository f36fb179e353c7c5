// Whether a stored span receipt is true: its binding, its signature, and what it says of the rows. It must not know of shares or money.

import {
	buildSpanIndex,
	type SpanRecord,
	spanRecordDigest,
	spanRulesFor,
	verifySpanReceipt,
} from "@openledger/attribution";
import { Difference, same } from "@openledger/factory";
import { canonicalJson, type Hex, recoverSpanReceiptSigner } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { spanReceipts } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { proveAnswerSpans, recordOf, type SpansAsked } from "./makeSpanReceipt.js";

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
	await checkRecord(asked, record, stored);
	const { receiptId, response, receipt, salt, snapshot } = asked;
	const { snapshotRoot } = receipt;
	if (mode === "full") {
		const rows = await readSnapshotRows(parts, snapshot.datanetId, snapshot.version);
		const erased = rows.filter((row) => row.erased).length;
		if (erased > 0) return `${stretches(record)}; ${erased} rows were erased since, so the index cannot be made anew`;
		const index = buildSpanIndex(rows);
		same("the index root of these rows", index.root, record.indexRoot);
		same("the record made again", canonicalJson(recordOf(index, rows, asked)), canonicalJson(record));
		return `${stretches(record)}, as an index made anew of ${rows.length} rows finds them`;
	}
	const { record: again, proof } = await proveAnswerSpans(parts, asked);
	same("the record made again", canonicalJson(again), canonicalJson(record));
	const known = { answer: response, salt, receiptId, snapshotRoot, indexRoot: record.indexRoot };
	const { proofBytes } = verifySpanReceipt({ record, proof }, known);
	return `${stretches(record)}, proved by ${proofBytes} bytes without the index`;
}

function stretches({ spans }: SpanRecord): string {
	return spans.length === 1 ? "1 stretch" : `${spans.length} stretches`;
}

async function checkRecord(
	{ receiptId, receipt, response, node }: CheckSpans,
	record: SpanRecord,
	stored: typeof spanReceipts.$inferSelect,
): Promise<void> {
	same("the span record's digest", spanRecordDigest(record), stored.digest);
	same("the receipt of the span record", record.receiptId, receiptId);
	same("the snapshot of the span record", record.snapshotRoot, receipt.snapshotRoot);
	same("the answer of the span record", record.answerHash, receipt.responseHash);
	same("the span record's rules", canonicalJson(record.rules), canonicalJson(spanRulesFor(response)));
	const { chainId, vault } = receipt;
	const { snapshotRoot, indexRoot } = record;
	const signed = { chainId, vault, receiptId, snapshotRoot, indexRoot, recordDigest: stored.digest };
	const signer = await recoverSpanReceiptSigner(signed, stored.signature);
	if (signer.toLowerCase() !== node.toLowerCase()) {
		throw new Difference(`the span receipt's signer is ${signer}, the model's node is ${node}`);
	}
}
