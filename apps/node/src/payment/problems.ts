// Everything that can be wrong with a payment: a stable code, what was wrong and what would be right.
// It must not know how it was found out.
import type { Hex } from "@openledger/protocol";
import type { PaymentAnswer, PaymentProblem } from "./types.js";

export function problem(code: string, message: string, transaction?: Hex): PaymentProblem {
	return { code: `payment/${code}`, message, type: "payment_error", ...(transaction && { transaction }) };
}

/** An answer that asks for no new payment. */
export function answer(status: number, error: PaymentProblem, headers: Record<string, string> = {}): PaymentAnswer {
	return { status, headers: { "Cache-Control": "no-store", ...headers }, body: { error } };
}

/** Money may be under way: the payer must repeat the same header, never sign a new one. */
export function pending(transaction?: Hex): PaymentAnswer {
	const message =
		"the payment was sent, but is not in a block yet; repeat this request with the same PAYMENT-SIGNATURE, do not sign a new one";
	return answer(503, problem("pending", message, transaction), { "Retry-After": "1" });
}

/** What the x402 library's reasons mean here; anything else is `refused`. */
const REASONS: Readonly<Record<string, readonly [code: string, message: string]>> = {
	invalid_exact_evm_signature: [
		"forged",
		"the signature is not the payer's over these values; sign exactly the authorisation sent, for this chain and token",
	],
	invalid_exact_evm_payload_authorization_valid_before: [
		"expired",
		"the authorisation has expired, or will within seconds; sign a new one valid for some minutes",
	],
	invalid_exact_evm_payload_authorization_valid_after: [
		"not-yet-valid",
		"the authorisation is not valid yet; sign one whose validAfter has passed, and check this machine's clock",
	],
	eip6492_factory_not_allowed: ["undeployed-wallet", "the payer's contract wallet is not deployed; deploy it first"],
};

const CONTRACT_ERRORS: Readonly<Record<string, string>> = {
	ERC20InsufficientBalance: "insufficient-balance",
	ERC3009UsedAuthorization: "already-used",
	ERC3009InvalidAuthorizationTime: "expired",
	ERC3009InvalidSignature: "forged",
};

/** The problem behind a refusal of the x402 library. */
export function problemOfReason(reason: string): PaymentProblem {
	const [code, message] = REASONS[reason] ?? [
		"refused",
		`the payment would fail (${reason}); check its values and sign again`,
	];
	return problem(code, message);
}

/** The problem behind a refusal of the token; `message` is the contract error's, which says what would be right. */
export function problemOfContractError(errorName: string, message: string): PaymentProblem {
	return problem(CONTRACT_ERRORS[errorName] ?? "refused", message);
}
