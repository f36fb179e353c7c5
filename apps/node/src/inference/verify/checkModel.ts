// The base and the run, read anew from disk: every file against the run's own commitments, and those against the chain.

import type { Model } from "@openledger/chain";
import { createEngine, engineId as currentEngineId, type Engine, loadBase } from "@openledger/llm";
import type { Receipt } from "@openledger/protocol";
import type { ShelvedModel } from "../../model/openModelShelf.js";
import type { NodeParts } from "../../parts.js";
import { same } from "../difference.js";

export async function checkBase(parts: NodeParts, receipt: Receipt): Promise<readonly [string, Engine]> {
	const base = await loadBase(parts.baseFolder);
	same("the base's digest", base.digest, receipt.baseDigest);
	same("the engine", currentEngineId(), receipt.engineId);
	return [`digest ${base.digest}`, createEngine(base)];
}

/** Close the model's attributor after use. */
export async function checkRun(
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
