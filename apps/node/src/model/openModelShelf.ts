// The published models of this node: all of them by name, with price and till; a few in memory, with run, rows and attributor.
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
import { reopening } from "./reopening.js";

/** What is known of every published model. */
export type ListedModel = {
	readonly id: Hex;
	readonly servedName: string;
	readonly params: ModelParams;
	/** Where payments for its answers go. */
	readonly till: Address;
};

/** A model in memory. Whoever holds one may use it for as long as they like. */
export type ShelvedModel = ListedModel & {
	readonly run: TrainedRun;
	readonly rows: readonly DatanetRow[];
	readonly attributor: Attributor;
};

export type ModelShelf = {
	/** Makes a published model's name answer, without loading it; a second time does nothing. */
	list(modelId: Hex): Promise<ListedModel>;
	/** By id or name. */
	listed(idOrName: string): ListedModel | undefined;
	/** A listed model with all that attribution needs; throws what is wrong with its files. */
	serve(modelId: Hex): Promise<ShelvedModel>;
	/** Reads a model anew from disk for an engine, checking every file; close its attributor after use. */
	load(modelId: Hex, engine: Engine): Promise<ShelvedModel>;
	/** Of those that are in memory now. */
	byId(modelId: Hex): ShelvedModel | undefined;
	byName(servedName: string): ShelvedModel | undefined;
	close(): void;
};

/** An attributor has a model's features and its own programs; a node may have published hundreds. */
const MODELS_KEPT = 8;

/** `parts` is asked only when a model is looked for, so the shelf may be one of them. */
export function openModelShelf(parts: () => NodeParts, { kept = MODELS_KEPT } = {}): ModelShelf {
	const listed = new Map<Hex, ListedModel>();
	const named = new Map<string, ListedModel>();
	/** The least recently used first. */
	const shelved = new Map<Hex, ShelvedModel>();
	/** Two that ask for a model at once wait for one load. */
	const loading = new Map<Hex, Promise<ShelvedModel>>();

	async function stored(modelId: Hex): Promise<typeof models.$inferSelect> {
		const [found] = await parts().db.select().from(models).where(eq(models.id, modelId));
		if (found === undefined) throw notFound("model", modelId, "see the list of models");
		return found;
	}

	async function list(modelId: Hex): Promise<ListedModel> {
		const known = listed.get(modelId);
		if (known !== undefined) return known;
		const { backend, home, keys, ledger } = parts();
		const { servedName, params: json, publishedAt, runFolder } = await stored(modelId);
		const till = await readTill(ledger, modelId);
		if (till === undefined) throw notFound("model", modelId, "it is not published on chain yet");
		const params = paramsFromJson(json);
		const model = { id: modelId, servedName, params, till };
		// The digest that is on chain: other weights are never served under the name.
		backend.register([
			{
				id: servedName,
				folder: join(home, "runs", runFolder, "adapter"),
				digest: params.adapterDigest,
				created: publishedAt ?? 0,
				owner: keys.address("owner"),
			},
		]);
		listed.set(modelId, model);
		named.set(servedName, model);
		return model;
	}

	async function load(modelId: Hex, engine: Engine): Promise<ShelvedModel> {
		const { home, ledger } = parts();
		const { datanetId, params: json, runFolder, servedName, snapshotVersion } = await stored(modelId);
		const run = await loadRun(join(home, "runs", runFolder), engine);
		const rows = await readSnapshotRows(parts(), datanetId, snapshotVersion);
		const till = await readTill(ledger, modelId);
		if (till === undefined) throw notFound("model", modelId, "it is not published on chain yet");
		const attributor = reopening(() => createAttributor(engine, run, rows));
		return { id: modelId, servedName, params: paramsFromJson(json), till, run, rows, attributor };
	}

	async function put(modelId: Hex): Promise<ShelvedModel> {
		const { engine, log, spans } = parts();
		const model = await load(modelId, engine);
		await list(modelId);
		shelved.set(modelId, model);
		for (const [oldest, { attributor }] of shelved) {
			if (shelved.size <= kept) break;
			shelved.delete(oldest);
			attributor.close();
		}
		// Begun now, so that no answer waits for it long.
		spans.indexOf(model.params.snapshots[0]!).catch((error) => log(`no span index yet: ${errorText(error)}`));
		return model;
	}

	return {
		list,
		listed: (idOrName) => named.get(idOrName) ?? listed.get(idOrName as Hex),
		async serve(modelId) {
			const known = shelved.get(modelId);
			if (known !== undefined) {
				shelved.delete(modelId);
				shelved.set(modelId, known);
				return known;
			}
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
