// Models as people look at them, and their adapter files. Reads only.

import { join } from "node:path";
import { loadRun, perplexity } from "@openledger/factory";
import { CallerError, type Hex } from "@openledger/protocol";
import { asc, eq, or } from "drizzle-orm";
import { models } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { paramsFromJson } from "./modelParams.js";

type Stored = typeof models.$inferSelect;

export async function listModels(parts: NodeParts) {
	const found = await parts.db.select().from(models).orderBy(asc(models.name), asc(models.version));
	return found.map((stored) => summary(parts, stored));
}

/** By id or served name, with the run's history. Throws `model/not-found`, and the run's errors if its files are damaged. */
export async function showModel(parts: NodeParts, idOrName: string) {
	const stored = await findModel(parts, idOrName);
	const run = await loadRun(join(parts.home, "runs", stored.runFolder), parts.engine);
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
	return { ...summary(parts, stored), recipe, seconds, plannedSteps, keptStep, rowsUsed, validations, history };
}

const FILES: readonly string[] = ["adapter_config.json", "adapter_model.safetensors"];

/** One of the adapter's files, checked against the run's commitments. Throws `model/no-such-file`. */
export async function modelFile(parts: NodeParts, idOrName: string, name: string): Promise<Uint8Array> {
	const stored = await findModel(parts, idOrName);
	if (!FILES.includes(name)) {
		throw new CallerError(`a model has the files ${FILES.join(" and ")}, not ${JSON.stringify(name)}`, {
			code: "model/no-such-file",
		});
	}
	const run = await loadRun(join(parts.home, "runs", stored.runFolder), parts.engine);
	return run.adapterFiles[name as keyof typeof run.adapterFiles];
}

async function findModel(parts: NodeParts, idOrName: string): Promise<Stored> {
	const [found] = await parts.db
		.select()
		.from(models)
		.where(or(eq(models.id, idOrName as Hex), eq(models.servedName, idOrName)));
	if (found === undefined) throw notFound("model", idOrName, "see the list of models");
	return found;
}

function summary(parts: NodeParts, stored: Stored) {
	const params = paramsFromJson(stored.params);
	const { baseDigest, engineId, adapterDigest, featuresRoot, runCommitment, rates, split, snapshots } = params;
	return {
		id: stored.id,
		model: stored.servedName,
		name: stored.name,
		version: stored.version,
		status: stored.status,
		served: parts.shelf.listed(stored.id) !== undefined,
		publishedAt: stored.publishedAt,
		base: parts.engine.base.name,
		...{ baseDigest, engineId, adapterDigest, featuresRoot, runCommitment, rates, split, snapshots },
	};
}
