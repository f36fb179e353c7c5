// Replays as people look at them. Reads only.

import { desc, eq } from "drizzle-orm";
import { models, replays } from "../../database/schema.js";
import { notFound } from "../../errors.js";
import type { NodeParts } from "../../parts.js";
import type { ReplayProgress, ReplayResult } from "./replayResult.js";

const LISTED = 50;

/** The latest of a model, newest first, without their links. */
export async function listReplays({ db }: NodeParts, modelId: `0x${string}`) {
	const found = await db
		.select()
		.from(replays)
		.where(eq(replays.modelId, modelId))
		.orderBy(desc(replays.sequence))
		.limit(LISTED);
	return found.map((replay) => {
		const { progress, result, ...rest } = shown(replay);
		const told = result && { ...result, links: undefined, things: undefined };
		return { ...rest, progress: progress && { ...progress, links: undefined }, result: told };
	});
}

/** Throws `replay/not-found`. */
export async function readReplay({ db }: NodeParts, id: string) {
	const [found] = await db
		.select()
		.from(replays)
		.innerJoin(models, eq(replays.modelId, models.id))
		.where(eq(replays.id, id));
	if (found === undefined) throw notFound("replay", id, "see the list of the model's replays");
	return { ...shown(found.replays), model: found.models.servedName };
}

function shown(replay: typeof replays.$inferSelect) {
	const { sequence: _, progress, result, ...rest } = replay;
	return { ...rest, progress: progress as ReplayProgress | null, result: result as ReplayResult | null };
}
