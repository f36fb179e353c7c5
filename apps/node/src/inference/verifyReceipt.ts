// Verifies a receipt from what it commits to: record, signature, chain, money, base, rows, run, then answer and shares once more.
// It trusts nothing in memory but code: base, rows and run are read anew from disk. It names the first thing that differs.

import { type Model, readAuthorizedTransfer, readModel, readSnapshot, readTill } from "@openledger/chain";
import type { DatanetRow } from "@openledger/datanet";
import { adapterConfigOf } from "@openledger/factory";
import { createEngine, engineId as currentEngineId, type Engine, loadBase } from "@openledger/llm";
import { type ChatOrder, generateCanonically } from "@openledger/openlora";
import {
	feeFor,
	type Hex,
	type Receipt,
	receiptId,
	recoverReceiptSigner,
	rowCommitment,
	type ShareLeaf,
	saltedHash,
	sharesRoot,
	snapshotRoot,
} from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { ShelvedModel } from "../model/openModelShelf.js";
import type { NodeParts } from "../parts.js";
import { orderText } from "./orderText.js";
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
			checks.push({ what, ok: false, detail: error instanceof Error ? error.message : String(error) });
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
		return [`id is the hash of its ${Object.keys(read).length} fields`, read];
	});
	const model = await check("model", () => checkModel(parts, receipt));
	await check("signature", async () => {
		const signer = await recoverReceiptSigner(receipt, stored.signature);
		same("the signer", signer.toLowerCase(), model.node.toLowerCase());
		return [`signed by the model's node ${signer}`, undefined];
	});
	await check("payment", async () => {
		const moved = await readAuthorizedTransfer(ledger, receipt.payer, receipt.paymentNonce);
		const till = await readTill(ledger, receipt.modelId);
		same("the payment's receiver", moved?.to.toLowerCase(), till?.toLowerCase());
		same("the amount paid", moved?.amountWei, receipt.feeWei);
		same("the fee by the model's rates", feeFor(receipt.tokensIn, order.maxTokens, model.rates), receipt.feeWei);
		return [`${receipt.feeWei} wei went to the model's till`, undefined];
	});
	await check("prompt", async () => {
		same("the salted prompt hash", saltedHash(orderText(order), stored.salt), receipt.promptHash);
		return ["the stored request opens the prompt hash", undefined];
	});
	const engine = await check("base", async () => {
		const base = await loadBase(parts.baseFolder);
		same("the base's digest", base.digest, receipt.baseDigest);
		same("the engine", currentEngineId(), receipt.engineId);
		return [`digest ${base.digest}`, createEngine(base)];
	});
	await check("rows", () => checkRows(parts, receipt));
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

async function checkModel(parts: NodeParts, receipt: Receipt): Promise<readonly [string, Model]> {
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
	return [`${model.name} version ${model.version} commits to the same base, engine, adapter, features and rows`, model];
}

async function checkRows(parts: NodeParts, receipt: Receipt): Promise<readonly [string, undefined]> {
	const { datanetId, snapshotVersion } = await storedModel(parts, receipt.modelId);
	const rows = await readSnapshotRows(parts, datanetId, snapshotVersion);
	rows.forEach((row: DatanetRow, i) => {
		same(`the commitment of row ${i}`, rowCommitment(row, row.salt), row.commitment);
	});
	same("the snapshot root", snapshotRoot(rows), receipt.snapshotRoot);
	return [`${rows.length} rows give the snapshot root`, undefined];
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
		const config = JSON.stringify(adapterConfigOf(run.recipe));
		same("adapter_config.json against the recipe", JSON.stringify(run.adapterConfig), config);
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
		return [`the same ${receipt.tokensOut} tokens`, again];
	});
	await check("shares", async () => {
		const { promptTokens, responseTokens } = generation;
		const attribution = loaded.attributor.attribute({ promptTokens, responseTokens });
		same("the attribution method", attribution.method, receipt.method);
		same("the root of the stored shares", sharesRoot(leaves), receipt.sharesRoot);
		same("the root of the shares computed again", sharesRoot(attribution.shares), receipt.sharesRoot);
		return [`the same shares among ${attribution.shares.length} rows, to the ppm`, undefined];
	});
}

async function storedModel(parts: NodeParts, modelId: Hex) {
	const [found] = await parts.db.select().from(models).where(eq(models.id, modelId));
	if (found === undefined) throw new Difference(`model ${modelId} is not in this node's database`);
	return found;
}

class Difference extends Error {}
/** Ends the checks; the list says why. */
class FirstDifference extends Error {}

function same(what: string, found: unknown, committed: unknown): void {
	if (found !== committed) throw new Difference(`${what} is ${String(found)}, committed was ${String(committed)}`);
}
