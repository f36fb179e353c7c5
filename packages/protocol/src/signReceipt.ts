// EIP-712 signatures over receipts: the serving node stands by an answer. It must not hold keys.
import { type Address, type Hex, type LocalAccount, recoverTypedDataAddress, type TypedDataDefinition } from "viem";
import { CallerError } from "./errors.js";
import { checkReceipt, RECEIPT_FIELDS, type Receipt } from "./receipt.js";

const SIGNATURE = /^0x[0-9a-fA-F]{128}(?:1b|1c)$/;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const TYPES = { Receipt: RECEIPT_FIELDS } as const;

/** The EIP-712 typed data of a receipt, in the domain of its chain and vault. */
export function receiptTypedData(receipt: Receipt): TypedDataDefinition<typeof TYPES, "Receipt"> {
	const message = checkReceipt(receipt);
	return {
		domain: {
			name: "OpenLedger Receipt",
			version: "1",
			chainId: message.chainId,
			verifyingContract: message.vault,
		},
		types: TYPES,
		primaryType: "Receipt",
		message,
	};
}

/** Signs with the node's account; 65 bytes r ‖ s ‖ v. */
export function signReceipt(account: LocalAccount, receipt: Receipt): Promise<Hex> {
	return account.signTypedData(receiptTypedData(receipt));
}

/** Who signed; throws `protocol/bad-signature` unless it is 65 bytes with low s and v 27 or 28. */
export async function recoverReceiptSigner(receipt: Receipt, signature: Hex): Promise<Address> {
	// The other half of s would be a second valid signature of the same receipt, as in OpenZeppelin's ECDSA.
	if (
		typeof signature !== "string" ||
		!SIGNATURE.test(signature) ||
		BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER
	) {
		throw badSignature();
	}
	const typedData = receiptTypedData(receipt);
	try {
		return await recoverTypedDataAddress({ ...typedData, signature });
	} catch (cause) {
		throw badSignature(cause);
	}
}

function badSignature(cause?: unknown): CallerError {
	return new CallerError("not a signature; it must be 65 bytes r ‖ s ‖ v, with s in the lower half and v 27 or 28", {
		code: "protocol/bad-signature",
		cause,
	});
}
