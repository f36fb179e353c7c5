// Freezes the accepted rows of a datanet: a blob here, a root on chain. Each step may be repeated after a crash.

import { publishSnapshot } from "@openledger/chain";
import { buildSnapshot, type DatanetRow } from "@openledger/datanet";
import { CallerError, canonicalJson, type Hex, utf8 } from "@openledger/protocol";
import { and, asc, desc, eq } from "drizzle-orm";
import { contributions, rows, snapshots } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { finaliseContributions } from "./finaliseContributions.js";
import { saidOf } from "./saidOf.js";

export type TakenSnapshot = { readonly version: number; readonly root: Hex; readonly rowCount: number };

/** The next version, or the latest one if no row was accepted since. Throws `datanet/empty` without rows. */
export function takeSnapshot(parts: NodeParts, datanetId: Hex): Promise<TakenSnapshot> {
	return parts.turns(`datanet ${datanetId}`, async () => {
		const [latest] = await parts.db
			.select()
			.from(snapshots)
			.where(eq(snapshots.datanetId, datanetId))
			.orderBy(desc(snapshots.version))
			.limit(1);
		if (latest?.status === "stored") await publish(parts, latest);
		await finaliseContributions(parts, datanetId);
		const accepted = await acceptedRows(parts, datanetId);
		if (accepted.length === 0) {
			throw new CallerError(
				"the datanet has no rows that are finally accepted; contribute some, or wait for decisions",
				{ code: "datanet/empty" },
			);
		}
		const { root } = buildSnapshot(accepted);
		if (latest?.root === root) return latest;
		const blob = await parts.blobs.put(utf8(canonicalJson(accepted)));
		const next = { datanetId, version: (latest?.version ?? 0) + 1, root, rowCount: accepted.length, blob };
		await parts.db.insert(snapshots).values({ ...next, status: "stored" });
		await publish(parts, next);
		return next;
	});
}

/** The rows of a snapshot as they were frozen; throws the blob store's error if the blob is missing or damaged. */
export async function readSnapshotRows(parts: NodeParts, datanetId: Hex, version: number): Promise<DatanetRow[]> {
	const [found] = await parts.db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, version)));
	const text = new TextDecoder().decode(await parts.blobs.get(found!.blob));
	return JSON.parse(text) as DatanetRow[];
}

async function publish(parts: NodeParts, snapshot: TakenSnapshot & { readonly datanetId: Hex }): Promise<void> {
	const { datanetId, version, root, rowCount } = snapshot;
	await publishSnapshot(parts.ledger, parts.keys.account("owner"), { datanetId, root, rowCount, version });
	await parts.db
		.update(snapshots)
		.set({ status: "published" })
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, version)));
}

async function acceptedRows(parts: NodeParts, datanetId: Hex): Promise<DatanetRow[]> {
	const found = await parts.db
		.select()
		.from(rows)
		.innerJoin(contributions, eq(rows.contributionId, contributions.id))
		.where(and(eq(rows.datanetId, datanetId), eq(contributions.status, "accepted"), eq(contributions.final, true)))
		.orderBy(asc(rows.position));
	return found.map(({ rows: row, contributions: by }, index) => ({
		index,
		...saidOf(row),
		contributor: by.contributor,
		contributorName: by.contributorName,
		commitment: row.commitment,
		salt: row.salt,
		cluster: row.cluster,
	}));
}
