// The receipt of an answer with its shares: computed from what is stored and generated, signed, ready to be written.
// It must not write anything.

import type { Order, TokenLogprob } from "@openledger/openlora";
import {
	orderText,
	type Receipt,
	receiptId,
	receiptToJson,
	saltedHash,
	scoresRoot,
	sharesRoot,
	signReceipt,
} from "@openledger/protocol";
import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "../database/openDatabase.js";
import { parted } from "../database/parted.js";
import { receipts, requests, scores, shares, spanReceipts } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import type { RequestRow } from "../payment/method.js";
import { makeSpanReceipt } from "../spans/makeSpanReceipt.js";
import type { Made } from "./generatePaid.js";
import { paymentTime } from "./paymentTime.js";

export type DraftReceipt = {
	readonly request: RequestRow;
	readonly row: Omit<typeof receipts.$inferInsert, "sequence" | "cumulativeWei">;
	readonly leaves: readonly (typeof shares.$inferInsert)[];
	readonly counted: readonly (typeof scores.$inferInsert)[];
	readonly spans: typeof spanReceipts.$inferInsert | undefined;
};

/** Computes and signs; depends on nothing but its arguments and the model, so repeating it gives the same receipt. */
export async function makeReceipt(parts: NodeParts, made: Made, feeWei: bigint): Promise<DraftReceipt> {
	const { request, generation, order, logprobs } = made;
	const { account, method: paidBy, modelId, nonce, payer } = request;
	const model = parts.shelf.byId(modelId) ?? (await parts.shelf.serve(modelId));
	const { promptTokens, responseTokens, text, finishReason } = generation;
	const attribution = model.attributor.attribute({ promptTokens, responseTokens });
	const { params, run } = model;
	const salt = parts.keys.secret("receipt-salt", payer, nonce);
	const receipt: Receipt = {
		chainId: BigInt(parts.chainId),
		vault: parts.ledger.addresses.feeVault,
		paymentNonce: nonce,
		payer,
		modelId,
		adapterDigest: run.adapterDigest,
		baseDigest: run.baseDigest,
		snapshotRoot: params.snapshots[0]!.root,
		featuresRoot: run.featuresRoot,
		engineId: parts.engineId,
		promptHash: saltedHash(orderText(order), salt),
		responseHash: saltedHash(text, salt),
		tokensIn: promptTokens.length,
		tokensOut: responseTokens.length,
		feeWei,
		method: attribution.method,
		sharesRoot: sharesRoot(attribution.shares),
		timestamp: request.takenAt ?? (await paymentTime(parts.ledger, request.txHash!)),
		queryDigest: attribution.queryDigest,
		scoresRoot: scoresRoot(attribution.counted),
	};
	const id = receiptId(receipt);
	const signature = await signReceipt(parts.keys.account("node"), receipt);
	const spans = await makeSpanReceipt(parts, {
		...{ receiptId: id, receipt, salt, response: text },
		snapshot: params.snapshots[0]!,
	});
	return {
		request,
		row: {
			...{ id, modelId, payer, nonce, signature, salt, order, response: text, finishReason, feeWei },
			receipt: receiptToJson(receipt),
			unattributedPpm: attribution.unattributedPpm,
			...{ method: paidBy, account, ...(logprobs && { logprobs }) },
		},
		leaves: attribution.shares.map((share) => ({ receiptId: id, ...share })),
		counted: attribution.counted.map((counted) => ({ receiptId: id, ...counted })),
		spans,
	};
}

/** Writes a receipt with all that belongs to it, and its request as answered, which it returns. */
export async function writeReceipt(
	tx: Transaction,
	{ request, row, leaves, counted, spans }: DraftReceipt,
	cumulativeWei: bigint | null,
): Promise<RequestRow> {
	await tx.insert(receipts).values({
		...row,
		sequence: sql`(select coalesce(max(sequence), 0) + 1 from receipts)`,
		cumulativeWei,
	});
	for (const part of parted(leaves)) await tx.insert(shares).values(part);
	for (const part of parted(counted)) await tx.insert(scores).values(part);
	if (spans !== undefined) await tx.insert(spanReceipts).values(spans);
	const [answered] = await tx
		.update(requests)
		.set({ status: "answered", receiptId: row.id, chargedWei: row.feeWei, cumulativeWei, generation: null })
		.where(and(eq(requests.payer, request.payer), eq(requests.nonce, request.nonce)))
		.returning();
	return answered!;
}

/** What a receipt that is made later takes, as it is kept with its request. */
export type KeptGeneration = {
	readonly order: Order;
	readonly promptTokens: readonly number[];
	readonly responseTokens: readonly number[];
	readonly text: string;
	readonly finishReason: "stop" | "length";
	readonly logprobs?: readonly TokenLogprob[];
};

export function keepGeneration({ order, generation, logprobs }: Made): KeptGeneration {
	const { promptTokens, responseTokens, text, finishReason } = generation;
	return { order, promptTokens, responseTokens, text, finishReason, ...(logprobs && { logprobs }) };
}

export function madeOf(request: RequestRow): Made {
	const { order, promptTokens, responseTokens, text, finishReason, logprobs } = request.generation as KeptGeneration;
	const generation = { promptTokens, responseTokens, text, finishReason };
	return { request, order, generation, ...(logprobs && { logprobs }) };
}
