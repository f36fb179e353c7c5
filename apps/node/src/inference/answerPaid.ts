// Answers a request whose payment is settled, once: the answer, its shares and its signed receipt become durable together.
// It depends on nothing but what is stored, so a crash before that moment costs a repetition and nothing else.

import type { ChatOrder } from "@openledger/openlora";
import {
	type Hex,
	type Receipt,
	receiptId,
	saltedHash,
	sharesRoot,
	signReceipt,
	TransientError,
} from "@openledger/protocol";
import { and, eq, sql } from "drizzle-orm";
import { parted } from "../database/parted.js";
import { receipts, requests, shares, spanReceipts } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import type { PaymentKey } from "../payment/index.js";
import { makeSpanReceipt } from "../spans/makeSpanReceipt.js";
import { orderText } from "./orderText.js";
import { paymentTime } from "./paymentTime.js";
import { receiptToJson } from "./receiptJson.js";

/** Returns the id of the receipt, which by then is stored. Throws `payment/not-settled` before the money has moved. */
export function answerPaid(parts: NodeParts, key: PaymentKey): Promise<Hex> {
	const payer = key.payer.toLowerCase() as Hex;
	const nonce = key.nonce.toLowerCase() as Hex;
	return parts.turns(`answer ${payer} ${nonce}`, async () => {
		const here = and(eq(requests.payer, payer), eq(requests.nonce, nonce));
		const [request] = await parts.db.select().from(requests).where(here);
		if (request === undefined) throw notFound("payment", nonce, "send the payment with its request first");
		if (request.receiptId !== null) return request.receiptId;
		if (request.status !== "settled" || request.txHash === null) {
			throw new TransientError("the payment is not settled yet; ask again", { code: "payment/not-settled" });
		}
		return await answer(parts, request, await paymentTime(parts.ledger, request.txHash));
	});
}

async function answer(parts: NodeParts, request: typeof requests.$inferSelect, timestamp: bigint): Promise<Hex> {
	const { payer, nonce, modelId, feeWei } = request;
	const order = request.order as ChatOrder;
	const model = parts.shelf.byId(modelId) ?? (await parts.shelf.serve(modelId));
	const generation = await parts.backend.generate(order);
	const { promptTokens, responseTokens } = generation;
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
		responseHash: saltedHash(generation.text, salt),
		tokensIn: promptTokens.length,
		tokensOut: responseTokens.length,
		feeWei,
		method: attribution.method,
		sharesRoot: sharesRoot(attribution.shares),
		timestamp,
	};
	const id = receiptId(receipt);
	const signature = await signReceipt(parts.keys.account("node"), receipt);
	const spans = await makeSpanReceipt(parts, {
		...{ receiptId: id, receipt, salt, response: generation.text },
		snapshot: params.snapshots[0]!,
	});
	await parts.db.transaction(async (tx) => {
		await tx.insert(receipts).values({
			id,
			sequence: sql`(select coalesce(max(sequence), 0) + 1 from receipts)`,
			modelId,
			payer,
			nonce,
			receipt: receiptToJson(receipt),
			signature,
			salt,
			order,
			response: generation.text,
			finishReason: generation.finishReason,
			feeWei,
			unattributedPpm: attribution.unattributedPpm,
		});
		const leaves = attribution.shares.map((share) => ({ receiptId: id, ...share }));
		for (const part of parted(leaves)) await tx.insert(shares).values(part);
		if (spans !== undefined) await tx.insert(spanReceipts).values(spans);
		await tx
			.update(requests)
			.set({ status: "answered", receiptId: id })
			.where(and(eq(requests.payer, payer), eq(requests.nonce, nonce)));
	});
	return id;
}
