// Receipts as people look at them. Reads only.

import {
	type Address,
	CallerError,
	type Hex,
	PPM,
	type ShareLeaf,
	splitFee,
	TransientError,
} from "@openledger/protocol";
import { divideContributorsPart } from "@openledger/rollup";
import { and, eq } from "drizzle-orm";
import { models, snapshots } from "../database/schema.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { namesByAddress } from "../datanet/wallet.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { showSpans } from "../spans/showSpans.js";
import { readReceipt } from "./readAnswer.js";

const ROWS_SHOWN = 10;

/**
 * All of a receipt: the signed record, what opens its hashes, where the fee went, and the rows that earned most. Rows whose text
 * is no longer kept come without it. Throws `receipt/not-found`.
 */
export async function showReceipt(parts: NodeParts, id: Hex) {
	const { stored, leaves } = await readReceipt(parts, id);
	const [model] = await parts.db.select().from(models).where(eq(models.id, stored.modelId));
	const { datanetId, snapshotVersion, servedName } = model!;
	const [snapshot] = await parts.db
		.select()
		.from(snapshots)
		.where(and(eq(snapshots.datanetId, datanetId), eq(snapshots.version, snapshotVersion)));
	const rows = await rowsIfKept(parts, datanetId, snapshotVersion);
	const names = await namesByAddress(parts);
	const named = (account: Address) => names.get(account) ?? account;
	const { rates, split } = paramsFromJson(model!.params);
	const fee = splitFee(stored.feeWei, rates.platformWei, split);
	const { amounts, poolWei } = divideContributorsPart(fee.contributors, leaves);
	const earned = leaves.map((leaf, i) => ({ ...leaf, wei: amounts[i]! }));
	const top = [...earned].sort((a, b) => b.sharePpm - a.sharePpm || a.row - b.row).slice(0, ROWS_SHOWN);
	return {
		id,
		model: servedName,
		datanetId,
		snapshotVersion,
		receipt: stored.receipt,
		signature: stored.signature,
		salt: stored.salt,
		order: stored.order,
		response: stored.response,
		finishReason: stored.finishReason,
		epoch: stored.epoch,
		/** By which way it was paid, and out of which channel or key. */
		paidBy: { method: stored.method, account: stored.account },
		unattributedPpm: stored.unattributedPpm,
		fee,
		/** What of the contributors' part no row earned. */
		pool: { ppm: PPM - leaves.reduce((sum, { sharePpm }) => sum + sharePpm, 0), wei: poolWei },
		/** How many rows the model learnt from, and how many of them this answer pays. */
		rowsLearnt: snapshot!.rowCount,
		rowsPaid: leaves.length,
		shares: byContributor(earned).map(({ account, ...share }) => ({ contributor: named(account), account, ...share })),
		rows: top.map(({ row, sharePpm, wei, contributor: account }) => {
			const text = rows?.[row];
			const said = text && {
				prompt: text.prompt,
				response: text.response,
				...(text.before && { before: text.before }),
			};
			return { row, sharePpm, wei, contributor: text?.contributorName ?? named(account), account, ...said };
		}),
		spans: await showSpans(parts, id, stored.response, rows),
	};
}

type Earned = ShareLeaf & { readonly wei: bigint };

/** Summed by account, largest first; ties by address. */
function byContributor(earned: readonly Earned[]) {
	const sums = new Map<Address, { ppm: number; wei: bigint; rows: number }>();
	for (const { contributor, sharePpm, wei } of earned) {
		const sum = sums.get(contributor) ?? { ppm: 0, wei: 0n, rows: 0 };
		sums.set(contributor, { ppm: sum.ppm + sharePpm, wei: sum.wei + wei, rows: sum.rows + 1 });
	}
	return [...sums]
		.map(([account, sum]) => ({ account, ...sum }))
		.sort((a, b) => b.ppm - a.ppm || (a.account < b.account ? -1 : 1));
}

/** The snapshot's rows, or undefined where their file is gone or damaged: a receipt can be looked at all the same. */
async function rowsIfKept(parts: NodeParts, datanetId: Hex, version: number) {
	try {
		return await readSnapshotRows(parts, datanetId, version);
	} catch (error) {
		if (!(error instanceof CallerError || error instanceof TransientError)) throw error;
		return undefined;
	}
}
