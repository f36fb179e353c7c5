// What every contributor has earned up to an epoch, from receipts, shares and the models' terms. Integers throughout.

import { type Address, allocate, type Earning, splitFee } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { earnings, models, type receipts } from "../database/schema.js";
import { readReceipt } from "../inference/readAnswer.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";

/** The epoch before, plus this epoch's receipts: accounts that ever earned, in no particular order. */
export async function cumulativeEarnings(
	parts: NodeParts,
	epoch: number,
	inside: readonly (typeof receipts.$inferSelect)[],
): Promise<Earning[]> {
	const before = await parts.db
		.select()
		.from(earnings)
		.where(eq(earnings.epoch, epoch - 1));
	const sums = new Map<Address, bigint>(before.map(({ account, cumulativeWei }) => [account, cumulativeWei]));
	const published = await parts.db.select().from(models);
	const terms = new Map(published.map(({ id, params }) => [id, paramsFromJson(params)]));
	for (const { id, modelId, feeWei } of inside) {
		const { rates, split } = terms.get(modelId)!;
		const { contributors } = splitFee(feeWei, rates.platformWei, split);
		const { leaves } = await readReceipt(parts, id);
		const amounts = allocate(
			contributors,
			leaves.map((leaf) => BigInt(leaf.sharePpm)),
		);
		leaves.forEach(({ contributor }, i) => {
			if (amounts[i]! > 0n) sums.set(contributor, (sums.get(contributor) ?? 0n) + amounts[i]!);
		});
	}
	return [...sums].map(([account, cumulativeWei]) => ({ account, cumulativeWei }));
}
