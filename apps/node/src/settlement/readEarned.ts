// What single rows earned with which answers: the sums of an epoch, taken apart again by the same rule. Reads only.

import { type Address, type Hex, receiptFromJson, splitFee } from "@openledger/protocol";
import { divideContributorsPart } from "@openledger/rollup";
import { and, asc, desc, eq, exists, gte, inArray, isNotNull, lt, lte, type SQL } from "drizzle-orm";
import { epochs, models, receipts, scores } from "../database/schema.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { poolAccount } from "./pool.js";

/** One row's part of one answer. */
export type EarnedLine = {
	/** Of the answer, for paging. */
	readonly sequence: number;
	readonly receiptId: Hex;
	readonly modelId: Hex;
	/** Null until an epoch takes the answer in; then it may still come out otherwise, where the row is erased before. */
	readonly epoch: number | null;
	/** Unix seconds. */
	readonly answeredAt: number;
	/** Place in the model's snapshot; null: what no row earned, which goes to the pool. */
	readonly row: number | null;
	readonly sharePpm: number;
	readonly wei: bigint;
};

export type ReadEarned = {
	/** The newest answer first; by default the oldest, as a statement has them. */
	readonly newestFirst?: boolean;
	/** Answers before this one. */
	readonly before?: number | undefined;
	/** Epochs from and up to which, both included; with one of them answers of no epoch are left out. */
	readonly fromEpoch?: number | undefined;
	readonly toEpoch?: number | undefined;
};

const ANSWERS_AT_ONCE = 200;

/** All lines of an account; the pool has one of every answer. An answer's lines come together, by row. */
export async function* readEarned(
	parts: NodeParts,
	account: Address,
	{ newestFirst = false, before, fromEpoch, toEpoch }: ReadEarned = {},
): AsyncGenerator<EarnedLine> {
	const { db } = parts;
	const pool = poolAccount(parts);
	const terms = new Map((await db.select().from(models)).map(({ id, params }) => [id, paramsFromJson(params)]));
	const gone = await erasedByEpoch(parts);
	const settled = fromEpoch !== undefined || toEpoch !== undefined;
	let last: number | undefined = before;
	for (;;) {
		const wanted: (SQL | undefined)[] = [
			...(settled ? [isNotNull(receipts.epoch)] : []),
			...(fromEpoch !== undefined ? [gte(receipts.epoch, fromEpoch)] : []),
			...(toEpoch !== undefined ? [lte(receipts.epoch, toEpoch)] : []),
			...(account !== pool ? [exists(linesOf(parts, account))] : []),
		];
		const order = newestFirst ? [desc(receipts.sequence)] : [asc(receipts.sequence)];
		const from =
			last === undefined ? [] : [newestFirst ? lt(receipts.sequence, last) : gte(receipts.sequence, last + 1)];
		const page = await db
			.select()
			.from(receipts)
			.where(and(...wanted, ...from))
			.orderBy(...order)
			.limit(ANSWERS_AT_ONCE);
		if (page.length === 0) return;
		const counted = await db
			.select({
				receiptId: scores.receiptId,
				row: scores.row,
				contributor: scores.contributor,
				sharePpm: scores.sharePpm,
			})
			.from(scores)
			.where(
				inArray(
					scores.receiptId,
					page.map(({ id }) => id),
				),
			)
			.orderBy(asc(scores.receiptId), asc(scores.row));
		const byReceipt = new Map<Hex, typeof counted>(page.map(({ id }) => [id, []]));
		for (const one of counted) byReceipt.get(one.receiptId)!.push(one);
		for (const { id, sequence, modelId, epoch, receipt: stored, feeWei } of page) {
			const { rates, split } = terms.get(modelId)!;
			const leaves = byReceipt.get(id)!;
			const { snapshotRoot, timestamp } = receiptFromJson(stored);
			const { contributors } = splitFee(feeWei, rates.platformWei, split);
			const { amounts, poolWei } = divideContributorsPart(contributors, leaves);
			const erased = gone.get(epoch ?? -1);
			const line = { sequence, receiptId: id, modelId, epoch, answeredAt: Number(timestamp) };
			for (const [i, { row, contributor, sharePpm }] of leaves.entries()) {
				const earner = erased?.has(`${snapshotRoot} ${row}`) ? pool : contributor;
				if (earner === account && amounts[i]! > 0n) yield { ...line, row, sharePpm, wei: amounts[i]! };
			}
			if (account !== pool || poolWei === 0n) continue;
			const left = 1_000_000 - leaves.reduce((sum, { sharePpm }) => sum + sharePpm, 0);
			yield { ...line, row: null, sharePpm: left, wei: poolWei };
		}
		last = page.at(-1)!.sequence;
	}
}

function linesOf({ db }: NodeParts, account: Address) {
	return db
		.select({ row: scores.row })
		.from(scores)
		.where(and(eq(scores.receiptId, receipts.id), eq(scores.contributor, account)));
}

async function erasedByEpoch({ db }: NodeParts): Promise<Map<number, Set<string>>> {
	const all = await db.select({ epoch: epochs.epoch, erased: epochs.erased }).from(epochs);
	return new Map(
		all.map(({ epoch, erased }) => [epoch, new Set(erased.map(({ snapshotRoot, row }) => `${snapshotRoot} ${row}`))]),
	);
}
