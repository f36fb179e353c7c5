// A receipt: everything that is needed to run an answer and its attribution again, as one record with one id.
// It must not know how an answer or a share is computed.
import { type Address, encodeAbiParameters, type Hex } from "viem";
import { concatBytes, hexToBytes, keccak256, utf8 } from "./bytes.js";
import { checkAddress, checkAmount, checkCount, checkDigest } from "./checks.js";
import { doubleHash, merkleRoot } from "./merkle.js";
import { PPM } from "./shares.js";

/** What one row earned of one answer. */
export type ShareLeaf = { readonly row: number; readonly contributor: Address; readonly sharePpm: number };

/** The record of one paid answer; digests are 32 bytes, `timestamp` is in Unix seconds. */
export type Receipt = {
	readonly chainId: bigint;
	readonly vault: Address;
	readonly paymentNonce: Hex;
	readonly payer: Address;
	readonly modelId: Hex;
	readonly adapterDigest: Hex;
	readonly baseDigest: Hex;
	readonly snapshotRoot: Hex;
	readonly featuresRoot: Hex;
	readonly engineId: Hex;
	readonly promptHash: Hex;
	readonly responseHash: Hex;
	readonly tokensIn: number;
	readonly tokensOut: number;
	readonly feeWei: bigint;
	readonly method: Hex;
	readonly sharesRoot: Hex;
	readonly timestamp: bigint;
	/** `queryDigest(…)` of the answer's own feature. */
	readonly queryDigest: Hex;
	/** `scoresRoot(…)` of the rows that count. */
	readonly scoresRoot: Hex;
};

/** The record's Solidity form, in order: the source of both its abi encoding and its EIP-712 type. */
export const RECEIPT_FIELDS = [
	{ name: "chainId", type: "uint256" },
	{ name: "vault", type: "address" },
	{ name: "paymentNonce", type: "bytes32" },
	{ name: "payer", type: "address" },
	{ name: "modelId", type: "bytes32" },
	{ name: "adapterDigest", type: "bytes32" },
	{ name: "baseDigest", type: "bytes32" },
	{ name: "snapshotRoot", type: "bytes32" },
	{ name: "featuresRoot", type: "bytes32" },
	{ name: "engineId", type: "bytes32" },
	{ name: "promptHash", type: "bytes32" },
	{ name: "responseHash", type: "bytes32" },
	{ name: "tokensIn", type: "uint32" },
	{ name: "tokensOut", type: "uint32" },
	{ name: "feeWei", type: "uint256" },
	{ name: "method", type: "bytes32" },
	{ name: "sharesRoot", type: "bytes32" },
	{ name: "timestamp", type: "uint64" },
	{ name: "queryDigest", type: "bytes32" },
	{ name: "scoresRoot", type: "bytes32" },
] as const;

const SHARE = [{ type: "uint256" }, { type: "address" }, { type: "uint256" }] as const;
const TEXT_TAG = utf8("openledger/text/v1");
const MAX_UINT64 = (1n << 64n) - 1n;

/** keccak256(abi.encode(all fields in order)); throws `protocol/bad-…` naming the field. */
export function receiptId(receipt: Receipt): Hex {
	const values = checkReceipt(receipt);
	const encoded = encodeAbiParameters(RECEIPT_FIELDS, RECEIPT_FIELDS.map((field) => values[field.name]) as never);
	return keccak256(hexToBytes(encoded));
}

/** Returns the receipt with exactly its fields, addresses in lower case; throws `protocol/bad-…` naming the field. */
export function checkReceipt(receipt: Receipt): Receipt {
	const checked: Record<string, unknown> = {};
	for (const { name, type } of RECEIPT_FIELDS) {
		const value = receipt[name];
		if (type === "bytes32") checked[name] = checkDigest(value as Hex, name);
		else if (type === "address") checked[name] = checkAddress(value as Address, name);
		else if (type === "uint32") checked[name] = checkCount(value as number, name);
		else checked[name] = checkAmount(value as bigint, name, type === "uint64" ? MAX_UINT64 : undefined);
	}
	return checked as Receipt;
}

/** keccak256(salt ‖ tag ‖ UTF-8 text): a text's hash that cannot be guessed without the 32-byte salt. */
export function saltedHash(text: string, salt: Hex): Hex {
	return keccak256(concatBytes(hexToBytes(checkDigest(salt, "salt")), TEXT_TAG, utf8(text)));
}

/** keccak256(keccak256(abi.encode(uint256 row, address contributor, uint256 sharePpm))). */
export function shareLeaf(share: ShareLeaf): Hex {
	return doubleHash(
		encodeAbiParameters(SHARE, [
			BigInt(checkCount(share.row, "row")),
			checkAddress(share.contributor, "contributor"),
			BigInt(checkCount(share.sharePpm, "sharePpm", PPM)),
		]),
	);
}

/** The Merkle root over the shares, in the given order. */
export function sharesRoot(shares: readonly ShareLeaf[]): Hex {
	return merkleRoot(shares.map(shareLeaf));
}
