// The cumulative earnings tree of an epoch, and the root over its receipts. It must not know how earnings arise.
import { type Address, encodeAbiParameters, type Hex } from "viem";
import { checkAddress, checkAmount, checkDigest } from "./checks.js";
import { CallerError } from "./errors.js";
import { doubleHash, merkleRoot, merkleTree } from "./merkle.js";

/** All that an account has ever earned, in wei. */
export type Earning = { readonly account: Address; readonly cumulativeWei: bigint };

export type EarningsTree = {
	readonly root: Hex;
	readonly totalWei: bigint;
	/** The proof AttributionRewards.claim takes; throws `protocol/no-such-account`. */
	proofFor(account: Address): Hex[];
};

const LEAF = [{ type: "address" }, { type: "uint256" }] as const;

/** keccak256(keccak256(abi.encode(address account, uint256 cumulativeWei))), the twin of EarningsLeaf.sol. */
export function earningsLeaf(earning: Earning): Hex {
	return doubleHash(
		encodeAbiParameters(LEAF, [
			checkAddress(earning.account, "account"),
			checkAmount(earning.cumulativeWei, "cumulativeWei"),
		]),
	);
}

/** The tree over the earnings sorted by account; throws `protocol/duplicate-account`. */
export function earningsTree(earnings: readonly Earning[]): EarningsTree {
	const sorted = earnings
		.map(({ account, cumulativeWei }) => ({ account: checkAddress(account, "account"), cumulativeWei }))
		.sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
	const tree = merkleTree(sorted.map(earningsLeaf));
	const places = new Map<Address, number>();
	for (const [place, { account }] of sorted.entries()) {
		if (places.has(account)) {
			throw new CallerError(`${account} stands in the earnings twice; sum its amounts into one entry`, {
				code: "protocol/duplicate-account",
				details: { account },
			});
		}
		places.set(account, place);
	}
	return {
		root: tree.root,
		totalWei: sorted.reduce((total, earning) => total + earning.cumulativeWei, 0n),
		proofFor(account) {
			const place = places.get(checkAddress(account, "account"));
			if (place !== undefined) return tree.proofFor(place);
			throw new CallerError(`${account} is not in this tree; ask for an account that has earned by this epoch`, {
				code: "protocol/no-such-account",
				details: { account },
			});
		},
	};
}

/** The double hash of one receipt id. */
export function receiptLeaf(id: Hex): Hex {
	return doubleHash(checkDigest(id, "receipt id"));
}

/** The Merkle root over the ids of an epoch's receipts, in the given order. */
export function receiptsRoot(ids: readonly Hex[]): Hex {
	return merkleRoot(ids.map(receiptLeaf));
}
