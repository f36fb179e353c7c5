// What every account has ever earned, as the tree that AttributionRewards pays by. Leaves ascend by account and carry the running sum, so that a
// wrong sum, disorder or a duplicate shows in one leaf or two neighbours. It must not know how earnings arise.
import { type Address, encodeAbiParameters, type Hex } from "viem";
import { checkAddress, checkAmount } from "./checks.js";
import type { Earning } from "./earnings.js";
import { CallerError } from "./errors.js";
import { type IndexedProof, indexedTree } from "./indexedMerkle.js";
import { doubleHash } from "./merkle.js";

/** A leaf: `prefixWei` is the sum of cumulativeWei of all leaves up to and with this one. */
export type CumulativeLeaf = Earning & { readonly prefixWei: bigint };

/** What `claim` takes for an account, and challenges for a leaf: the leaf, its place, the number of leaves, the siblings. */
export type CumulativeProof = CumulativeLeaf & IndexedProof;

export type CumulativeTree = {
	/** 32 zero bytes if nobody earned. */
	readonly root: Hex;
	readonly accounts: number;
	readonly totalWei: bigint;
	/** Ascending by account. */
	readonly leaves: readonly CumulativeLeaf[];
	/** Throws `protocol/no-such-account`. */
	proofFor(account: Address): CumulativeProof;
	/** By place; throws `protocol/no-such-leaf`. */
	proofAt(index: number): CumulativeProof;
};

const LEAF = [{ type: "address" }, { type: "uint256" }, { type: "uint256" }] as const;

/** keccak256(keccak256(abi.encode(address account, uint256 cumulativeWei, uint256 prefixWei))), the twin of EarningsLeaf.sol. */
export function cumulativeLeaf({ account, cumulativeWei, prefixWei }: CumulativeLeaf): Hex {
	return doubleHash(
		encodeAbiParameters(LEAF, [
			checkAddress(account, "account"),
			checkAmount(cumulativeWei, "cumulativeWei"),
			checkAmount(prefixWei, "prefixWei"),
		]),
	);
}

/** The tree over the earnings; accounts that earned nothing have no leaf. Throws `protocol/duplicate-account`. */
export function cumulativeTree(earnings: readonly Earning[]): CumulativeTree {
	const sorted = earnings
		.map(({ account, cumulativeWei }) => ({
			account: checkAddress(account, "account"),
			cumulativeWei: checkAmount(cumulativeWei, "cumulativeWei"),
		}))
		.filter(({ cumulativeWei }) => cumulativeWei > 0n)
		.sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
	let prefixWei = 0n;
	const places = new Map<Address, number>();
	const leaves = sorted.map(({ account, cumulativeWei }, place) => {
		if (places.has(account)) {
			throw new CallerError(`${account} stands in the earnings twice; sum its amounts into one entry`, {
				code: "protocol/duplicate-account",
				details: { account },
			});
		}
		places.set(account, place);
		prefixWei += cumulativeWei;
		return { account, cumulativeWei, prefixWei };
	});
	const tree = indexedTree(leaves.map(cumulativeLeaf));
	const proofAt = (index: number): CumulativeProof => {
		const siblings = tree.proofFor(index);
		return { ...leaves[index]!, index, count: leaves.length, siblings };
	};
	return {
		root: tree.root,
		accounts: leaves.length,
		totalWei: prefixWei,
		leaves,
		proofAt,
		proofFor(account) {
			const place = places.get(checkAddress(account, "account"));
			if (place !== undefined) return proofAt(place);
			throw new CallerError(`${account} is not in this tree; ask for an account that has earned by this epoch`, {
				code: "protocol/no-such-account",
				details: { account },
			});
		},
	};
}
