// What everybody has earned after an epoch: what they had before, and their parts of its receipts. The one definition of it, for the node
// that proposes and for anybody who recomputes. Integers throughout; it must not know chains or databases.

import {
	type Address,
	divideContributorsPart,
	type Earning,
	type FeeRates,
	type Hex,
	type Split,
	splitFee,
} from "@openledger/protocol";
import type { CountedRow, ErasedRow } from "../blob/epochBlob.js";
import { refused } from "../errors.js";

/** Of a model, as published. */
export type ModelTerms = { readonly rates: FeeRates; readonly split: Split };

/** What of a receipt decides earnings. */
export type EarningReceipt = {
	readonly receipt: { readonly modelId: Hex; readonly snapshotRoot: Hex; readonly feeWei: bigint };
	readonly counted: readonly Pick<CountedRow, "row" | "contributor" | "sharePpm">[];
};

export type EarnEpoch = {
	/** Of the epoch before; empty for the first. */
	readonly before: readonly Earning[];
	readonly receipts: readonly EarningReceipt[];
	/** Undefined for a model that is not published. */
	readonly termsOf: (modelId: Hex) => ModelTerms | undefined;
	readonly pool: Address;
	/** Rows that earn nothing any more: their part goes to the pool. */
	readonly erased: readonly ErasedRow[];
};

/** All who ever earned, strictly ascending by account. Throws `blob/unknown-model`. */
export function earnEpoch({ before, receipts, termsOf, pool, erased }: EarnEpoch): Earning[] {
	const sums = new Map<Address, bigint>(before.map(({ account, cumulativeWei }) => [lower(account), cumulativeWei]));
	const gone = new Set(erased.map(({ snapshotRoot, row }) => `${snapshotRoot} ${row}`));
	const earn = (account: Address, wei: bigint) => {
		if (wei > 0n) sums.set(lower(account), (sums.get(lower(account)) ?? 0n) + wei);
	};
	for (const { receipt, counted } of receipts) {
		const terms = termsOf(receipt.modelId);
		if (terms === undefined) {
			const message = `a receipt is of model ${receipt.modelId}, which is not published; leave it out of the epoch`;
			throw refused("blob/unknown-model", message, { modelId: receipt.modelId });
		}
		const { contributors } = splitFee(receipt.feeWei, terms.rates.platformWei, terms.split);
		const { amounts, poolWei } = divideContributorsPart(contributors, counted);
		counted.forEach(({ row, contributor }, i) => {
			earn(gone.has(`${receipt.snapshotRoot} ${row}`) ? pool : contributor, amounts[i]!);
		});
		earn(pool, poolWei);
	}
	return [...sums]
		.map(([account, cumulativeWei]) => ({ account, cumulativeWei }))
		.sort((a, b) => (a.account < b.account ? -1 : 1));
}

const lower = (account: Address) => account.toLowerCase() as Address;
