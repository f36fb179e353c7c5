// Models as people look at them, and their adapter files. Reads only.

import { join } from "node:path";
import { loadRun, perplexity, type TrainedRun } from "@openledger/factory";
import { CallerError, type Hex, utf8 } from "@openledger/protocol";
import { asc, count, eq, or, sum } from "drizzle-orm";
import { datanets, models, receipts } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { erasedRows } from "./erasedRows.js";
import { paramsFromJson } from "./modelParams.js";

type Stored = typeof models.$inferSelect;

/** Answers so far, their fees, the datanet's name, and whether rows that it learnt from are gone. */
export async function listModels(parts: NodeParts) {
	const found = await parts.db.select().from(models).orderBy(asc(models.name), asc(models.version));
	const told = await toldOf(parts, found);
	return found.map((stored) => ({ ...summary(parts, stored), ...told(stored) }));
}

/** By id or served name, with the run's history. Throws `model/not-found`, and the run's errors if its files are damaged. */
export async function showModel(parts: NodeParts, idOrName: string) {
	const stored = await findModel(parts, idOrName);
	const run = await runOf(parts, stored);
	const history = run.history.map(({ step, epoch, loss, gradientNorm, tokens, seconds }) => ({
		step,
		epoch,
		loss,
		gradientNorm,
		...(tokens !== undefined && { tokens }),
		seconds,
	}));
	const { recipe, seconds, plannedSteps, keptStep, rowsUsed } = run;
	const validations = run.validations.map((one) => ({ ...one, perplexity: perplexity(one.loss) }));
	const told = (await toldOf(parts, [stored]))(stored);
	const shown = { recipe, seconds, plannedSteps, keptStep, rowsUsed, validations, history };
	return { ...summary(parts, stored), ...told, ...shown };
}

const FILES: readonly string[] = ["adapter_config.json", "adapter_model.safetensors", "recipe.json"];

/** One of the adapter's files, checked against the run's commitments. Throws `model/no-such-file`. */
export async function modelFile(parts: NodeParts, idOrName: string, name: string): Promise<Uint8Array> {
	const stored = await findModel(parts, idOrName);
	if (!FILES.includes(name)) {
		throw new CallerError(`a model has the files ${FILES.join(", ")}, not ${JSON.stringify(name)}`, {
			code: "model/no-such-file",
		});
	}
	const run = await loadRun(join(parts.home, "runs", stored.runFolder), parts.engine);
	if (name === "recipe.json") return utf8(`${JSON.stringify(run.recipe, null, 2)}\n`);
	return run.adapterFiles[name as keyof typeof run.adapterFiles];
}

/** The one in memory, whose files were checked when it was read; else read and checked now. Throws the run's errors. */
export async function runOf({ shelf, home, engine }: NodeParts, { id, runFolder }: Stored): Promise<TrainedRun> {
	return shelf.byId(id)?.run ?? (await loadRun(join(home, "runs", runFolder), engine));
}

/** Throws `model/not-found`. */
export async function findModel(parts: NodeParts, idOrName: string): Promise<Stored> {
	const [found] = await parts.db
		.select()
		.from(models)
		.where(or(eq(models.id, idOrName as Hex), eq(models.servedName, idOrName)));
	if (found === undefined) throw notFound("model", idOrName, "see the list of models");
	return found;
}

export function summary(parts: NodeParts, stored: Stored) {
	const params = paramsFromJson(stored.params);
	const { baseDigest, engineId, adapterDigest, featuresRoot, runCommitment, rates, split, snapshots } = params;
	const listed = parts.shelf.listed(stored.id);
	return {
		id: stored.id,
		model: stored.servedName,
		name: stored.name,
		version: stored.version,
		status: stored.status,
		served: listed !== undefined,
		publishedAt: stored.publishedAt,
		base: parts.engine.base.name,
		/** Where payments for its answers go. */
		till: listed?.till ?? null,
		...{ baseDigest, engineId, adapterDigest, featuresRoot, runCommitment, rates, split, snapshots },
	};
}

async function toldOf(parts: NodeParts, of: readonly Stored[]) {
	const { db } = parts;
	const answered = await db
		.select({ modelId: receipts.modelId, answers: count(), feesWei: sum(receipts.feeWei) })
		.from(receipts)
		.groupBy(receipts.modelId);
	const byModel = new Map(answered.map(({ modelId, ...told }) => [modelId, told]));
	const names = new Map((await db.select().from(datanets)).map(({ id, name }) => [id, name]));
	const erased = await erasedRows(parts, of);
	return ({ id, datanetId }: Stored) => ({
		datanet: { id: datanetId, name: names.get(datanetId) ?? datanetId },
		answers: byModel.get(id)?.answers ?? 0,
		/** All that its answers cost, of which contributors have their part. */
		feesWei: BigInt(byModel.get(id)?.feesWei ?? 0),
		/** Rows that it learnt from and that were erased since: it ought to be trained again without them. */
		erasedRows: erased.get(id)?.length ?? 0,
	});
}
