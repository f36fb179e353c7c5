// Divides the contributors' part of one fee among the rows of an answer and the pool. Integers; it must not know accounts or epochs.

import type { ShareLeaf } from "./receipt.js";
import { allocate, PPM } from "./shares.js";

/** The leaves' amounts in wei, in their order, and the pool's, which gets what no row earned. All of it is given away. */
export function divideContributorsPart(
	contributorsWei: bigint,
	leaves: readonly Pick<ShareLeaf, "sharePpm">[],
): { readonly amounts: readonly bigint[]; readonly poolWei: bigint } {
	const earned = leaves.reduce((sum, { sharePpm }) => sum + sharePpm, 0);
	const weights = [...leaves.map(({ sharePpm }) => sharePpm), PPM - earned].map(BigInt);
	const amounts = allocate(contributorsWei, weights);
	return { amounts: amounts.slice(0, -1), poolWei: amounts.at(-1)! };
}
