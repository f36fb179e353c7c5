// Freezes the accepted rows of a datanet: a blob here, a root on chain. Each step may be repeated after a crash.

import { publishSnapshot, readSnapshot } from "@openledger/chain";
import { buildSnapshot, type DatanetRow } from "@openledger/datanet";
import { CallerError, canonicalJson, type Hex, utf8 } from "@openledger/protocol";
import { and, asc, desc, eq, isNull } from "drizzle-orm";
import { contributions, rows, snapshots } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { type FinaliseContributions, finaliseContributions } from "./finaliseContributions.js";
import { type KeptRow, openRow, openSnapshotRow, type SnapshotRow } from "./sealedRows.js";

export type TakenSnapshot = { readonly version: number; readonly root: Hex; readonly rowCount: number };

/** The next version, or the latest one if no row was accepted since. Throws `datanet/empty` without rows. */
export function takeSnapshot(
	parts: NodeParts,
	datanetId: Hex,
	options?: FinaliseContributions,
): Promise<TakenSnapshot> {
	return parts.turns(`datanet ${datanetId}`, async () => {
		const latest = await publishStored(parts, datanetId);
		await finaliseContributions(parts, datanetId, options);
		const accepted = await acceptedRows(parts, datanetId);
		if (accepted.length === 0) {
			throw new CallerError(
				"the datanet has no rows that are finally accepted; contribute some, or wait for decisions",
				{ code: "datanet/empty" },
			);
		}
		const { root } = buildSnapshot(accepted);
		if (latest?.root === root) return latest;
		const blob = await parts.blobs.put(utf8(canonicalJson(accepted.map(keptRow))));
		const next = { datanetId, version: (latest?.version ?? 0) + 1, root, rowCount: accepted.length, blob };
		await parts.db.insert(snapshots).values({ ...next, status: "stored" });
		await publish(parts, next);
		return next;
	});
}

/** Publishes the latest snapshot where a crash kept it from the chain, and gives it; call in the datanet's turn. */
export async function publishStored(parts: NodeParts, datanetId: Hex) {
	const [latest] = await parts.db
		.select()
		.from(snapshots)
		.where(eq(snapshots.datanetId, datanetId))
		.orderBy(desc(snapshots.version))
		.limit(1);
	if (latest?.status === "stored") await publish(parts, latest);
	return latest;
}

/** The rows of a snapshot as they were frozen, but for what was erased since; throws the blob store's error if the blob is missing or damaged. */
export async function readSnapshotRows(parts: NodeParts, datanetId: Hex, version: number): Promise<SnapshotRow[]> {
	const [found] = await parts.db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, version)));
	const text = new TextDecoder().decode(await parts.blobs.get(found!.blob));
	return (JSON.parse(text) as KeptRow[]).map((row) => openSnapshotRow(parts, row));
}

async function publish(parts: NodeParts, snapshot: TakenSnapshot & { readonly datanetId: Hex }): Promise<void> {
	const { datanetId, version, root, rowCount } = snapshot;
	await publishSnapshot(parts.ledger, parts.keys.account("owner"), { datanetId, root, rowCount, version });
	const frozen = await readSnapshot(parts.ledger, datanetId, version);
	await parts.db
		.update(snapshots)
		.set({ status: "published", takenAt: Number(frozen!.timestamp) })
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, version)));
}

type AcceptedRow = DatanetRow & { readonly record: Hex; readonly sealed: Hex | null };

/** What goes into the blob: no text and no salt, so that erasing a row's key erases it there too. */
function keptRow({ record, sealed, ...row }: AcceptedRow): KeptRow | DatanetRow {
	if (sealed === null) return row;
	const { prompt: _, response: __, before: ___, salt: ____, ...rest } = row;
	return { ...rest, record, sealed };
}

/** Rows that a snapshot would have now. */
export async function acceptedRows(parts: NodeParts, datanetId: Hex): Promise<AcceptedRow[]> {
	const found = await parts.db
		.select()
		.from(rows)
		.innerJoin(contributions, eq(rows.contributionId, contributions.id))
		.where(
			and(
				eq(rows.datanetId, datanetId),
				eq(contributions.status, "accepted"),
				eq(contributions.final, true),
				isNull(rows.erasedAt),
			),
		)
		.orderBy(asc(rows.position));
	return found.map(({ rows: row, contributions: by }, index) => {
		const opened = openRow(parts, row)!;
		return {
			index,
			...opened.row,
			contributor: by.contributor,
			contributorName: by.contributorName,
			commitment: row.commitment,
			salt: opened.salt,
			cluster: row.cluster,
			record: row.digest,
			sealed: row.sealed,
		};
	});
}
