// Datanets as people look at them. Reads only.

import type { Hex } from "@openledger/protocol";
import { asc, eq, or } from "drizzle-orm";
import { contributions, datanets, rejectedRows, snapshots } from "../database/schema.js";
import { notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";

/** By id or by name. Throws `datanet/not-found`. */
export async function findDatanet(
	parts: NodeParts,
	idOrName: string,
): Promise<{ readonly id: Hex; readonly name: string }> {
	const [found] = await parts.db
		.select()
		.from(datanets)
		.where(or(eq(datanets.id, idOrName as Hex), eq(datanets.name, idOrName)));
	if (found === undefined) throw notFound("datanet", idOrName, "see the list of datanets, or create it");
	return found;
}

export async function listDatanets(parts: NodeParts) {
	const found = await parts.db.select().from(datanets).orderBy(asc(datanets.name));
	return await Promise.all(found.map(({ id }) => showDatanet(parts, id)));
}

/** A datanet with its contributions and snapshots. */
export async function showDatanet(parts: NodeParts, id: Hex) {
	const { db } = parts;
	const [datanet] = await db.select().from(datanets).where(eq(datanets.id, id));
	const offered = await db
		.select()
		.from(contributions)
		.where(eq(contributions.datanetId, id))
		.orderBy(asc(contributions.sequence));
	const frozen = await db.select().from(snapshots).where(eq(snapshots.datanetId, id)).orderBy(asc(snapshots.version));
	const accepted = offered.filter(({ status }) => status === "accepted");
	const { name, licence, termsHash } = datanet!;
	return {
		id,
		name,
		licence,
		termsHash,
		rows: accepted.reduce((sum, { acceptedRows }) => sum + acceptedRows, 0),
		contributors: new Set(accepted.map(({ contributor }) => contributor)).size,
		contributions: offered.map((c) => ({
			id: c.id,
			contributor: c.contributorName,
			account: c.contributor,
			offeredRows: c.offeredRows,
			acceptedRows: c.acceptedRows,
			status: c.status,
		})),
		snapshots: frozen.map(({ version, root, rowCount, status }) => ({ version, root, rowCount, status })),
	};
}

/** The lines of a contribution that were not taken, each with its reason. */
export async function listRejected(parts: NodeParts, contributionId: Hex) {
	return await parts.db
		.select({ line: rejectedRows.line, code: rejectedRows.code, reason: rejectedRows.reason })
		.from(rejectedRows)
		.where(eq(rejectedRows.contributionId, contributionId))
		.orderBy(asc(rejectedRows.place));
}
