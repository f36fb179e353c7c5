// What somebody earned, and receipts as leaves of a tree. It must not know how earnings arise.
import type { Address, Hex } from "viem";
import { checkDigest } from "./checks.js";
import { doubleHash, merkleRoot } from "./merkle.js";

/** All that an account has ever earned, in wei. */
export type Earning = { readonly account: Address; readonly cumulativeWei: bigint };

/** The double hash of one receipt id. */
export function receiptLeaf(id: Hex): Hex {
	return doubleHash(checkDigest(id, "receipt id"));
}

/** The root over receipt ids in the given order, with sorted pairs: names a set of receipts whose sum a node collects. */
export function receiptsRoot(ids: readonly Hex[]): Hex {
	return merkleRoot(ids.map(receiptLeaf));
}
