// Reads a PAYMENT-SIGNATURE header into a checked authorisation. It must not know the chain or trust anything in it.
import type { Address, Hex } from "@openledger/protocol";
import { decodePaymentSignatureHeader } from "@x402/core/http";
import { isPaymentPayloadV2 } from "@x402/core/schemas";
import type { PaymentPayload } from "@x402/core/types";
import { encodeAbiParameters, getAddress, isAddress, isHex, keccak256, parseAbiParameters } from "viem";
import type { PaymentKey } from "./types.js";

export type SignedPayment = PaymentKey & {
	readonly payload: PaymentPayload;
	readonly to: Address;
	readonly amountWei: bigint;
	readonly validBefore: bigint;
	/** keccak256 over the authorisation and its signature. */
	readonly authorizationHash: Hex;
};

const MAX_HEADER = 8192;
const MAX_SIGNATURE = 2 + 2 * 1024;
const DECIMAL = /^(0|[1-9][0-9]{0,77})$/;
const FIELDS = parseAbiParameters("address, address, uint256, uint256, uint256, bytes32, bytes");

/** Reads the header; a string says what is wrong with it and what would be right. */
export function readPaymentHeader(header: string): SignedPayment | string {
	if (header.length > MAX_HEADER)
		return `the payment header has ${header.length} characters; at most ${MAX_HEADER} are read`;
	let payload: PaymentPayload;
	try {
		payload = decodePaymentSignatureHeader(header);
	} catch {
		return "the payment header is not base64 of JSON; let an x402 v2 client make it";
	}
	if (!isPaymentPayloadV2(payload))
		return "the payment is not x402 version 2; use a v2 client and the offer of the 402 answer";
	const { signature, authorization } = payload.payload as { signature?: unknown; authorization?: unknown };
	if (typeof authorization !== "object" || authorization === null) {
		return "the payment holds no ERC-3009 authorisation; pay by scheme exact with transferWithAuthorization";
	}
	const { from, to, value, validAfter, validBefore, nonce } = authorization as Record<string, unknown>;
	if (!isAddressText(from) || !isAddressText(to)) return "authorization.from and .to must be addresses";
	if (!isAmount(value) || !isAmount(validAfter) || !isAmount(validBefore)) {
		return "authorization.value, .validAfter and .validBefore must be decimal strings below 2^256";
	}
	if (!isHex(nonce) || nonce.length !== 66) return "authorization.nonce must be 32 bytes of hex";
	if (!isHex(signature) || signature.length % 2 !== 0 || signature.length > MAX_SIGNATURE) {
		return "the signature must be hex, 65 bytes for an ordinary account";
	}
	const amounts = [BigInt(value), BigInt(validAfter), BigInt(validBefore)] as const;
	return {
		payload,
		payer: getAddress(from),
		nonce: nonce.toLowerCase() as Hex,
		to: getAddress(to),
		amountWei: amounts[0],
		validBefore: amounts[2],
		authorizationHash: keccak256(encodeAbiParameters(FIELDS, [from, to, ...amounts, nonce, signature])),
	};
}

function isAddressText(value: unknown): value is Address {
	return typeof value === "string" && isAddress(value, { strict: false });
}

function isAmount(value: unknown): value is string {
	return typeof value === "string" && DECIMAL.test(value) && BigInt(value) < 2n ** 256n;
}
