// The base and the run, read anew from disk: every file against the run's own commitments, and those against the chain.

import type { Model } from "@openledger/chain";
import { checkPublishedRun, same } from "@openledger/factory";
import { createEngine, engineId as currentEngineId, type Engine, loadBase } from "@openledger/llm";
import type { Receipt } from "@openledger/protocol";
import type { ShelvedModel } from "../../model/openModelShelf.js";
import type { NodeParts } from "../../parts.js";

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
		return [checkPublishedRun(loaded.run, receipt, model), loaded];
	} catch (error) {
		loaded.attributor.close();
		throw error;
	}
}
