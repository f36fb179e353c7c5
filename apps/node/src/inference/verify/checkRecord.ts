// The receipt's own record against chain, database and signature: nothing here needs the model, or grows with the rows.

import {
	type ChannelConfig,
	channelIdOf,
	type Model,
	readAuthorizedTransfer,
	readChannel,
	readModel,
	readSnapshot,
	readTill,
	voucherTypedData,
} from "@openledger/chain";
import { type CheckOne, checkPublishedModel, Difference, same } from "@openledger/factory";
import type { Order } from "@openledger/openlora";
import {
	canonicalJson,
	feeFor,
	type Hex,
	orderText,
	type Receipt,
	receiptFromJson,
	receiptId,
	recoverReceiptSigner,
	saltedHash,
} from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { recoverTypedDataAddress } from "viem";
import { models, requests } from "../../database/schema.js";
import { paramsFromJson, paramsToJson } from "../../model/modelParams.js";
import type { NodeParts } from "../../parts.js";
import { findChannel } from "../../payment/channel/channelRows.js";
import { findSettlement } from "../../payment/index.js";
import { heldNonce } from "../../payment/requestRows.js";
import { paymentTime } from "../paymentTime.js";
import type { readReceipt } from "../readAnswer.js";

export type StoredReceipt = Awaited<ReturnType<typeof readReceipt>>["stored"];
export type CheckedRecord = {
	readonly receipt: Receipt;
	readonly order: Order;
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
	const order = stored.order as Order;
	const receipt = await check("receipt", async () => {
		const read = receiptFromJson(stored.receipt);
		same("the receipt's id", receiptId(read), id);
		same("the chain id", read.chainId, BigInt(parts.chainId));
		same("the vault", read.vault, parts.ledger.addresses.feeVault.toLowerCase());
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
	await check("payment", () =>
		(stored.method === "exact" ? checkTransfer : checkCharge)(parts, stored, receipt, order, model),
	);
	return { receipt, order, ...found };
}

/** A transfer of its own: it pays the most that the answer may cost. */
async function checkTransfer(
	{ ledger }: NodeParts,
	_stored: StoredReceipt,
	receipt: Receipt,
	order: Order,
	model: Model,
): Promise<readonly [string, undefined]> {
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
}

/** Charged to a channel or a key: no transfer of its own, but a voucher above it, and a nonce that follows from the account. */
async function checkCharge(
	parts: NodeParts,
	stored: StoredReceipt,
	receipt: Receipt,
	_order: Order,
	model: Model,
): Promise<readonly [string, undefined]> {
	const { db, ledger, payments } = parts;
	same("the fee by the model's rates", feeFor(receipt.tokensIn, receipt.tokensOut, model.rates), receipt.feeWei);
	const [request] = await db.select().from(requests).where(eq(requests.nonce, receipt.paymentNonce));
	if (request?.account == null) throw new Difference("no charge under this nonce is in this node's database");
	const { account, choice, payment } = request;
	same("the nonce of the charge", heldNonce(account, payment as Hex, choice), receipt.paymentNonce);
	same("the time of the charge", request.takenAt, receipt.timestamp);
	if (stored.method === "key") return [`${receipt.feeWei} wei were charged to a prepaid key`, undefined];
	const channel = await findChannel(db, account);
	if (channel === undefined || channel.signature === null) throw new Difference("its channel has no voucher");
	const { chainId } = payments.terms;
	const config = channel.config as ChannelConfig;
	same("the channel's id", channelIdOf(chainId, config), account);
	same("the channel's payer", config.payer.toLowerCase(), receipt.payer);
	const voucher = voucherTypedData(chainId, { channelId: account, maxClaimableWei: channel.signedWei });
	const signer = await recoverTypedDataAddress({ ...voucher, signature: channel.signature });
	same("the voucher's signer", signer.toLowerCase(), config.payerAuthorizer.toLowerCase());
	const total = stored.cumulativeWei ?? 0n;
	if (total > channel.signedWei || total < receipt.feeWei)
		throw new Difference(`its channel was charged ${total} wei with it, and the voucher allows ${channel.signedWei}`);
	const { claimedWei } = await readChannel(ledger, account);
	const claimed = claimedWei >= total ? "claimed on chain" : "not claimed yet";
	return [`${receipt.feeWei} wei were charged to a channel, by a signed voucher, ${claimed}`, undefined];
}

async function checkModel(
	parts: NodeParts,
	receipt: Receipt,
): Promise<readonly [string, Pick<CheckedRecord, "model" | "known" | "rowCount">]> {
	const model = await readModel(parts.ledger, receipt.modelId);
	if (model === undefined) throw new Difference(`model ${receipt.modelId} is not on chain`);
	checkPublishedModel(receipt, model);
	const [ref] = model.snapshots;
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
