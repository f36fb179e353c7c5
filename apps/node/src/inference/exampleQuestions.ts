// A few questions out of the rows that a model learnt from, for people who do not know yet what to ask. Reads only.

import { CallerError } from "@openledger/protocol";
import { eq, or } from "drizzle-orm";
import { models } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";

const MOST_CHARACTERS = 160;
const MOST = 24;

/** Up to `limit` (1 to 24), spread evenly over the snapshot, short ones that begin a conversation. Throws `model/not-found`. */
export async function exampleQuestions(parts: NodeParts, idOrName: string, limit: number): Promise<readonly string[]> {
	if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
		throw new CallerError(`limit must be a whole number from 1 to ${MOST}`, { code: "api/bad-limit" });
	const [model] = await parts.db
		.select()
		.from(models)
		.where(or(eq(models.id, idOrName as `0x${string}`), eq(models.servedName, idOrName)));
	if (model === undefined) throw notFound("model", idOrName, "see the list of models");
	const rows = await readSnapshotRows(parts, model.datanetId, model.snapshotVersion);
	const asked = rows.flatMap(({ prompt, before = [], erased }) => {
		const text = prompt.trim();
		return erased || before.length > 0 || text === "" || text.length > MOST_CHARACTERS ? [] : [text];
	});
	const questions = [...new Set(asked)];
	const count = Math.min(limit, questions.length);
	return Array.from({ length: count }, (_, i) => questions[Math.floor((i * questions.length) / count)]!);
}
