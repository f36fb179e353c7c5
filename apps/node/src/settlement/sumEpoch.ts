// What everybody has earned after an epoch, written down with its roots. The same receipts give the same, however often.

import type { Address } from "@openledger/protocol";
import { earnEpoch, epochClaim } from "@openledger/rollup";
import { eq } from "drizzle-orm";
import { parted } from "../database/parted.js";
import { earnings, epochs, models } from "../database/schema.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { readEpochBlob, readEpochReceipts } from "./epochData.js";
import { poolAccount } from "./pool.js";

export async function sumEpoch(parts: NodeParts, epoch: number): Promise<void> {
	const { db } = parts;
	const [stored] = await db.select().from(epochs).where(eq(epochs.epoch, epoch));
	const before = await db
		.select({ account: earnings.account, cumulativeWei: earnings.cumulativeWei })
		.from(earnings)
		.where(eq(earnings.epoch, epoch - 1));
	const published = await db.select().from(models);
	const terms = new Map(published.map(({ id, params }) => [id, paramsFromJson(params)]));
	const summed = earnEpoch({
		before,
		receipts: await readEpochReceipts(parts, epoch),
		termsOf: (modelId) => terms.get(modelId),
		pool: poolAccount(parts),
		erased: stored!.erased,
	});
	await db.transaction(async (tx) => {
		// A sum that a crash cut short, or a root that fell, leaves nothing behind.
		await tx.delete(earnings).where(eq(earnings.epoch, epoch));
		const earned = summed.map(({ account, cumulativeWei }) => ({ epoch, account: account as Address, cumulativeWei }));
		for (const part of parted(earned)) await tx.insert(earnings).values(part);
	});
	const { claim } = epochClaim(await readEpochBlob(parts, epoch));
	await db
		.update(epochs)
		.set({
			...{ receiptsRoot: claim.receiptsRoot, earningsRoot: claim.earningsRoot, totalWei: claim.totalCumulativeWei },
			...{ dataRoot: claim.dataRoot, dataChunks: claim.dataChunks, status: "ready" },
		})
		.where(eq(epochs.epoch, epoch));
}
