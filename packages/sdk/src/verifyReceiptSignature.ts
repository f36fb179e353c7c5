// Whether a receipt was signed by whom it should be. It must not talk to anybody.
import { type Address, CallerError, recoverReceiptSigner } from "@openledger/protocol";
import type { SignedReceipt } from "./fetchReceipt.js";

/**
 * Returns the signer's address. Throws `sdk/wrong-signer` unless it is `node`, the account the chain names as the node of
 * the receipt's model, and `protocol/bad-signature` if the signature is none.
 */
export async function verifyReceiptSignature(
	{ receipt, signature }: Pick<SignedReceipt, "receipt" | "signature">,
	node: Address,
): Promise<Address> {
	const signer = await recoverReceiptSigner(receipt, signature);
	if (signer.toLowerCase() === node.toLowerCase()) return signer;
	throw new CallerError(`the receipt is signed by ${signer}, not by ${node}; do not rely on it`, {
		code: "sdk/wrong-signer",
		details: { signer, node },
	});
}
