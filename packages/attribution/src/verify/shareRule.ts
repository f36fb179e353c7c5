// The share rule as a spot check uses it: from committed totals and opened rows.

import { explainsByFeatures, MAX_PAID, type ShareTotals, sharesFromTotals, shareWeight } from "../shares/index.js";
import type { ShareRule } from "./checkSpot.js";
import { NO_HEAD, type ScoreTotals } from "./scoreTree.js";

const exact = ({ heads, sum, squares, max }: ScoreTotals): ShareTotals => ({
	heads: BigInt(heads),
	sum,
	squares,
	max: max === NO_HEAD ? 0n : BigInt(max),
});

/** What receipts of this method are paid by. */
export const shareRule: ShareRule = {
	most: MAX_PAID,
	isAboveBar: (totals, score) => shareWeight(exact(totals), score) > 0n,
	shares(totals, candidates, largestBeside) {
		const features = new Map(candidates.map(({ row, feature }) => [row, feature]));
		return sharesFromTotals(
			exact(totals),
			candidates,
			explainsByFeatures((row) => features.get(row)!),
			largestBeside,
		);
	},
};
