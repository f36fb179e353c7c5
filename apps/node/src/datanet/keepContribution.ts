// Rows on their way into a datanet: named and committed to, judged, and written down in one step. It must not know who offers them on
// chain, nor what is decided.

import { contributionIdOf } from "@openledger/chain";
import type { FileRow, PipelineResult, RejectedRow } from "@openledger/datanet";
import { type Address, CallerError, type Hex, rowCommitment, rowsRoot } from "@openledger/protocol";
import { and, asc, eq, isNull, max, ne, sql } from "drizzle-orm";
import type { Transaction } from "../database/openDatabase.js";
import { parted } from "../database/parted.js";
import { contributions, datanets, rejectedRows, rows } from "../database/schema.js";
import type { NodeParts } from "../parts.js";
import { saidOf } from "./saidOf.js";
import { openRow, recordIdOf, saltsOf, sealedValues } from "./sealedRows.js";
import { saveIntake, takeIn } from "./takeIn.js";

export type Delivery = {
	readonly datanetId: Hex;
	readonly contributor: Address;
	readonly rows: readonly FileRow[];
	/** Lines of the same file that were no rows. */
	readonly rejected: readonly RejectedRow[];
};

export type OfferedRow = FileRow & { readonly record: Hex; readonly commitment: Hex };

/** A delivery with the id, the root and the commitments that it has on chain. */
export type Offer = Omit<Delivery, "rows"> & {
	readonly id: Hex;
	readonly rowsRoot: Hex;
	/** Of all rows that are offered, in order. */
	readonly commitments: readonly Hex[];
	/** Those of them that can be read. */
	readonly rows: readonly OfferedRow[];
};

/** Names the rows' keys, makes their salts and commits to them. The same rows of the same person give the same. Throws `datanet/no-rows`. */
export function prepareOffer(parts: NodeParts, asked: Delivery): Offer {
	const { datanetId, contributor } = asked;
	const recordOf = (row: FileRow) => recordIdOf(parts, datanetId, contributor, saidOf(row));
	const { rows: left, rejected } = withoutErased(parts, asked);
	if (left.length === 0 && asked.rows.length > 0) {
		throw new CallerError(`no line is a row that can be taken; ${ERASED_BEFORE}`, { code: "datanet/no-rows" });
	}
	const named = left.map((row) => ({ ...row, record: recordOf(row) }));
	const salts = saltsOf(parts, [...new Set(named.map(({ record }) => record))], contributor);
	const offered = named.map((row) => ({ ...row, commitment: rowCommitment(saidOf(row), salts.get(row.record)!) }));
	const commitments = offered.map(({ commitment }) => commitment);
	const root = rowsRoot(commitments);
	const id = contributionIdOf(datanetId, contributor, root);
	return { datanetId, contributor, id, rowsRoot: root, commitments, rows: offered, rejected };
}

/** What the datanet's checks say of a delivery as the datanet is now. Nothing is kept. */
export async function judgeDelivery(
	parts: NodeParts,
	{ datanetId, rows: delivered, rejected }: Omit<Delivery, "contributor">,
): Promise<PipelineResult> {
	const existing = await keptRows(parts, datanetId);
	const [datanet] = await parts.db.select().from(datanets).where(eq(datanets.id, datanetId));
	return await takeIn({
		licence: datanet!.licence,
		rowSchema: datanet!.rowSchema,
		rows: delivered,
		rejected,
		existing,
		elsewhere: await rowsElsewhere(parts, datanetId),
	});
}

/** What is kept of a contribution besides its rows; `within` is done in the same step of the database. */
export type KeepOffer = {
	readonly contributorName: string;
	readonly status: "stored" | "offered";
	readonly within?: (tx: Transaction) => Promise<void>;
};

/** Everything about the contribution becomes durable in one step, before anybody is told. Once; call in the datanet's turn. */
export async function keepOffer(parts: NodeParts, offer: Offer, { contributorName, status, within }: KeepOffer) {
	const { datanetId, contributor, id, rowsRoot: root, commitments } = offer;
	const [known] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
	if (known !== undefined) return;
	const taken = await judgeDelivery(parts, offer);
	const next = await nextPosition(parts, datanetId);
	const accepted = taken.accepted.map((row, i) => {
		const { line, cluster, record, commitment } = row as typeof row & OfferedRow;
		const place = { datanetId, position: next + i, contributionId: id };
		return { ...place, line, commitment, cluster, ...sealedValues(parts, record, row) };
	});
	await saveIntake(parts, taken, { contributionId: id, datanetId, rowsRoot: root });
	await parts.db.transaction(async (tx) => {
		await tx.insert(contributions).values({
			id,
			datanetId,
			sequence: sql`(select coalesce(max(sequence), 0) + 1 from contributions where datanet_id = ${datanetId})`,
			contributorName,
			contributor,
			rowsRoot: root,
			offeredRows: commitments.length,
			acceptedRows: accepted.length,
			status,
			commitments,
			storedAt: Math.floor(Date.now() / 1000),
		});
		for (const part of parted(accepted)) await tx.insert(rows).values(part);
		const told = taken.rejected.map((row, place) => ({ contributionId: id, place, ...row }));
		for (const part of parted(told)) await tx.insert(rejectedRows).values(part);
		await within?.(tx);
	});
}

/** A datanet's rows that are still there, with their places and clusters. */
export async function keptRows(parts: NodeParts, datanetId: Hex) {
	const found = await parts.db
		.select()
		.from(rows)
		.innerJoin(contributions, eq(rows.contributionId, contributions.id))
		.where(and(eq(rows.datanetId, datanetId), ne(contributions.status, "rejected"), isNull(rows.erasedAt)))
		.orderBy(asc(rows.position));
	return found.flatMap(({ rows: row }) => {
		const opened = openRow(parts, row);
		return opened === undefined ? [] : [{ ...opened.row, position: row.position, cluster: row.cluster }];
	});
}

/** A copy of another datanet's row is told, not refused: the same person may give a row to two. */
async function rowsElsewhere(parts: NodeParts, datanetId: Hex) {
	const others = await parts.db.select({ id: datanets.id }).from(datanets).where(ne(datanets.id, datanetId));
	const found = await Promise.all(others.map(({ id }) => keptRows(parts, id)));
	return found.flat();
}

export const ERASED_BEFORE = "this row was erased before; its key is gone for good";

/** What was erased does not come back by the same person's hand. */
export function withoutErased(parts: NodeParts, asked: Delivery): Pick<Delivery, "rows" | "rejected"> {
	const { datanetId, contributor, rows: given, rejected } = asked;
	const isErased = (row: FileRow) =>
		parts.records.state(recordIdOf(parts, datanetId, contributor, saidOf(row))) === "erased";
	const erased = given.filter(isErased);
	if (erased.length === 0) return { rows: given, rejected };
	const told = erased.map(({ line }) => ({ line, code: "erased" as const, reason: ERASED_BEFORE }));
	const left = given.filter((row) => !erased.includes(row));
	return { rows: left, rejected: [...rejected, ...told].sort((a, b) => a.line - b.line) };
}

/** Numbers are never used again, whatever became of their rows. */
async function nextPosition(parts: NodeParts, datanetId: Hex): Promise<number> {
	const [last] = await parts.db
		.select({ position: max(rows.position) })
		.from(rows)
		.where(eq(rows.datanetId, datanetId));
	return (last?.position ?? -1) + 1;
}
