// The published models this node has in memory: run, rows and attributor, by id and by served name.
// It must not know what answers cost.

import { join } from "node:path";
import { type Attributor, createAttributor } from "@openledger/attribution";
import { type ModelParams, readTill } from "@openledger/chain";
import type { DatanetRow } from "@openledger/datanet";
import { loadRun, type TrainedRun } from "@openledger/factory";
import type { Engine } from "@openledger/llm";
import type { Address, Hex } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { models } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { errorText, notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { paramsFromJson } from "./modelParams.js";

export type ShelvedModel = {
	readonly id: Hex;
	readonly servedName: string;
	readonly params: ModelParams;
	/** Where payments for its answers go. */
	readonly till: Address;
	readonly run: TrainedRun;
	readonly rows: readonly DatanetRow[];
	readonly attributor: Attributor;
};

export type ModelShelf = {
	/** Loads a published model and serves it under its name; a second time does nothing. */
	serve(modelId: Hex): Promise<ShelvedModel>;
	/** Reads a model anew from disk for an engine, checking every file; close its attributor after use. */
	load(modelId: Hex, engine: Engine): Promise<ShelvedModel>;
	byId(modelId: Hex): ShelvedModel | undefined;
	byName(servedName: string): ShelvedModel | undefined;
	close(): void;
};

/** `parts` is asked only when a model is loaded, so the shelf may be one of them. */
export function openModelShelf(parts: () => NodeParts): ModelShelf {
	const shelved = new Map<Hex, ShelvedModel>();
	/** Two that ask for a model at once wait for one load. */
	const loading = new Map<Hex, Promise<ShelvedModel>>();

	async function load(modelId: Hex, engine: Engine): Promise<ShelvedModel> {
		const { db, home, ledger } = parts();
		const [found] = await db.select().from(models).where(eq(models.id, modelId));
		if (found === undefined) throw notFound("model", modelId, "see the list of models");
		const run = await loadRun(join(home, "runs", found.runFolder), engine);
		const rows = await readSnapshotRows(parts(), found.datanetId, found.snapshotVersion);
		const till = await readTill(ledger, modelId);
		if (till === undefined) throw notFound("model", modelId, "it is not published on chain yet");
		const attributor = createAttributor(engine, run, rows);
		const { servedName } = found;
		return { id: modelId, servedName, params: paramsFromJson(found.params), till, run, rows, attributor };
	}

	async function put(modelId: Hex): Promise<ShelvedModel> {
		const { backend, db, engine, keys, log, spans } = parts();
		const model = await load(modelId, engine);
		const [{ publishedAt } = { publishedAt: 0 }] = await db.select().from(models).where(eq(models.id, modelId));
		backend.serve({
			id: model.servedName,
			adapter: model.run.adapter,
			created: publishedAt ?? 0,
			owner: keys.address("owner"),
		});
		shelved.set(modelId, model);
		// Begun now, so that no answer waits for it long.
		spans.indexOf(model.params.snapshots[0]!).catch((error) => log(`no span index yet: ${errorText(error)}`));
		return model;
	}

	return {
		async serve(modelId) {
			const known = shelved.get(modelId);
			if (known !== undefined) return known;
			const begun = loading.get(modelId) ?? put(modelId).finally(() => loading.delete(modelId));
			loading.set(modelId, begun);
			return await begun;
		},
		load,
		byId: (modelId) => shelved.get(modelId),
		byName: (servedName) => [...shelved.values()].find((model) => model.servedName === servedName),
		close() {
			for (const { attributor } of shelved.values()) attributor.close();
			shelved.clear();
		},
	};
}
