// Datanets as people look at them. Reads only.

import type { Hex } from "@openledger/protocol";
import { and, asc, count, eq, ilike, inArray, like, or, sql } from "drizzle-orm";
import type { Database } from "../database/openDatabase.js";
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

export type ListDatanets = {
	/** In the name or the licence, or the beginning of the id. */
	readonly search?: string | undefined;
	readonly order?: "name" | "activity" | "rows" | "contributors" | undefined;
	readonly limit: number;
	readonly from: number;
};

/** Versions that a list names of each datanet, and one datanet's page: the latest. */
const VERSIONS_LISTED = 20;
const VERSIONS_SHOWN = 200;

/** Some of all datanets, each with its counts and its latest versions; `count` says of how many. */
export async function listDatanets(parts: NodeParts, { search = "", order = "name", limit, from }: ListDatanets) {
	const { db } = parts;
	const summed = sums(db);
	const { given, frozen } = summed;
	const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
	const id = /^0x[0-9a-f]+$/.test(search.toLowerCase()) ? [like(datanets.id, `${search.toLowerCase()}%`)] : [];
	const where = search === "" ? undefined : or(ilike(datanets.name, pattern), ilike(datanets.licence, pattern), ...id);
	const orders = {
		name: [],
		activity: [sql`greatest(${given.lastAt}, ${frozen.lastAt}) desc nulls last`],
		rows: [sql`${given.rows} desc nulls last`],
		contributors: [sql`${given.contributors} desc nulls last`],
	} as const;
	const found = await db
		.select(columns(summed))
		.from(datanets)
		.leftJoin(given, eq(datanets.id, given.datanetId))
		.leftJoin(frozen, eq(datanets.id, frozen.datanetId))
		.where(where)
		.orderBy(...orders[order], asc(datanets.name))
		.limit(limit + 1)
		.offset(from);
	const shown = found.slice(0, limit);
	const [all] = await db.select({ n: count() }).from(datanets).where(where);
	const versions = await versionsOf(
		parts,
		shown.map(({ id }) => id),
		VERSIONS_LISTED,
	);
	return {
		datanets: shown.map((one) => ({ ...facts(one), snapshots: versions.get(one.id) ?? [] })),
		count: all!.n,
		hasMore: found.length > limit,
	};
}

/** A datanet with its counts, its terms and its latest versions, each with the models that learnt from it. */
export async function showDatanet(parts: NodeParts, id: Hex) {
	const { db } = parts;
	const summed = sums(db, id);
	const [datanet] = await db
		.select(columns(summed))
		.from(datanets)
		.leftJoin(summed.given, eq(datanets.id, summed.given.datanetId))
		.leftJoin(summed.frozen, eq(datanets.id, summed.frozen.datanetId))
		.where(eq(datanets.id, id));
	const [said] = await db
		.select({ terms: datanets.terms, rowSchema: datanets.rowSchema })
		.from(datanets)
		.where(eq(datanets.id, id));
	const learnt = await db
		.select({ name: models.servedName, version: models.snapshotVersion })
		.from(models)
		.where(and(eq(models.datanetId, id), eq(models.status, "published")));
	const versions = (await versionsOf(parts, [id], VERSIONS_SHOWN)).get(id) ?? [];
	return {
		...facts(datanet!),
		/** Null where only their digest is known. */
		terms: said!.terms,
		rowSchema: said!.rowSchema ?? null,
		owner: parts.keys.address("owner"),
		snapshots: versions.map((one) => ({
			...one,
			models: learnt.filter((model) => model.version === one.version).map((model) => model.name),
		})),
	};
}

/** What the contributions and the versions of each datanet come to. */
function sums(db: Database, id?: Hex) {
	const isAccepted = sql`${contributions.status} = 'accepted'`;
	const given = db
		.select({
			datanetId: contributions.datanetId,
			contributions: sql<number>`count(*)::int`.as("given_contributions"),
			rows: sql<number>`coalesce(sum(${contributions.acceptedRows}) filter (where ${isAccepted}), 0)::int`.as(
				"given_rows",
			),
			contributors: sql<number>`count(distinct ${contributions.contributor}) filter (where ${isAccepted})::int`.as(
				"given_contributors",
			),
			lastAt: sql<number | null>`max(${contributions.storedAt})::int`.as("given_last_at"),
		})
		.from(contributions)
		.where(id && eq(contributions.datanetId, id))
		.groupBy(contributions.datanetId)
		.as("given");
	const frozen = db
		.select({
			datanetId: snapshots.datanetId,
			versions: sql<number>`count(*)::int`.as("frozen_versions"),
			lastAt: sql<number | null>`max(${snapshots.takenAt})::int`.as("frozen_last_at"),
		})
		.from(snapshots)
		.where(id && eq(snapshots.datanetId, id))
		.groupBy(snapshots.datanetId)
		.as("frozen");
	return { given, frozen };
}

function columns({ given, frozen }: ReturnType<typeof sums>) {
	const { id, name, licence, termsHash, contentType, stakePerRowWei, accessPriceWei, rule } = datanets;
	return {
		...{ id, name, licence, termsHash, contentType, stakePerRowWei, accessPriceWei, rule },
		...{ rows: given.rows, contributors: given.contributors, contributions: given.contributions },
		...{ versions: frozen.versions, givenAt: given.lastAt, frozenAt: frozen.lastAt },
	};
}

type Counted = {
	readonly rows: number | null;
	readonly contributors: number | null;
	readonly contributions: number | null;
	readonly versions: number | null;
	readonly givenAt: number | null;
	readonly frozenAt: number | null;
};

function facts<found extends Counted>({ givenAt, frozenAt, ...found }: found) {
	return {
		...found,
		rows: found.rows ?? 0,
		contributors: found.contributors ?? 0,
		contributions: found.contributions ?? 0,
		versions: found.versions ?? 0,
		/** Seconds since 1970; null before anything happened, and in homes of before. */
		lastActivity: givenAt === null && frozenAt === null ? null : Math.max(givenAt ?? 0, frozenAt ?? 0),
	};
}

type Version = Pick<typeof snapshots.$inferSelect, "version" | "root" | "rowCount" | "status" | "takenAt">;

/** The latest of each, oldest first. */
async function versionsOf({ db }: NodeParts, ids: readonly Hex[], most: number): Promise<Map<Hex, Version[]>> {
	const found = new Map<Hex, Version[]>();
	if (ids.length === 0) return found;
	const { datanetId, version, root, rowCount, status, takenAt } = snapshots;
	const latest = db
		.select({ datanetId, last: sql<number>`max(${version})`.as("last") })
		.from(snapshots)
		.where(inArray(datanetId, [...ids]))
		.groupBy(datanetId)
		.as("latest");
	const rows = await db
		.select({ datanetId, version, root, rowCount, status, takenAt })
		.from(snapshots)
		.innerJoin(latest, eq(datanetId, latest.datanetId))
		.where(sql`${version} > ${latest.last} - ${most}`)
		.orderBy(asc(version));
	for (const { datanetId: id, ...one } of rows) found.set(id, [...(found.get(id) ?? []), one]);
	return found;
}

/** The lines of a contribution that were not taken, each with its reason. */
export async function listRejected(parts: NodeParts, contributionId: Hex) {
	return await parts.db
		.select({ line: rejectedRows.line, code: rejectedRows.code, reason: rejectedRows.reason })
		.from(rejectedRows)
		.where(eq(rejectedRows.contributionId, contributionId))
		.orderBy(asc(rejectedRows.place));
}
