// Who signed EIP-712 typed data. It must not know what the data says, nor hold keys.
import { type Address, type Hex, recoverTypedDataAddress, type TypedDataDefinition } from "viem";
import { CallerError } from "./errors.js";

const SIGNATURE = /^0x[0-9a-fA-F]{128}(?:1b|1c)$/;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** The signer in lower case; throws `protocol/bad-signature` unless it is 65 bytes with low s and v 27 or 28. */
export async function recoverTypedSigner(typedData: TypedDataDefinition, signature: Hex): Promise<Address> {
	// The other half of s would be a second valid signature of the same data, as in OpenZeppelin's ECDSA.
	const isForm = typeof signature === "string" && SIGNATURE.test(signature);
	if (!isForm || BigInt(`0x${signature.slice(66, 130)}`) > HALF_ORDER) throw badSignature();
	try {
		const signer = await recoverTypedDataAddress({ ...typedData, signature } as never);
		return signer.toLowerCase() as Address;
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
