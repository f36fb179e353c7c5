// Whether a span receipt is true, by whoever has the snapshot's rows: its binding, its signature, and what it says of the rows, from an index
// made anew. It must not know of shares or money.

import {
	buildSpanIndex,
	recordOfSpans,
	type SpanRecord,
	spanRecordDigest,
	spanRulesFor,
} from "@openledger/attribution";
import { type Address, canonicalJson, type Hex, type Receipt, recoverSpanReceiptSigner } from "@openledger/protocol";
import type { PublishedRow } from "./checkPublished.js";
import { Difference, same } from "./difference.js";

export type SpansOf = {
	readonly receiptId: Hex;
	readonly receipt: Receipt;
	/** Opens the receipt's response hash. */
	readonly salt: Hex;
	readonly response: string;
	/** Who serves the model, by the chain. */
	readonly node: Address;
};

export type SignedSpanRecord = { readonly record: SpanRecord; readonly digest: Hex; readonly signature: Hex };

/** Binding and signature alone. Throws a `Difference`, or `protocol/bad-signature`. */
export async function checkSpanSignature(
	{ receiptId, receipt, response, node }: SpansOf,
	{ record, digest, signature }: SignedSpanRecord,
): Promise<void> {
	same("the span record's digest", spanRecordDigest(record), digest);
	same("the receipt of the span record", record.receiptId, receiptId);
	same("the snapshot of the span record", record.snapshotRoot, receipt.snapshotRoot);
	same("the answer of the span record", record.answerHash, receipt.responseHash);
	same("the span record's rules", canonicalJson(record.rules), canonicalJson(spanRulesFor(response)));
	const { chainId, vault } = receipt;
	const { snapshotRoot, indexRoot } = record;
	const signed = { chainId, vault, receiptId, snapshotRoot, indexRoot, recordDigest: digest };
	const signer = await recoverSpanReceiptSigner(signed, signature);
	if (signer.toLowerCase() !== node.toLowerCase())
		throw new Difference(`the span receipt's signer is ${signer}, the model's node is ${node}`);
}

/** The record from an index made anew of the rows, at some megabytes of text a second. Returns what was found right. */
export function checkSpanRecord(
	{ receiptId, receipt, salt, response }: SpansOf,
	record: SpanRecord,
	rows: readonly PublishedRow[],
): string {
	const erased = rows.filter((row) => row.erased).length;
	if (erased > 0) return `${stretches(record)}; ${erased} rows were erased since, so the index cannot be made anew`;
	const index = buildSpanIndex(rows);
	same("the index root of these rows", index.root, record.indexRoot);
	const again = recordOfSpans(index, response, { receiptId, salt, snapshotRoot: receipt.snapshotRoot }, rows);
	same("the record made again", canonicalJson(again), canonicalJson(record));
	return `${stretches(record)}, as an index made anew of ${rows.length} rows finds them`;
}

export function stretches({ spans }: SpanRecord): string {
	return spans.length === 1 ? "1 stretch" : `${spans.length} stretches`;
}
