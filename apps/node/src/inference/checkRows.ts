// Whether a snapshot's rows are those that were committed: the frozen ones, and the database's, of which the next snapshot is made.

import type { DatanetRow } from "@openledger/datanet";
import { canonicalJson, type Hex, rowCommitment, rowDigest, snapshotRoot } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { contributions, rows as rowsTable } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import type { NodeParts } from "../parts.js";
import { Difference, same } from "./difference.js";

export type CheckRows = { readonly datanetId: Hex; readonly version: number; readonly root: Hex };

/** Returns what was found right; throws a `Difference` that names the first wrong row, or the blob store's error. */
export async function checkRows(parts: NodeParts, { datanetId, version, root }: CheckRows): Promise<string> {
	const frozen = await readSnapshotRows(parts, datanetId, version);
	frozen.forEach((row, i) => {
		same(`the commitment of row ${i}`, rowCommitment(row, row.salt), row.commitment);
	});
	same("the snapshot root", snapshotRoot(frozen), root);
	await checkDatabase(parts, datanetId, frozen);
	return `${frozen.length} rows give the snapshot root`;
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
		for (const field of ["prompt", "response", "salt", "cluster"] as const) {
			same(what(field), found.rows[field], row[field]);
		}
		same(what("conversation"), canonicalJson(found.rows.before ?? []), canonicalJson(row.before ?? []));
		same(what("digest"), found.rows.digest, rowDigest(row));
		same(what("contributor"), found.contributions.contributor, row.contributor);
	}
}
