// The second receipt of an answer: which of its stretches stand word for word in the rows, signed by the node. The same inputs give the same
// bytes. It must not know of shares or money.

import {
	findSpans,
	proveSpans,
	recordOfSpans,
	type SpanIndex,
	type SpanReceipt,
	type SpanRecord,
	spanRecordDigest,
	spanRulesFor,
} from "@openledger/attribution";
import { type Hex, type Receipt, type SnapshotEntry, signSpanReceipt } from "@openledger/protocol";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import type { SnapshotRef } from "./openSpanShelf.js";

export type SpansAsked = {
	readonly receiptId: Hex;
	readonly receipt: Receipt;
	/** Opens the receipt's response hash. */
	readonly salt: Hex;
	readonly response: string;
	readonly snapshot: SnapshotRef;
};

/** The record with its proof, contributors and their places in the snapshot included. */
export async function proveAnswerSpans(parts: NodeParts, asked: SpansAsked): Promise<SpanReceipt> {
	const { receiptId, receipt, salt, response, snapshot } = asked;
	const { index, entries } = await parts.spans.indexOf(snapshot);
	const { snapshotRoot } = receipt;
	return proveSpans(index, response, { receiptId, salt, snapshotRoot, entries }, spanRulesFor(response));
}

/** The record alone, as `proveAnswerSpans` has it, without hashing the snapshot's tree. */
export function recordOf(
	index: SpanIndex,
	entries: readonly Pick<SnapshotEntry, "contributor">[],
	{ receiptId, receipt, salt, response }: SpansAsked,
): SpanRecord {
	return recordOfSpans(index, response, { receiptId, salt, snapshotRoot: receipt.snapshotRoot }, entries);
}

/**
 * What is stored beside an inference receipt. Undefined where the index cannot be had: the answer is paid for and must not wait for it,
 * and the log says why.
 */
export async function makeSpanReceipt(parts: NodeParts, asked: SpansAsked) {
	try {
		return await make(parts, asked);
	} catch (error) {
		parts.log(`an answer goes without its span receipt: ${errorText(error)}`);
		return undefined;
	}
}

async function make(parts: NodeParts, asked: SpansAsked) {
	const { receiptId, response, receipt } = asked;
	const { index, entries } = await parts.spans.indexOf(asked.snapshot);
	const record = recordOf(index, entries, asked);
	const digest = spanRecordDigest(record);
	const signature = await signSpanReceipt(parts.keys.account("node"), {
		...{ chainId: receipt.chainId, vault: receipt.vault, receiptId },
		...{ snapshotRoot: record.snapshotRoot, indexRoot: record.indexRoot, recordDigest: digest },
	});
	const rarities = findSpans(index, response, spanRulesFor(response)).map(({ rarity }) => rarity);
	return { receiptId, record, digest, signature, rarities };
}
