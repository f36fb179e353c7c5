// Which rows that a model learnt from were erased since: by the commitments in its snapshot, so without opening a row. Reads only.

import { join } from "node:path";
import { readIfThere, runFiles } from "@openledger/factory";
import type { Hex } from "@openledger/protocol";
import { and, eq, inArray, isNotNull } from "drizzle-orm";
import { type models, rows, snapshots } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";

type Stored = Pick<typeof models.$inferSelect, "id" | "datanetId" | "snapshotVersion" | "runFolder">;

/** Indices in the model's snapshot, by model; models that miss none are left out. */
export async function erasedRows(
	parts: NodeParts,
	of: readonly Stored[],
): Promise<ReadonlyMap<Hex, readonly number[]>> {
	const datanetIds = [...new Set(of.map(({ datanetId }) => datanetId))];
	if (datanetIds.length === 0) return new Map();
	const gone = await parts.db
		.select({ datanetId: rows.datanetId, commitment: rows.commitment })
		.from(rows)
		.where(and(inArray(rows.datanetId, datanetIds), isNotNull(rows.erasedAt)));
	if (gone.length === 0) return new Map();
	const erased = new Set(gone.map(({ datanetId, commitment }) => `${datanetId} ${commitment}`));
	const found = new Map<Hex, readonly number[]>();
	for (const model of of) {
		const indices = (await snapshotShape(parts, model))
			.filter(({ commitment }) => erased.has(`${model.datanetId} ${commitment}`))
			.map(({ index }) => index);
		if (indices.length === 0) continue;
		const unused = await unusedRows(parts, model);
		const learnt = indices.filter((index) => !unused.has(index));
		if (learnt.length > 0) found.set(model.id, learnt);
	}
	return found;
}

export type ShapedRow = {
	readonly index: number;
	readonly commitment: Hex;
	readonly contributor: Hex;
	readonly contributorName: string;
};

/** What a snapshot says of its rows without what they say. */
export async function snapshotShape(
	{ db, blobs }: NodeParts,
	{ datanetId, snapshotVersion }: Pick<Stored, "datanetId" | "snapshotVersion">,
): Promise<readonly ShapedRow[]> {
	const [found] = await db
		.select({ blob: snapshots.blob })
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, snapshotVersion)));
	if (found === undefined) return [];
	return JSON.parse(new TextDecoder().decode(await blobs.get(found.blob))) as ShapedRow[];
}

/** Rows that the run held out or left out. */
async function unusedRows({ home, log }: NodeParts, { runFolder }: Stored): Promise<ReadonlySet<number>> {
	try {
		const text = await readIfThere(runFiles(join(home, "runs", runFolder)).run);
		const { rows: used } = JSON.parse(new TextDecoder().decode(text)) as {
			rows?: { heldOut: number[]; leftOut: { row: number }[] };
		};
		return new Set([...(used?.heldOut ?? []), ...(used?.leftOut ?? []).map(({ row }) => row)]);
	} catch (error) {
		log(`which rows run ${runFolder} left out cannot be read: ${errorText(error)}`);
		return new Set();
	}
}
