// Datanets as people look at them. Reads only.

import type { Hex } from "@openledger/protocol";
import { and, asc, eq, or } from "drizzle-orm";
import { contributions, datanets, models, rejectedRows, snapshots } from "../database/schema.js";
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
	const learnt = await db
		.select({ name: models.servedName, version: models.snapshotVersion })
		.from(models)
		.where(and(eq(models.datanetId, id), eq(models.status, "published")));
	const { name, licence, termsHash, terms, contentType, rowSchema, stakePerRowWei, accessPriceWei, rule } = datanet!;
	const times = [...offered.map(({ storedAt }) => storedAt), ...frozen.map(({ takenAt }) => takenAt)];
	return {
		id,
		name,
		licence,
		termsHash,
		/** Null where only their digest is known. */
		terms,
		...{ contentType, rowSchema: rowSchema ?? null, stakePerRowWei, accessPriceWei, rule },
		owner: parts.keys.address("owner"),
		/** Seconds since 1970; null before anything happened, and in homes of before. */
		lastActivity: times.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null),
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
		snapshots: frozen.map(({ version, root, rowCount, status, takenAt }) => ({
			...{ version, root, rowCount, status, takenAt },
			models: learnt.filter((model) => model.version === version).map((model) => model.name),
		})),
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
