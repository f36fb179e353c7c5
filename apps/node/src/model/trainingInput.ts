// What a training job holds, and what its run is named by. It must not know how it is run.

import { parseRecipe, type Recipe, runStart } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { and, eq } from "drizzle-orm";
import { snapshots } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";

export type JobInput = {
	readonly datanetId: Hex;
	readonly snapshotVersion: number;
	readonly name: string;
	readonly recipe: Recipe;
};

/** A job that an older program wrote down knows nothing of keys that came later. */
export function recipeOf({ recipe }: Pick<JobInput, "recipe">): Recipe {
	return parseRecipe(recipe);
}

/** Throws `snapshot/not-found`. */
export async function snapshotOf({ db }: NodeParts, of: Pick<JobInput, "datanetId" | "snapshotVersion">) {
	const { datanetId, snapshotVersion } = of;
	const [snapshot] = await db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, snapshotVersion)));
	if (snapshot === undefined) throw notFound("snapshot", `${datanetId} ${snapshotVersion}`, "take a snapshot first");
	return snapshot;
}

/** Digest of all that the run is a function of; its folder has it for a name. */
export async function startOf(parts: NodeParts, input: Omit<JobInput, "name">): Promise<Hex> {
	const { root } = await snapshotOf(parts, input);
	return runStart({ baseDigest: parts.engine.base.digest, snapshotRoot: root, recipe: recipeOf(input) });
}
