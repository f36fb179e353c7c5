// The receipt's own record against chain, database and signature: nothing here needs the model, or grows with the rows.

import { type Model, readAuthorizedTransfer, readModel, readSnapshot, readTill } from "@openledger/chain";
import type { ChatOrder } from "@openledger/openlora";
import {
	canonicalJson,
	feeFor,
	type Hex,
	type Receipt,
	receiptId,
	recoverReceiptSigner,
	saltedHash,
} from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models } from "../../database/schema.js";
import { paramsFromJson, paramsToJson } from "../../model/modelParams.js";
import type { NodeParts } from "../../parts.js";
import { findSettlement } from "../../payment/index.js";
import { Difference, same } from "../difference.js";
import { orderText } from "../orderText.js";
import { paymentTime } from "../paymentTime.js";
import type { readReceipt } from "../readAnswer.js";
import { receiptFromJson } from "../receiptJson.js";
import type { CheckOne } from "./verification.js";

export type StoredReceipt = Awaited<ReturnType<typeof readReceipt>>["stored"];
export type CheckedRecord = {
	readonly receipt: Receipt;
	readonly order: ChatOrder;
	readonly model: Model;
	readonly known: typeof models.$inferSelect;
	/** Rows of the snapshot, as published with its root. */
	readonly rowCount: number;
};

/** The checks `receipt`, `model`, `signature`, `prompt` and `payment`. */
export async function checkRecord(
	parts: NodeParts,
	id: Hex,
	stored: StoredReceipt,
	check: CheckOne,
): Promise<CheckedRecord> {
	const { ledger } = parts;
	const order = stored.order as ChatOrder;
	const receipt = await check("receipt", async () => {
		const read = receiptFromJson(stored.receipt);
		same("the receipt's id", receiptId(read), id);
		same("the chain id", read.chainId, BigInt(parts.chainId));
		same("the vault", read.vault, ledger.addresses.feeVault.toLowerCase());
		// Settlement works with these columns.
		same("the model stored beside it", stored.modelId, read.modelId);
		same("the payer stored beside it", stored.payer, read.payer);
		same("the nonce stored beside it", stored.nonce, read.paymentNonce);
		same("the fee stored beside it", stored.feeWei, read.feeWei);
		return [`id is the hash of its ${Object.keys(read).length} fields`, read];
	});
	const found = await check("model", () => checkModel(parts, receipt));
	const { model } = found;
	await check("signature", async () => {
		const signer = await recoverReceiptSigner(receipt, stored.signature);
		same("the signer", signer.toLowerCase(), model.node.toLowerCase());
		return [`signed by the model's node ${signer}`, undefined];
	});
	await check("prompt", async () => {
		same("the salted prompt hash", saltedHash(orderText(order), stored.salt), receipt.promptHash);
		same("the model asked", order.model, `${model.name}-${model.version}`);
		return ["the stored request opens the prompt hash", undefined];
	});
	await check("payment", async () => {
		const { payer, paymentNonce: nonce, feeWei } = receipt;
		const moved = await readAuthorizedTransfer(ledger, payer, nonce);
		const till = await readTill(ledger, receipt.modelId);
		if (moved === undefined || till === undefined) throw new Difference("no payment under this nonce is on chain");
		same("the payment's receiver", moved.to.toLowerCase(), till.toLowerCase());
		same("the amount paid", moved.amountWei, feeWei);
		const txHash = await findSettlement(ledger, { payer, nonce, payTo: till, amountWei: feeWei });
		same("the time of the payment", txHash && (await paymentTime(ledger, txHash)), receipt.timestamp);
		same("the fee by the model's rates", feeFor(receipt.tokensIn, order.maxTokens, model.rates), receipt.feeWei);
		return [`${receipt.feeWei} wei went to the model's till`, undefined];
	});
	return { receipt, order, ...found };
}

async function checkModel(
	parts: NodeParts,
	receipt: Receipt,
): Promise<readonly [string, Pick<CheckedRecord, "model" | "known" | "rowCount">]> {
	const model = await readModel(parts.ledger, receipt.modelId);
	if (model === undefined) throw new Difference(`model ${receipt.modelId} is not on chain`);
	same("the base digest on chain", model.baseDigest, receipt.baseDigest);
	same("the engine id on chain", model.engineId, receipt.engineId);
	same("the adapter digest on chain", model.adapterDigest, receipt.adapterDigest);
	same("the features root on chain", model.featuresRoot, receipt.featuresRoot);
	const [ref] = model.snapshots;
	same("the model's snapshot root on chain", ref?.root, receipt.snapshotRoot);
	const published = await readSnapshot(parts.ledger, ref!.datanetId, ref!.version);
	same("the published snapshot root", published?.root, receipt.snapshotRoot);
	const [known] = await parts.db.select().from(models).where(eq(models.id, receipt.modelId));
	if (known === undefined) throw new Difference(`model ${receipt.modelId} is not in this node's database`);
	// Prices and settlement go by what is stored here.
	same("the model's terms in the database", termsOf(paramsFromJson(known.params)), termsOf(model));
	const said = `${model.name} version ${model.version} commits to the same base, engine, adapter, features and rows`;
	return [said, { model, known, rowCount: published!.rowCount }];
}

function termsOf(params: Parameters<typeof paramsToJson>[0]): string {
	const { name, version, rates, split, node, stakers } = paramsToJson(params);
	const accounts = { node: node.toLowerCase(), stakers: stakers.toLowerCase() };
	return canonicalJson({ name, version, rates, split, ...accounts });
}
