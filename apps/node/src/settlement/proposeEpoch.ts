// Puts the root of an epoch whose data is kept on chain. It must not know how the earnings arose.

import { submitRoot } from "@openledger/chain";
import { earningsTree } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { earnings, epochs } from "../database/schema.js";
import type { NodeParts } from "../parts.js";

export async function proposeEpoch({ db, keys, ledger }: NodeParts, epoch: number): Promise<void> {
	const [stored] = await db.select().from(epochs).where(eq(epochs.epoch, epoch));
	const earned = await db.select().from(earnings).where(eq(earnings.epoch, epoch));
	await submitRoot(ledger, keys.account("settler"), {
		epoch: BigInt(epoch),
		receiptsRoot: stored!.receiptsRoot!,
		earningsRoot: earningsTree(earned).root,
		totalCumulativeWei: stored!.totalWei!,
	});
	await db.update(epochs).set({ status: "active" }).where(eq(epochs.epoch, epoch));
}
