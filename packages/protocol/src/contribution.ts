// What a contributor commits to before it shows a root, and how deposits are divided when a decision is disputed: the twins of
// Ids.sol and DisputeDeposits.sol. It must not know who decides.
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { checkAddress, checkCount, checkDigest } from "./checks.js";
import { CallerError } from "./errors.js";

const COMMITMENT = parseAbiParameters(
	"bytes32 datanetId, address contributor, bytes32 rowsRoot, uint32 rowCount, bytes32 salt",
);
const PPM = 1_000_000n;

export type ContributionOffer = {
	readonly datanetId: Hex;
	readonly contributor: Address;
	readonly rowsRoot: Hex;
	readonly rowCount: number;
	/** 32 secret bytes, so that the commitment says nothing about the root. */
	readonly salt: Hex;
};

/** keccak256(abi.encode(datanetId, contributor, rowsRoot, rowCount, salt)): only this contributor can reveal it. */
export function contributionCommitment(offer: ContributionOffer): Hex {
	return keccak256(
		encodeAbiParameters(COMMITMENT, [
			checkDigest(offer.datanetId, "datanetId"),
			checkAddress(offer.contributor, "contributor"),
			checkDigest(offer.rowsRoot, "rowsRoot"),
			checkCount(offer.rowCount, "rowCount"),
			checkDigest(offer.salt, "salt"),
		]),
	);
}

/** What somebody who disputes a decision puts down besides the jurors' fees; rounded down. */
export function disputeBond(stakeWei: bigint, bondPpm: bigint): bigint {
	return (stakeWei * bondPpm) / PPM;
}

/** Who was right in the end; nobody where the jury said nothing. */
export type DisputeRight = "nobody" | "appellant" | "defender";

export type DisputeDeposits = {
	/** What the jury costs; each side put it down. */
	readonly feesWei: bigint;
	/** What the appellant put down besides. */
	readonly bondWei: bigint;
	/** Of the fees, by a jury that had nobody to pay. */
	readonly returnedWei: bigint;
	readonly right: DisputeRight;
};

/** What each gets: the loser pays the jury; without a verdict each half, the odd wei the appellant's. Throws `protocol/bad-number`. */
export function divideDeposits({ feesWei, bondWei, returnedWei, right }: DisputeDeposits): {
	readonly appellantWei: bigint;
	readonly defenderPaysWei: bigint;
	/** Of the bond; a part of it is the defender's. */
	readonly forfeitWei: bigint;
} {
	if (feesWei < 0n || bondWei < 0n || returnedWei < 0n || returnedWei > feesWei) {
		throw new CallerError("deposits must not be negative, and a jury gives back at most its fees", {
			code: "protocol/bad-number",
		});
	}
	const paidWei = feesWei - returnedWei;
	const appellantPaysWei = { nobody: paidWei - paidWei / 2n, appellant: 0n, defender: paidWei }[right];
	const forfeitWei = right === "defender" ? bondWei : 0n;
	return {
		appellantWei: feesWei - appellantPaysWei + bondWei - forfeitWei,
		defenderPaysWei: paidWei - appellantPaysWei,
		forfeitWei,
	};
}
