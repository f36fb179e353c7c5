// A contribution: rows are checked and written down first, then offered and decided on chain. What was written down is
// brought to its end after any crash. It must not know what models learn from the rows.

import {
	acceptContribution,
	contributionCost,
	contributionIdOf,
	fundOpen,
	contributeRows as offerOnChain,
	rejectContribution,
} from "@openledger/chain";
import { type FileRow, type RejectedRow, type RowFormat, readRows } from "@openledger/datanet";
import { CallerError, type Hex, rowCommitment, rowsRoot, utf8 } from "@openledger/protocol";
import { and, asc, eq, inArray, isNull, max, ne, sql } from "drizzle-orm";
import { parted } from "../database/parted.js";
import { contributions, datanets, rejectedRows, rows } from "../database/schema.js";
import { errorText } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { finishDatanet } from "./createDatanet.js";
import { listRejected } from "./readDatanets.js";
import { saidOf } from "./saidOf.js";
import { openRow, recordIdOf, saltsOf, sealedValues } from "./sealedRows.js";
import { type IntakeRecord, readIntake, saveIntake, takeIn } from "./takeIn.js";
import { contributorWallet } from "./wallet.js";

export type ContributeRows = {
	readonly datanetId: Hex;
	readonly contributor: string;
	readonly rows: readonly FileRow[];
	/** Lines of the same file that were no rows. */
	readonly rejected: readonly RejectedRow[];
};

export type Contributed = {
	readonly id: Hex;
	readonly contributor: string;
	readonly offeredRows: number;
	readonly acceptedRows: number;
	/** pending: revealed on chain, and a committee or the time for challenges decides. */
	readonly status: "accepted" | "rejected" | "pending";
	readonly rejected: readonly RejectedRow[];
	/** What the checks said, signed; absent for what was contributed before there were any. */
	readonly intake?: IntakeRecord;
};

export type ContributeFile = {
	readonly datanetId: Hex;
	readonly contributor: string;
	readonly format: Exclude<RowFormat, "parquet">;
	readonly content: string | Uint8Array;
};

/** Reads a file of one contributor's rows and contributes it. Rows that name somebody else are rejected. */
export async function contributeFile(parts: NodeParts, file: ContributeFile): Promise<Contributed> {
	const { datanetId, contributor, format, content } = file;
	const read = readRows(typeof content === "string" ? utf8(content) : content, { format });
	const other = (row: FileRow) => row.contributor !== undefined && row.contributor !== contributor;
	const reason = `the row names another contributor; leave the field out, or write ${contributor}`;
	const foreign = read.rows.filter(other).map(({ line }) => ({ line, code: "bad-contributor" as const, reason }));
	return await contributeRows(parts, {
		datanetId,
		contributor,
		rows: read.rows.filter((row) => !other(row)),
		rejected: [...read.rejected, ...foreign].sort((a, b) => a.line - b.line),
	});
}

/** Contributes rows once: the same rows of the same person are the same contribution. Throws `datanet/no-rows`. */
export async function contributeRows(parts: NodeParts, wanted: ContributeRows): Promise<Contributed> {
	if (wanted.rows.length === 0) {
		const [first] = wanted.rejected;
		const why = first === undefined ? "" : `; line ${first.line}: ${first.reason}`;
		throw new CallerError(`no line is a row${why}`, { code: "datanet/no-rows" });
	}
	await contributorWallet(parts, wanted.contributor);
	return await parts.turns(`datanet ${wanted.datanetId}`, async () => {
		await finishDatanet(parts, wanted.datanetId);
		const id = await store(parts, wanted);
		await finish(parts, id);
		return await readContribution(parts, id);
	});
}

/** Brings every contribution that a crash left open to its end; returns how many were. One that cannot be waits for the next start. */
export async function resumeContributions(parts: NodeParts): Promise<number> {
	const open = await parts.db
		.select()
		.from(contributions)
		.where(inArray(contributions.status, ["stored", "offered"]))
		.orderBy(asc(contributions.datanetId), asc(contributions.sequence));
	let finished = 0;
	for (const { id, datanetId, contributorName } of open) {
		try {
			await contributorWallet(parts, contributorName);
			await finishDatanet(parts, datanetId);
			await finish(parts, id);
			finished++;
		} catch (error) {
			// One person's contribution must not keep the node from everybody else.
			parts.log(`contribution ${id} stays open: ${errorText(error)}`);
		}
	}
	return finished;
}

/** Everything about the contribution becomes durable in one step, before anybody is told. */
async function store(parts: NodeParts, asked: ContributeRows): Promise<Hex> {
	const { datanetId, contributor: contributorName } = asked;
	const contributor = parts.keys.address("contributor", contributorName);
	const recordOf = (row: FileRow) => recordIdOf(parts, datanetId, contributor, saidOf(row));
	const wanted = withoutErased(asked, (row) => parts.records.state(recordOf(row)) === "erased");
	const salts = saltsOf(parts, [...new Set(wanted.rows.map(recordOf))], contributor);
	const commit = (row: FileRow) => rowCommitment(saidOf(row), salts.get(recordOf(row))!);
	const commitments = wanted.rows.map(commit);
	const root = rowsRoot(commitments);
	const id = contributionIdOf(datanetId, contributor, root);
	const [known] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
	if (known !== undefined) return id;

	const existing = await keptRows(parts, datanetId);
	const [datanet] = await parts.db.select().from(datanets).where(eq(datanets.id, datanetId));
	const taken = await takeIn({
		licence: datanet!.licence,
		rowSchema: datanet!.rowSchema,
		rows: wanted.rows,
		rejected: wanted.rejected,
		existing,
		elsewhere: await rowsElsewhere(parts, datanetId),
	});
	const next = await nextPosition(parts, datanetId);
	const accepted = taken.accepted.map((row, i) => ({
		datanetId,
		position: next + i,
		contributionId: id,
		line: row.line,
		commitment: commit(row),
		cluster: row.cluster,
		...sealedValues(parts, recordOf(row), row),
	}));
	await saveIntake(parts, taken, { contributionId: id, datanetId, rowsRoot: root });
	await parts.db.transaction(async (tx) => {
		await tx.insert(contributions).values({
			id,
			datanetId,
			sequence: sql`(select coalesce(max(sequence), 0) + 1 from contributions where datanet_id = ${datanetId})`,
			contributorName,
			contributor,
			rowsRoot: root,
			offeredRows: wanted.rows.length,
			acceptedRows: accepted.length,
			status: "stored",
			commitments,
		});
		for (const part of parted(accepted)) await tx.insert(rows).values(part);
		const told = taken.rejected.map((row, place) => ({ contributionId: id, place, ...row }));
		for (const part of parted(told)) await tx.insert(rejectedRows).values(part);
	});
	return id;
}

/** Commits, reveals and, where the owner decides, decides on chain; each verb looks first whether it is done. */
async function finish(parts: NodeParts, id: Hex): Promise<void> {
	const { db, keys, ledger } = parts;
	const [open] = await db.select().from(contributions).where(eq(contributions.id, id));
	if (open === undefined || open.status === "accepted" || open.status === "rejected") return;
	const { datanetId, contributorName, acceptedRows, rowsRoot: root, offeredRows: rowCount } = open;
	const [datanet] = await db.select().from(datanets).where(eq(datanets.id, datanetId));
	if (acceptedRows === 0 && datanet!.rule !== "owner") {
		// Nobody else is asked to judge what this node would not keep.
		await db.update(contributions).set({ status: "rejected", final: true }).where(eq(contributions.id, id));
		return;
	}
	if (open.status === "stored") {
		const wallet = keys.account("contributor", contributorName);
		const atLeastWei = await contributionCost(ledger, datanetId, rowCount);
		await fundOpen(ledger, keys.account("treasury"), { to: wallet.address, atLeastWei });
		// The salt follows from the node's seed: it is the same again after a crash between commitment and reveal.
		const salt = keys.secret("contribution-salt", id);
		await offerOnChain(ledger, wallet, { datanetId, rowsRoot: root, rowCount, salt });
		await db.update(contributions).set({ status: "offered" }).where(eq(contributions.id, id));
	}
	if (datanet!.rule !== "owner") return;
	const owner = keys.account("owner");
	if (acceptedRows > 0) await acceptContribution(ledger, owner, { contributionId: id, acceptedRows });
	else await rejectContribution(ledger, owner, { contributionId: id, reasonCode: NOTHING_NEW });
	const status = acceptedRows > 0 ? "accepted" : "rejected";
	await db.update(contributions).set({ status }).where(eq(contributions.id, id));
}

/** Reason on chain for a contribution of which no row was new. */
const NOTHING_NEW = 1;

/** A copy of another datanet's row is told, not refused: the same person may give a row to two. */
async function rowsElsewhere(parts: NodeParts, datanetId: Hex) {
	const others = await parts.db.select({ id: datanets.id }).from(datanets).where(ne(datanets.id, datanetId));
	const found = await Promise.all(others.map(({ id }) => keptRows(parts, id)));
	return found.flat();
}

/** What was erased does not come back by the same person's hand. */
function withoutErased(asked: ContributeRows, isErased: (row: FileRow) => boolean): ContributeRows {
	const erased = asked.rows.filter(isErased);
	if (erased.length === 0) return asked;
	const reason = "this row was erased before; its key is gone for good";
	const told = erased.map(({ line }) => ({ line, code: "erased" as const, reason }));
	const left = asked.rows.filter((row) => !erased.includes(row));
	if (left.length === 0) {
		throw new CallerError(`no line is a row that can be taken; ${reason}`, { code: "datanet/no-rows" });
	}
	return { ...asked, rows: left, rejected: [...asked.rejected, ...told].sort((a, b) => a.line - b.line) };
}

/** Numbers are never used again, whatever became of their rows. */
async function nextPosition(parts: NodeParts, datanetId: Hex): Promise<number> {
	const [last] = await parts.db
		.select({ position: max(rows.position) })
		.from(rows)
		.where(eq(rows.datanetId, datanetId));
	return (last?.position ?? -1) + 1;
}

async function keptRows(parts: NodeParts, datanetId: Hex) {
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

async function readContribution(parts: NodeParts, id: Hex): Promise<Contributed> {
	const [found] = await parts.db.select().from(contributions).where(eq(contributions.id, id));
	const { contributorName: contributor, offeredRows, acceptedRows } = found!;
	const { status: known } = found!;
	const status = known === "accepted" || known === "rejected" ? known : "pending";
	const intake = readIntake(parts, id);
	const rejected = await listRejected(parts, id);
	return { id, contributor, offeredRows, acceptedRows, status, rejected, ...(intake && { intake }) };
}
