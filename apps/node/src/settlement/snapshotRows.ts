// Which row of which datanet a line of earnings means, and what it says where that is still kept. Reads only.

import { CallerError, type Hex, TransientError } from "@openledger/protocol";
import { datanets, models } from "../database/schema.js";
import type { SnapshotRow } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";

export type FoundRow = {
	/** The model as callers name it. */
	readonly model: string;
	readonly datanetId: Hex;
	readonly datanet: string;
	/** Names the row in whatever snapshot; undefined where the snapshot's file is gone. */
	readonly commitment: Hex | undefined;
	readonly prompt: string | undefined;
	readonly response: string | undefined;
};

export type RowFinder = (line: { readonly modelId: Hex; readonly row: number | null }) => Promise<FoundRow>;

/** Finds rows; each snapshot is read once. Texts of erased rows, and of files that are gone, are undefined. */
export async function openRowFinder(parts: NodeParts): Promise<RowFinder> {
	const published = new Map((await parts.db.select().from(models)).map((model) => [model.id, model]));
	const names = new Map((await parts.db.select().from(datanets)).map(({ id, name }) => [id, name]));
	const read = new Map<string, Promise<readonly SnapshotRow[] | undefined>>();
	return async ({ modelId, row }) => {
		const { datanetId, snapshotVersion, servedName } = published.get(modelId)!;
		const key = `${datanetId} ${snapshotVersion}`;
		const rows = row === null ? undefined : (read.get(key) ?? rowsIfKept(parts, datanetId, snapshotVersion));
		if (rows !== undefined) read.set(key, rows);
		const found = (await rows)?.[row ?? -1];
		const said = found === undefined || found.erased ? undefined : found;
		return {
			...{ model: servedName, datanetId, datanet: names.get(datanetId) ?? datanetId },
			...{ commitment: found?.commitment, prompt: said?.prompt, response: said?.response },
		};
	};
}

async function rowsIfKept(parts: NodeParts, datanetId: Hex, version: number) {
	try {
		return await readSnapshotRows(parts, datanetId, version);
	} catch (error) {
		if (!(error instanceof CallerError || error instanceof TransientError)) throw error;
		return undefined;
	}
}
