// From a finished run to a published model: a name and version here, the commitments on chain, then it is served.

import { type ModelParams, modelIdOf, publishModel as publishOnChain, registerBase } from "@openledger/chain";
import type { TrainedRun } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { and, desc, eq } from "drizzle-orm";
import { models, snapshots } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { paramsFromJson, paramsToJson } from "./modelParams.js";
import { defaultRates, defaultSplit } from "./terms.js";

export type PublishModel = {
	readonly name: string;
	readonly datanetId: Hex;
	readonly snapshotVersion: number;
	/** Folder of the run beneath the home's runs. */
	readonly runFolder: string;
	readonly run: TrainedRun;
};

/** Publishes a run once under its name; the same run again is the same model. */
export function publishModel(parts: NodeParts, wanted: PublishModel): Promise<{ readonly modelId: Hex }> {
	const { db, keys, ledger, turns } = parts;
	return turns(`model ${wanted.name}`, async () => {
		const model = (await findModel(parts, wanted)) ?? (await nameModel(parts, wanted));
		const owner = keys.account("owner");
		const params = paramsFromJson(model.params);
		await registerBase(ledger, owner, { ...params, name: parts.engine.base.name });
		const { sent } = await publishOnChain(ledger, owner, params);
		const publishedAt = Number(sent?.timestamp ?? (await ledger.client.publicClient.getBlock()).timestamp);
		if (model.status === "ready") {
			await db.update(models).set({ status: "published", publishedAt }).where(eq(models.id, model.id));
		}
		await parts.shelf.serve(model.id);
		return { modelId: model.id };
	});
}

async function findModel(parts: NodeParts, { name, runFolder }: PublishModel) {
	const [found] = await parts.db
		.select()
		.from(models)
		.where(and(eq(models.name, name), eq(models.runFolder, runFolder)));
	return found;
}

async function nameModel(parts: NodeParts, wanted: PublishModel) {
	const { name, datanetId, snapshotVersion, runFolder, run } = wanted;
	const { db, keys } = parts;
	const [latest] = await db.select().from(models).where(eq(models.name, name)).orderBy(desc(models.version)).limit(1);
	const [snapshot] = await db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, snapshotVersion)));
	const version = (latest?.version ?? 0) + 1;
	const params: ModelParams = {
		name,
		version,
		baseDigest: run.baseDigest,
		engineId: run.engineId,
		snapshots: [{ datanetId, version: snapshotVersion, root: snapshot!.root }],
		runCommitment: run.runCommitment,
		runHistoryRoot: run.historyRoot,
		adapterDigest: run.adapterDigest,
		featuresRoot: run.featuresRoot,
		rates: defaultRates,
		split: defaultSplit,
		node: keys.address("node"),
		stakers: keys.address("stakers"),
	};
	const [stored] = await db
		.insert(models)
		.values({
			id: modelIdOf(keys.address("owner"), name, version),
			name,
			version,
			servedName: `${name}-${version}`,
			datanetId,
			snapshotVersion,
			runFolder,
			params: paramsToJson(params),
			status: "ready",
		})
		.returning();
	return stored!;
}
