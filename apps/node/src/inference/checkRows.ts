// Whether a snapshot's rows are those that were committed: the frozen ones, and the database's, of which the next snapshot is made.

import type { DatanetRow } from "@openledger/datanet";
import { checkPublishedRows, Difference, same } from "@openledger/factory";
import { CallerError, canonicalJson, type Hex, rowDigest, TransientError } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { contributions, rows as rowsTable } from "../database/schema.js";
import { openRow, recordIdOf, type StoredRow } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";

export type CheckRows = { readonly datanetId: Hex; readonly version: number; readonly root: Hex };

/** Returns what was found right; throws a `Difference` that names the first wrong row, or the blob store's error. */
export async function checkRows(parts: NodeParts, { datanetId, version, root }: CheckRows): Promise<string> {
	const frozen = await readSnapshotRows(parts, datanetId, version);
	const said = checkPublishedRows(frozen, root);
	await checkDatabase(
		parts,
		datanetId,
		frozen.filter((row) => !row.erased),
	);
	return said;
}

async function checkDatabase(parts: NodeParts, datanetId: Hex, frozen: readonly DatanetRow[]): Promise<void> {
	const stored = await parts.db
		.select()
		.from(rowsTable)
		.innerJoin(contributions, eq(rowsTable.contributionId, contributions.id))
		.where(eq(rowsTable.datanetId, datanetId));
	const byCommitment = new Map(stored.map((found) => [found.rows.commitment, found]));
	for (const row of frozen) {
		const found = byCommitment.get(row.commitment);
		if (found === undefined) throw new Difference(`row ${row.index} is not in the database under its commitment`);
		const what = (field: string) => `the ${field} of row ${row.index} in the database`;
		const opened = open(parts, found.rows);
		if (opened === undefined) throw new Difference(`row ${row.index} cannot be opened in the database`);
		same(what("prompt"), opened.row.prompt, row.prompt);
		same(what("response"), opened.row.response, row.response);
		same(what("salt"), opened.salt, row.salt);
		same(what("cluster"), found.rows.cluster, row.cluster);
		same(what("conversation"), canonicalJson(opened.row.before ?? []), canonicalJson(row.before ?? []));
		const name = found.rows.sealed === null ? rowDigest(row) : recordIdOf(parts, datanetId, row.contributor, row);
		same(what("digest"), found.rows.digest, name);
		same(what("contributor"), found.contributions.contributor, row.contributor);
	}
}

/** Undefined where the seal is broken, or the key another's. */
function open(parts: NodeParts, stored: StoredRow) {
	try {
		return openRow(parts, stored);
	} catch (error) {
		if (error instanceof CallerError || error instanceof TransientError) return undefined;
		throw error;
	}
}
