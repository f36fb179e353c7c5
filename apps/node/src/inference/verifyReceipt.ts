// Verifies a receipt from what it commits to: record, signature, chain, request, money, base, rows, run, then answer and shares once more.
// It trusts nothing in memory but code: base, rows and run are read anew from disk. It names the first thing that differs.

import { type Model, readAuthorizedTransfer, readModel, readSnapshot, readTill } from "@openledger/chain";
import { createEngine, engineId as currentEngineId, type Engine, loadBase } from "@openledger/llm";
import { type ChatOrder, generateCanonically } from "@openledger/openlora";
import {
	canonicalJson,
	feeFor,
	type Hex,
	type Receipt,
	receiptId,
	recoverReceiptSigner,
	type ShareLeaf,
	saltedHash,
	sharesRoot,
} from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models } from "../database/schema.js";
import { errorText } from "../errors.js";
import { paramsFromJson, paramsToJson } from "../model/modelParams.js";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import { findSettlement } from "../payment/index.js";
import { checkRows } from "./checkRows.js";
import { Difference, same } from "./difference.js";
import { orderText } from "./orderText.js";
import { paymentTime } from "./paymentTime.js";
import { readReceipt } from "./readAnswer.js";
import { receiptFromJson } from "./receiptJson.js";

export type Check = { readonly what: string; readonly ok: boolean; readonly detail: string };
export type Verification = {
	readonly receiptId: Hex;
	readonly identical: boolean;
	readonly checks: readonly Check[];
	/** What the first failed check is about. */
	readonly firstDifference?: string;
};

/** Runs all checks up to the first that fails. Throws `receipt/not-found`; everything else is a failed check. */
export function verifyReceipt(parts: NodeParts, id: Hex): Promise<Verification> {
	// One at a time: each holds an engine of its own.
	return parts.turns("verification", () => verify(parts, id));
}

async function verify(parts: NodeParts, id: Hex): Promise<Verification> {
	const { stored, leaves } = await readReceipt(parts, id);
	const checks: Check[] = [];
	const check = async <result>(what: string, work: () => Promise<readonly [detail: string, result]>) => {
		try {
			const [detail, result] = await work();
			checks.push({ what, ok: true, detail });
			return result;
		} catch (error) {
			checks.push({ what, ok: false, detail: errorText(error) });
			throw new FirstDifference();
		}
	};
	try {
		await runChecks(parts, id, stored, leaves, check);
	} catch (error) {
		if (!(error instanceof FirstDifference)) throw error;
	}
	const failed = checks.find(({ ok }) => !ok);
	return { receiptId: id, identical: failed === undefined, checks, ...(failed && { firstDifference: failed.what }) };
}

type CheckOne = <result>(what: string, work: () => Promise<readonly [string, result]>) => Promise<result>;
type Stored = Awaited<ReturnType<typeof readReceipt>>["stored"];

async function runChecks(parts: NodeParts, id: Hex, stored: Stored, leaves: readonly ShareLeaf[], check: CheckOne) {
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
	const { model, known } = await check("model", () => checkModel(parts, receipt));
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
	const engine = await check("base", async () => {
		const base = await loadBase(parts.baseFolder);
		same("the base's digest", base.digest, receipt.baseDigest);
		same("the engine", currentEngineId(), receipt.engineId);
		return [`digest ${base.digest}`, createEngine(base)];
	});
	await check("rows", async () => {
		const { datanetId, snapshotVersion } = known;
		return [await checkRows(parts, { datanetId, version: snapshotVersion, root: receipt.snapshotRoot }), undefined];
	});
	const loaded = await check("run", () => checkRun(parts, engine, receipt, model));
	try {
		await check("features", async () => {
			same("the features root", loaded.run.featuresRoot, receipt.featuresRoot);
			return [`${loaded.run.features.rows} rows at ${loaded.run.checkpoints.length} checkpoints`, undefined];
		});
		await checkAnswer({ engine, receipt, stored, leaves, loaded, order }, check);
	} finally {
		loaded.attributor.close();
	}
}

async function checkModel(
	parts: NodeParts,
	receipt: Receipt,
): Promise<readonly [string, { readonly model: Model; readonly known: typeof models.$inferSelect }]> {
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
	return [said, { model, known }];
}

function termsOf(params: Parameters<typeof paramsToJson>[0]): string {
	const { name, version, rates, split, node, stakers } = paramsToJson(params);
	const accounts = { node: node.toLowerCase(), stakers: stakers.toLowerCase() };
	return canonicalJson({ name, version, rates, split, ...accounts });
}

/** Every file of the run against the run's own commitments, and those against the chain. */
async function checkRun(
	parts: NodeParts,
	engine: Engine,
	receipt: Receipt,
	model: Model,
): Promise<readonly [string, ShelvedModel]> {
	const loaded = await parts.shelf.load(receipt.modelId, engine);
	try {
		const { run } = loaded;
		same("the run commitment", run.runCommitment, model.runCommitment);
		same("the run's history root", run.historyRoot, model.runHistoryRoot);
		same("the adapter's digest", run.adapterDigest, receipt.adapterDigest);
		same("the rows the run learnt from", run.snapshotRoot, receipt.snapshotRoot);
	} catch (error) {
		loaded.attributor.close();
		throw error;
	}
	return [`adapter and commitment chain of ${loaded.run.history.length} steps are those on chain`, loaded];
}

async function checkAnswer(
	given: {
		readonly engine: Engine;
		readonly receipt: Receipt;
		readonly stored: Stored;
		readonly leaves: readonly ShareLeaf[];
		readonly loaded: ShelvedModel;
		readonly order: ChatOrder;
	},
	check: CheckOne,
): Promise<void> {
	const { engine, receipt, stored, leaves, loaded, order } = given;
	const generation = await check("answer", async () => {
		const again = generateCanonically(engine, order, loaded.run.adapter);
		same("the answer", JSON.stringify(again.text), JSON.stringify(stored.response));
		same("the salted response hash", saltedHash(again.text, stored.salt), receipt.responseHash);
		same("tokens read", again.promptTokens.length, receipt.tokensIn);
		same("tokens written", again.responseTokens.length, receipt.tokensOut);
		same("why it ended", again.finishReason, stored.finishReason);
		return [`the same ${receipt.tokensOut} tokens`, again];
	});
	await check("shares", async () => {
		const { promptTokens, responseTokens } = generation;
		const attribution = loaded.attributor.attribute({ promptTokens, responseTokens });
		same("the attribution method", attribution.method, receipt.method);
		same("the root of the stored shares", sharesRoot(leaves), receipt.sharesRoot);
		same("the root of the shares computed again", sharesRoot(attribution.shares), receipt.sharesRoot);
		same("the unattributed part", attribution.unattributedPpm, stored.unattributedPpm);
		return [`the same shares among ${attribution.shares.length} rows, to the ppm`, undefined];
	});
}

/** Ends the checks; the list says why. */
class FirstDifference extends Error {}
