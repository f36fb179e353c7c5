// Erases a row: its key and salt are destroyed, what was sealed goes, a signed tombstone is kept and the chain is told. Written down before
// it is begun; what a crash cut short is finished at the next start. What others have already read cannot be recalled.

import { eraseRow as eraseOnChain, readContribution } from "@openledger/chain";
import {
	CallerError,
	commitmentLeaf,
	type Hex,
	merkleProof,
	signTombstone,
	type Tombstone,
} from "@openledger/protocol";
import { and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { contributions, models, rows, snapshots } from "../database/schema.js";
import { errorText, notFound } from "../errors.js";
import type { NodeParts } from "../parts.js";
import { publishStored } from "./takeSnapshot.js";

export type EraseRow = {
	readonly datanetId: Hex;
	/** The row's commitment, or its number in the datanet as the list of rows has it. */
	readonly row: string;
	/** A word, no story: it can never be erased. */
	readonly reason?: string;
};

export type Erased = {
	readonly datanetId: Hex;
	readonly contributionId: Hex;
	readonly commitment: Hex;
	readonly contributor: string;
	readonly erasedAt: number;
	readonly tombstone: SignedTombstone;
	/** Served names of models that learnt from a snapshot with the row. */
	readonly staleModels: readonly string[];
};

/** A tombstone as it is kept and shown; numbers as text where they may be large. */
export type SignedTombstone = Omit<Tombstone, "chainId" | "erasedAt"> & {
	readonly chainId: string;
	readonly erasedAt: number;
	readonly signer: Hex;
	readonly signature: Hex;
};

/** Erases once; again gives what was done. Throws `row/not-found`, `datanet/bad-reason`, `datanet/row-not-sealed`. */
export async function eraseRow(parts: NodeParts, wanted: EraseRow): Promise<Erased> {
	const { datanetId, reason = "withdrawn" } = wanted;
	if (!/^[a-z][a-z-]{0,39}$/.test(reason)) {
		throw new CallerError("the reason is a word of 1 to 40 of a-z and hyphens, without personal data", {
			code: "datanet/bad-reason",
		});
	}
	return await parts.turns(`datanet ${datanetId}`, async () => {
		const found = await find(parts, datanetId, wanted.row);
		if (found.sealed === null && found.erasedAt === null) {
			throw new CallerError("this row was kept before rows had keys of their own; it cannot be erased for good", {
				code: "datanet/row-not-sealed",
			});
		}
		if (found.erasedAt === null) {
			// A snapshot that a crash kept from the chain holds the row: it goes there before the tombstone, or it never could.
			await publishStored(parts, datanetId);
			const now = await parts.ledger.client.publicClient.getBlock({ blockTag: "pending" });
			await parts.db
				.update(rows)
				.set({ erasedAt: Number(now.timestamp), eraseReason: reason })
				.where(and(eq(rows.datanetId, datanetId), eq(rows.position, found.position)));
		}
		return await finish(parts, datanetId, found.position);
	});
}

/** Finishes what a crash cut short; returns how many rows. */
export async function finishErasures(parts: NodeParts): Promise<number> {
	const open = await parts.db
		.select({ datanetId: rows.datanetId, position: rows.position })
		.from(rows)
		.where(and(isNotNull(rows.erasedAt), isNull(rows.tombstone)))
		.orderBy(asc(rows.datanetId), asc(rows.position));
	let finished = 0;
	for (const { datanetId, position } of open) {
		try {
			await finish(parts, datanetId, position);
			finished++;
		} catch (error) {
			parts.log(`the erasure of row ${position} of datanet ${datanetId} stays open: ${errorText(error)}`);
		}
	}
	return finished;
}

async function find(parts: NodeParts, datanetId: Hex, row: string) {
	const isNumber = /^\d{1,9}$/.test(row);
	const [found] = await parts.db
		.select()
		.from(rows)
		.where(
			and(
				eq(rows.datanetId, datanetId),
				isNumber ? eq(rows.position, Number(row)) : eq(rows.commitment, row.toLowerCase() as Hex),
			),
		);
	if (found === undefined) throw notFound("row", row, "see the list of the datanet's rows");
	return found;
}

/** Each step may be repeated: the key first, then what was sealed, then the world is told. */
async function finish(parts: NodeParts, datanetId: Hex, position: number): Promise<Erased> {
	const { db, keys, ledger, records, chainId } = parts;
	const here = and(eq(rows.datanetId, datanetId), eq(rows.position, position));
	const [row] = await db.select().from(rows).where(here);
	const [by] = await db.select().from(contributions).where(eq(contributions.id, row!.contributionId));
	const { id: contributionId, contributor, contributorName, commitments } = by!;
	const { commitment, erasedAt, eraseReason } = row!;
	records.destroy(row!.digest);
	await db.update(rows).set({ sealed: null }).where(here);
	await parts.spans.drop(datanetId);

	const place = commitments.indexOf(commitment);
	// A contributor with a wallet elsewhere has its address for a name; for such a one the datanet's owner speaks, as the chain allows.
	const isElsewhere = contributorName === contributor;
	const account = isElsewhere ? keys.account("owner") : keys.account("contributor", contributorName);
	const signer = account.address.toLowerCase() as Hex;
	let tombstone = row!.tombstone as SignedTombstone | null;
	if (tombstone === null) {
		const said: Tombstone = {
			chainId: BigInt(chainId),
			registry: ledger.addresses.datanetRegistry,
			datanetId,
			contributionId,
			rowCommitment: commitment,
			row: place,
			contributor,
			reason: eraseReason ?? "withdrawn",
			erasedAt: BigInt(erasedAt!),
		};
		const signature = await signTombstone(account, said);
		tombstone = { ...said, chainId: String(chainId), erasedAt: erasedAt!, signer, signature };
		// A contribution that nobody accepted is in no snapshot: the chain has nothing to take out.
		const onChain = await readContribution(ledger, contributionId);
		if (onChain?.status === "accepted") {
			const proof = merkleProof(commitments.map(commitmentLeaf), place);
			await eraseOnChain(ledger, account, { contributionId, rowCommitment: commitment, proof });
		}
		await db.update(rows).set({ tombstone }).where(here);
	}
	const staleModels = await modelsWith(parts, datanetId, erasedAt!);
	return {
		datanetId,
		contributionId,
		commitment,
		contributor: contributorName,
		erasedAt: erasedAt!,
		tombstone,
		staleModels,
	};
}

/** Models that learnt from snapshots frozen before the row was erased. */
async function modelsWith(parts: NodeParts, datanetId: Hex, erasedAt: number): Promise<string[]> {
	const found = await parts.db
		.select({ name: models.servedName })
		.from(models)
		.innerJoin(snapshots, and(eq(models.datanetId, snapshots.datanetId), eq(models.snapshotVersion, snapshots.version)))
		.where(and(eq(models.datanetId, datanetId), sql`coalesce(${snapshots.takenAt}, 0) <= ${erasedAt}`));
	return found.map(({ name }) => name);
}
