// A stored answer in the form that the server sends and the API shows. Reads only.

import { contributorShares } from "@openledger/attribution";
import type { PaidAnswer, ReceiptNote, TokenLogprob } from "@openledger/openlora";
import { type CountedScore, type Hex, receiptFromJson, type ShareLeaf } from "@openledger/protocol";
import { asc, eq } from "drizzle-orm";
import { receipts, scores, shares } from "../database/schema.js";
import { namesByAddress } from "../datanet/wallet.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";

/** An answer with what its receipt tells, in one record. */
export type ReadAnswer = Omit<PaidAnswer, "receipt"> &
	ReceiptNote & { readonly receiptId: Hex; readonly logprobs?: readonly TokenLogprob[] };

export async function readAnswer(parts: NodeParts, receiptId: Hex): Promise<ReadAnswer> {
	const { stored, leaves } = await readReceipt(parts, receiptId);
	const receipt = receiptFromJson(stored.receipt);
	return {
		text: stored.response,
		finishReason: stored.finishReason,
		tokensIn: receipt.tokensIn,
		tokensOut: receipt.tokensOut,
		created: Number(receipt.timestamp),
		receiptId,
		feeWei: stored.feeWei,
		shares: await sharesByName(parts, leaves),
		verify: `openledger receipt verify ${receiptId}`,
		...(stored.logprobs !== null && { logprobs: stored.logprobs as readonly TokenLogprob[] }),
	};
}

/** A receipt's row, its share leaves and the rows that count, in the order of their roots. Throws `receipt/not-found`. */
export async function readReceipt(parts: NodeParts, receiptId: Hex) {
	const [stored] = await parts.db.select().from(receipts).where(eq(receipts.id, receiptId));
	if (stored === undefined) throw notFound("receipt", receiptId, "see the list of receipts");
	const leaves: ShareLeaf[] = await parts.db
		.select({ row: shares.row, contributor: shares.contributor, sharePpm: shares.sharePpm })
		.from(shares)
		.where(eq(shares.receiptId, receiptId))
		.orderBy(asc(shares.row));
	const counted: CountedScore[] = await parts.db
		.select({ row: scores.row, contributor: scores.contributor, score: scores.score, sharePpm: scores.sharePpm })
		.from(scores)
		.where(eq(scores.receiptId, receiptId))
		.orderBy(asc(scores.row));
	return { stored, leaves, counted };
}

/** Shares summed by contributor, largest first, under their names. */
export async function sharesByName(
	parts: NodeParts,
	leaves: readonly ShareLeaf[],
): Promise<{ readonly contributor: string; readonly ppm: number }[]> {
	const names = await namesByAddress(parts);
	return contributorShares(leaves).map(({ contributor, ppm }) => ({
		contributor: names.get(contributor) ?? contributor,
		ppm,
	}));
}
