// The node's signature under a span receipt. The inference receipt that the chain knows has no place for its digest, so it is a record
// of its own, bound to that receipt by id. It must not know what a span is.

import { type Address, type Hex, type LocalAccount, recoverTypedDataAddress, type TypedDataDefinition } from "viem";
import { checkAddress, checkDigest } from "./checks.js";
import { CallerError } from "./errors.js";

const TYPES = {
	SpanReceipt: [
		{ name: "receiptId", type: "bytes32" },
		{ name: "snapshotRoot", type: "bytes32" },
		{ name: "indexRoot", type: "bytes32" },
		{ name: "recordDigest", type: "bytes32" },
	],
} as const;

/** Where a span receipt is valid, what it belongs to, and the digest of its record. */
export type SignedSpans = {
	readonly chainId: bigint;
	readonly vault: Address;
	readonly receiptId: Hex;
	readonly snapshotRoot: Hex;
	readonly indexRoot: Hex;
	readonly recordDigest: Hex;
};

const SIGNATURE = /^0x[0-9a-f]{130}$/;

/** EIP-712 typed data, in the domain of its chain and vault; throws `protocol/bad-…` naming the field. */
export function spanReceiptTypedData(signed: SignedSpans): TypedDataDefinition<typeof TYPES, "SpanReceipt"> {
	const { chainId, vault } = signed;
	return {
		domain: {
			name: "OpenLedger Span Receipt",
			version: "1",
			chainId,
			verifyingContract: checkAddress(vault, "vault"),
		},
		types: TYPES,
		primaryType: "SpanReceipt",
		message: {
			receiptId: checkDigest(signed.receiptId, "receiptId"),
			snapshotRoot: checkDigest(signed.snapshotRoot, "snapshotRoot"),
			indexRoot: checkDigest(signed.indexRoot, "indexRoot"),
			recordDigest: checkDigest(signed.recordDigest, "recordDigest"),
		},
	};
}

/** 65 bytes r ‖ s ‖ v; the same for the same record. */
export function signSpanReceipt(account: LocalAccount, signed: SignedSpans): Promise<Hex> {
	return account.signTypedData(spanReceiptTypedData(signed));
}

/** Who signed; throws `protocol/bad-signature`. */
export async function recoverSpanReceiptSigner(signed: SignedSpans, signature: Hex): Promise<Address> {
	const typedData = spanReceiptTypedData(signed);
	try {
		if (!SIGNATURE.test(signature)) throw new RangeError("not 65 bytes");
		return await recoverTypedDataAddress({ ...typedData, signature });
	} catch (cause) {
		const message = "the span receipt's signature is none; it must be 65 bytes r ‖ s ‖ v in lower-case hex";
		throw new CallerError(message, { code: "protocol/bad-signature", cause });
	}
}
