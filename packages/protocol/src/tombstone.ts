// A tombstone: the signed statement that a row's key was destroyed, so that nobody can read, train on or pay for it again.
// It says nothing of the row but its salted commitment, whose salt is gone too.
import type { Address, Hex, LocalAccount, TypedDataDefinition } from "viem";
import { checkAddress, checkAmount, checkCount, checkDigest } from "./checks.js";
import { CallerError } from "./errors.js";
import { recoverTypedSigner } from "./recoverTypedSigner.js";

/** What became of a row, and on whose word; `erasedAt` in Unix seconds, `reason` a short word such as `withdrawn`. */
export type Tombstone = {
	readonly chainId: bigint;
	/** The registry of datanets: the domain of the signature. */
	readonly registry: Address;
	readonly datanetId: Hex;
	readonly contributionId: Hex;
	readonly rowCommitment: Hex;
	/** The row's place in its contribution, from 0. */
	readonly row: number;
	readonly contributor: Address;
	readonly reason: string;
	readonly erasedAt: bigint;
};

const TYPES = {
	Tombstone: [
		{ name: "datanetId", type: "bytes32" },
		{ name: "contributionId", type: "bytes32" },
		{ name: "rowCommitment", type: "bytes32" },
		{ name: "row", type: "uint32" },
		{ name: "contributor", type: "address" },
		{ name: "reason", type: "string" },
		{ name: "erasedAt", type: "uint64" },
	],
} as const;
/** A word, not a story: what is written here can never be erased. */
const REASON = /^[a-z][a-z-]{0,39}$/;

/** The EIP-712 typed data, in the domain of chain and registry; throws `protocol/bad-…` naming the field. */
export function tombstoneTypedData(tombstone: Tombstone): TypedDataDefinition<typeof TYPES, "Tombstone"> {
	if (!REASON.test(tombstone.reason)) {
		throw new CallerError("reason is not a word; use 1 to 40 of a–z and hyphens, and no personal data", {
			code: "protocol/bad-reason",
		});
	}
	return {
		domain: {
			name: "OpenLedger Tombstone",
			version: "1",
			chainId: checkAmount(tombstone.chainId, "chainId"),
			verifyingContract: checkAddress(tombstone.registry, "registry"),
		},
		types: TYPES,
		primaryType: "Tombstone",
		message: {
			datanetId: checkDigest(tombstone.datanetId, "datanetId"),
			contributionId: checkDigest(tombstone.contributionId, "contributionId"),
			rowCommitment: checkDigest(tombstone.rowCommitment, "rowCommitment"),
			row: checkCount(tombstone.row, "row"),
			contributor: checkAddress(tombstone.contributor, "contributor"),
			reason: tombstone.reason,
			erasedAt: checkAmount(tombstone.erasedAt, "erasedAt", (1n << 64n) - 1n),
		},
	};
}

/** Signs with the account of the contributor, or of the owner who was ordered to erase. */
export function signTombstone(account: LocalAccount, tombstone: Tombstone): Promise<Hex> {
	return account.signTypedData(tombstoneTypedData(tombstone));
}

/** Who signed, in lower case; throws `protocol/bad-signature`. */
export function recoverTombstoneSigner(tombstone: Tombstone, signature: Hex): Promise<Address> {
	return recoverTypedSigner(tombstoneTypedData(tombstone) as TypedDataDefinition, signature);
}
