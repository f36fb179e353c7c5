// The receipt's own record against hash, signature and chain. Nothing here needs the model; nothing here believes the node.

import { type CheckOne, checkPublishedModel, Difference, type SignedSpanRecord, same } from "@openledger/factory";
import type { WholeOrder } from "@openledger/llm";
import {
	type CountedScore,
	feeFor,
	type Hex,
	orderText,
	type Receipt,
	receiptFromJson,
	receiptId,
	recoverReceiptSigner,
	type ShareLeaf,
	saltedHash,
} from "@openledger/protocol";
import {
	type Ledger,
	type Model,
	openTokenAbi,
	readAuthorizedTransfer,
	readDatanet,
	readModel,
	readSnapshot,
	readTill,
} from "@openledger/sdk/ledger";
import { chainOfReceipt } from "./chainOfReceipt.js";

/** What `GET /api/receipts/:id/evidence` answers; every field of it is checked or opens a hash. */
export type ReceiptEvidence = {
	readonly receipt: unknown;
	readonly signature: Hex;
	readonly salt: Hex;
	readonly order: WholeOrder & { readonly model: string };
	readonly response: string;
	readonly finishReason: string;
	readonly unattributedPpm: number;
	readonly payment: { readonly method: string };
	readonly leaves: readonly ShareLeaf[];
	/** Scores are decimals. */
	readonly counted: readonly (Omit<CountedScore, "score"> & { readonly score: string })[];
	readonly spans: SignedSpanRecord | null;
};

export type CheckedRecord = {
	readonly receipt: Receipt;
	readonly counted: readonly CountedScore[];
	readonly model: Model;
	/** How many rows of the datanet were erased, by the chain. */
	readonly tombstones: bigint;
	readonly paidAlone: boolean;
};

/** The checks `receipt`, `signature`, `model`, `prompt` and `payment`. */
export async function checkRecord(
	{ id, rpcUrl, told }: { readonly id: Hex; readonly rpcUrl: string; readonly told: ReceiptEvidence },
	check: CheckOne,
): Promise<CheckedRecord> {
	const { receipt, counted } = await check("receipt", async () => {
		const read = receiptFromJson(told.receipt);
		same("the receipt's id", receiptId(read), id);
		return [`id is the hash of its ${Object.keys(read).length} fields`, { receipt: read, counted: readCounted(told) }];
	});
	const { ledger, model, tombstones } = await check("model", async () => {
		const found = await readPublished(receipt, rpcUrl);
		const { name, version } = found.model;
		return [`${name} version ${version} commits to the same base, engine, adapter, features and rows`, found];
	});
	await check("signature", async () => {
		const signer = await recoverReceiptSigner(receipt, told.signature);
		same("the signer", signer.toLowerCase(), model.node.toLowerCase());
		return [`signed by the model's node ${signer}`, undefined];
	});
	await check("prompt", async () => {
		same("the salted prompt hash", saltedHash(orderText(told.order), told.salt), receipt.promptHash);
		same("the model asked", told.order.model, `${model.name}-${model.version}`);
		return ["the request opens the prompt hash", undefined];
	});
	const paidAlone = await check("payment", () => checkPayment(ledger, receipt, told, model));
	return { receipt, counted, model, tombstones, paidAlone };
}

function readCounted({ counted }: ReceiptEvidence): CountedScore[] {
	return counted.map((row) => {
		if (!/^-?\d{1,40}$/.test(row.score)) throw new Difference(`the score of row ${row.row} is no whole number`);
		return { ...row, score: BigInt(row.score) };
	});
}

async function readPublished(receipt: Receipt, rpcUrl: string) {
	const ledger = await chainOfReceipt(rpcUrl, receipt);
	const model = await readModel(ledger, receipt.modelId);
	if (model === undefined) throw new Difference(`model ${receipt.modelId} is not on chain`);
	checkPublishedModel(receipt, model);
	const ref = model.snapshots[0]!;
	const published = await readSnapshot(ledger, ref.datanetId, ref.version);
	same("the published snapshot root", published?.root, receipt.snapshotRoot);
	const datanet = await readDatanet(ledger, ref.datanetId);
	return { ledger, model, tombstones: datanet?.tombstones ?? 0n };
}

/** A payment of its own is on chain under the receipt's nonce; one from a channel or key is only held against the model's rates. */
async function checkPayment(
	ledger: Ledger,
	{ payer, paymentNonce: nonce, feeWei, modelId, tokensIn, tokensOut, timestamp }: Receipt,
	told: ReceiptEvidence,
	model: Model,
): Promise<readonly [string, boolean]> {
	if (told.payment.method !== "exact") {
		same("the fee by the model's rates", feeFor(tokensIn, tokensOut, model.rates), feeWei);
		return [`${feeWei} wei by the model's rates, charged to a channel or key`, false];
	}
	const moved = await readAuthorizedTransfer(ledger, payer, nonce);
	const till = await readTill(ledger, modelId);
	if (moved === undefined || till === undefined) throw new Difference("no payment under this nonce is on chain");
	same("the payment's receiver", moved.to.toLowerCase(), till.toLowerCase());
	same("the amount paid", moved.amountWei, feeWei);
	same("the fee by the model's rates", feeFor(tokensIn, told.order.maxTokens, model.rates), feeWei);
	const { publicClient } = ledger.client;
	const [log] = await publicClient.getContractEvents({
		address: ledger.addresses.openToken,
		abi: openTokenAbi,
		eventName: "AuthorizationUsed",
		args: { authorizer: payer, nonce },
		fromBlock: 0n,
	});
	if (log === undefined) throw new Difference("no transaction used the payment's nonce");
	const { timestamp: paidAt } = await publicClient.getBlock({ blockHash: log.blockHash });
	same("the time of the payment", paidAt, timestamp);
	return [`${feeWei} wei went to the model's till, in transaction ${log.transactionHash}`, true];
}
