// What every contributor, and the pool, has earned up to an epoch, from receipts, shares and the models' terms. Integers throughout.

import { type Address, type Earning, splitFee } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { earnings, models, type receipts } from "../database/schema.js";
import { readReceipt } from "../inference/readAnswer.js";
import { paramsFromJson } from "../model/modelParams.js";
import type { NodeParts } from "../parts.js";
import { divideContributorsPart, poolAccount } from "./pool.js";

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
		const { amounts, poolWei } = divideContributorsPart(contributors, leaves);
		const earn = (account: Address, wei: bigint) => {
			if (wei > 0n) sums.set(account, (sums.get(account) ?? 0n) + wei);
		};
		leaves.forEach(({ contributor }, i) => {
			earn(contributor, amounts[i]!);
		});
		earn(poolAccount(parts), poolWei);
	}
	return [...sums].map(([account, cumulativeWei]) => ({ account, cumulativeWei }));
}
