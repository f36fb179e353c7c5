// Whether a snapshot's rows are those that were committed: the frozen ones, and the database's, of which the next snapshot is made.

import type { DatanetRow } from "@openledger/datanet";
import {
	CallerError,
	canonicalJson,
	type Hex,
	rowCommitment,
	rowDigest,
	snapshotRoot,
	TransientError,
} from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { contributions, rows as rowsTable } from "../database/schema.js";
import { openRow, recordIdOf, type StoredRow } from "../datanet/sealedRows.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { Difference, same } from "./difference.js";

export type CheckRows = { readonly datanetId: Hex; readonly version: number; readonly root: Hex };

/** Returns what was found right; throws a `Difference` that names the first wrong row, or the blob store's error. */
export async function checkRows(parts: NodeParts, { datanetId, version, root }: CheckRows): Promise<string> {
	const frozen = await readSnapshotRows(parts, datanetId, version);
	const kept = frozen.filter((row) => !row.erased);
	for (const row of kept) same(`the commitment of row ${row.index}`, rowCommitment(row, row.salt), row.commitment);
	same("the snapshot root", snapshotRoot(frozen), root);
	await checkDatabase(parts, datanetId, kept);
	const erased = frozen.length - kept.length;
	return `${frozen.length} rows give the snapshot root${erased > 0 ? `, ${erased} of them erased` : ""}`;
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
